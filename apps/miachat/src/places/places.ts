import { type Log, minutes } from '@miachat/auth'
import { type GeoFile, openGeoFile } from './geo-file.ts'

/** Such a file takes 60 to 120 MB of memory; people look at their devices seldom. */
const KEPT_FOR = minutes(10)

/**
 * About where an address is, by the operator's own file: nothing is asked of anybody. The file is read at the first question
 * and forgotten ten minutes later, so that a new one in its place is found. One that cannot be read knows no place.
 */
export function createPlaces(path: string, log: Log): (address: string) => Promise<string | null> {
  let kept: Promise<GeoFile | null> | null = null

  function file(): Promise<GeoFile | null> {
    if (kept) return kept
    kept = openGeoFile(path).catch((error: unknown) => {
      log('warn', 'places_unreadable', { cause: String(error) })
      return null
    })
    setTimeout(() => {
      kept = null
    }, KEPT_FOR).unref()
    return kept
  }

  return async (address) => (await file())?.placeOf(address) ?? null
}

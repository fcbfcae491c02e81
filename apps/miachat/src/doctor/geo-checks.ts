import { days } from '@miachat/auth'
import type { Config } from '../config.ts'
import { openGeoFile } from '../places/geo-file.ts'
import { type Finding, ok, problem, warning } from './finding.ts'

/** Addresses change hands: after this time a file is often wrong. */
const OLD = days(90)

/** Whether the file of places can be read, and how old it is. Nothing where none is set. */
export async function geoChecks({ geoDatabase }: Pick<Config, 'geoDatabase'>, now: number): Promise<Finding[]> {
  if (geoDatabase === null) return []
  try {
    const { kind, builtAt } = await openGeoFile(geoDatabase)
    const made = `${kind}, made on ${new Date(builtAt).toISOString().slice(0, 10)}`
    return now - builtAt > OLD
      ? [
          warning(
            'places',
            `GEO_DATABASE is ${made}: older than 90 days, so many places are wrong. Put a newer file there.`,
          ),
        ]
      : [ok('places', `GEO_DATABASE is ${made}.`)]
  } catch {
    return [problem('places', `GEO_DATABASE: ${geoDatabase} cannot be read as a MaxMind DB file (.mmdb).`)]
  }
}

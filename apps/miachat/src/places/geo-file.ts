import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import type { CityResponse } from 'mmdb-lib'
import { z } from 'zod'

/** The longest name of a place that a page shows. */
const LONGEST = 80

const named = z.object({ names: z.object({ en: z.string() }) })
const entryShape = z.object({ city: named.optional().catch(undefined), country: named.optional().catch(undefined) })

/** A file in the format of MaxMind DB, read whole: GeoLite2 City, DB-IP City Lite and their like. */
export interface GeoFile {
  /** "GeoLite2-City". */
  readonly kind: string
  /** When it was made, in milliseconds since 1970. */
  readonly builtAt: number
  /** "Berlin, Germany", "Germany", or null where the file knows nothing. Also of a network, `203.0.113.0/24`. */
  readonly placeOf: (address: string) => string | null
}

/** Reads the file. Throws an Error for one that is not there or is of another format. */
export async function openGeoFile(path: string): Promise<GeoFile> {
  // Only where an operator has set one: nobody else pays for the library.
  const [{ Reader }, bytes] = await Promise.all([import('mmdb-lib'), readFile(path)])
  const reader = new Reader<CityResponse>(bytes)
  return {
    kind: reader.metadata.databaseType,
    builtAt: reader.metadata.buildEpoch.getTime(),
    placeOf(text) {
      const [address = ''] = text.split('/')
      if (isIP(address) === 0) return null
      const entry = entryShape.safeParse(reader.get(address))
      if (!entry.success) return null
      const { city, country } = entry.data
      const names = [city?.names.en, country?.names.en].map(plain).filter((name) => name !== '')
      return names.length > 0 ? names.join(', ').slice(0, LONGEST) : null
    },
  }
}

/** The file is not ours: no line ends, no marks that turn text around. */
const plain = (name: string | undefined): string => (name ?? '').replace(/\p{C}/gu, '').trim()

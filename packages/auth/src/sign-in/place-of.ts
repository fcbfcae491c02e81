import type { Log } from '../lib/log.ts'

/** What the host says of places, so that a page does without it rather than fail. */
export function createPlaceOf(
  ask: ((address: string) => string | null | Promise<string | null>) | undefined,
  log: Log,
): (address: string) => Promise<string | null> {
  return async (address) => {
    try {
      return (await ask?.(address)) ?? null
    } catch (error) {
      log('error', 'place_failed', { cause: String(error) })
      return null
    }
  }
}

/** The places of some addresses, each asked once; none for those that nobody knows. */
export async function placesOf(
  placeOf: (address: string) => Promise<string | null>,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(
    [...new Set(addresses)].map(async (address) => [address, await placeOf(address)] as const),
  )
  return new Map(found.flatMap(([address, place]) => (place === null ? [] : [[address, place]])))
}

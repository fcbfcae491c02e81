import { type AuthTables, type Connection, isoTime, type KeyRing, tables } from '@miachat/auth'
import { createServerKeysStore, type ServerKey } from './server-keys-store.ts'
import { StopWithSentence } from './stop-with-sentence.ts'

/** The keys that are still needed and not among those given: without them tokens that were given out would end. */
export function missingKeys(known: readonly ServerKey[], given: KeyRing, now: number): ServerKey[] {
  const ids = new Set(given.all.map((key) => key.id))
  return known.filter((key) => !ids.has(key.id) && (key.neededUntil === null || key.neededUntil > now || key.seals))
}

/**
 * Records with which key this database is used, and stops a start that lacks one which is still needed (SEC-03): a key
 * left out by mistake would sign programs out without a word.
 */
export async function checkServerKeys(
  connection: Connection,
  given: KeyRing,
  now: number,
  accessLifetime: number,
): Promise<void> {
  const store = createServerKeysStore(tables<AuthTables>(connection))
  const known = await store.list()
  const missing = missingKeys(known, given, now)
  if (missing.length > 0) throw new StopWithSentence(missingSentence(missing, given))
  const current = known.find((key) => key.neededUntil === null)
  if (current?.id !== given.current.id) await store.makeCurrent(given.current.id, now, now + accessLifetime)
}

function missingSentence(missing: readonly ServerKey[], given: KeyRing): string {
  const ids = missing.map((key) => key.id).join(', ')
  const until = missing.every((key) => key.neededUntil !== null && !key.seals)
    ? ` It can go after ${isoTime(Math.max(...missing.map((key) => key.neededUntil ?? 0)))}.`
    : ''
  return (
    `This database is used with another key (${ids}) than the one given now (${given.current.id}). Put the former key ` +
    `back: as SECRET_KEY=new,former, or as a line below the new one in the key file.${until} If it is lost, run ` +
    '"miachat keys rotate --lost": programs that use access tokens then get new ones, nobody loses an account.'
  )
}

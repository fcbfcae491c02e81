import { canonical, noAddress } from './account-names.ts'
import { type ImportDecision, sourceKey } from './imported-person.ts'
import type { KnownAccounts, PlannedPerson } from './plan-import.ts'

/** Bytes. An index of PostgreSQL takes 2704; no name or address that a person typed is as long as this. */
const LONGEST_TEXT = 1000

/** Every name once: those that an account here has, or that are missing, are changed. */
export function giveNames(people: readonly PlannedPerson[], known: KnownAccounts): void {
  const here = new Set(known.users.map((user) => user.username))
  const taken = takenNames(people, known)
  const given = new Set<string>()
  for (const person of people) {
    const { username } = person
    if (Buffer.byteLength(username) > LONGEST_TEXT) rename(person, taken, 'name_too_long')
    else if (username.trim() === '') rename(person, taken, 'name_made_up')
    else if (here.has(username) || given.has(username)) rename(person, taken, 'name_numbered')
    given.add(person.username)
  }
}

/** Spellings and forms that a made-up name must not meet. */
export const takenNames = (people: readonly PlannedPerson[], known: KnownAccounts): Set<string> =>
  new Set([
    ...known.users.flatMap((user) => [user.username, user.username_key]),
    ...people.flatMap(({ username }) => [username, canonical(username.trim())]),
  ])

/** Gives a name that nobody has, made of the source's number. */
export function rename(
  person: PlannedPerson,
  taken: Set<string>,
  decision: 'name_made_up' | 'name_numbered' | 'name_too_long',
): void {
  const { sourceId } = person.source
  const start = decision === 'name_too_long' ? [...person.username.trim()].slice(0, 20).join('') : person.username
  const base = decision === 'name_made_up' ? 'imported' : start.trim()
  let name = `${base}-${sourceId}`
  for (let n = 2; taken.has(name) || taken.has(canonical(name)); n++) name = `${base}-${sourceId}-${n}`
  taken.add(name).add(canonical(name))
  person.username = name
  person.decisions.add(decision)
}

/** An address belongs to the account here that has it: whoever is imported with the same one has none. */
export function giveAddresses(people: readonly PlannedPerson[], known: KnownAccounts): void {
  const taken = new Set(known.users.map((user) => user.email))
  for (const person of people) {
    const problem = addressProblem(person.email, taken)
    if (problem) {
      person.decisions.add(problem)
      person.email = noAddress(sourceKey(person.source).toString('hex').slice(0, 24))
    }
    taken.add(person.email)
  }
}

function addressProblem(email: string, taken: ReadonlySet<string>): ImportDecision | null {
  if (email.trim() === '') return 'address_missing'
  if (Buffer.byteLength(email) > LONGEST_TEXT) return 'address_too_long'
  return taken.has(email) ? 'address_taken' : null
}

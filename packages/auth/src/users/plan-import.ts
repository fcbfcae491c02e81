import { parseStoredHash } from '../passwords/password-formats.ts'
import { canonical, checkEmail, checkUsername, shownEmail, untypableKey } from './account-names.ts'
import { findAccount } from './find-account.ts'
import { giveAddresses, giveNames, rename, takenNames } from './import-names.ts'
import { type ImportDecision, type PersonToImport, sourceKey } from './imported-person.ts'

/** What is already in the database. */
export interface KnownAccounts {
  readonly users: readonly {
    readonly id: number
    readonly username: string
    readonly email: string
    readonly username_key: string
    readonly email_key: string
  }[]
  /** The largest id that was ever given here, also to accounts that are gone: an id is never given twice (O7). */
  readonly newestId: number
  /** Rows of earlier imports: the id here by the source key in hex. */
  readonly imported: ReadonlyMap<string, number>
}

/** A row on its way: what will be stored, and why. */
export interface PlannedPerson {
  readonly source: PersonToImport
  /** In an earlier import: the id here. */
  readonly before: number | null
  /** The id to keep; null for a new one. */
  keptId: number | null
  username: string
  email: string
  /** The canonical form; null for a key that cannot be typed. */
  usernameKey: string | null
  emailKey: string | null
  readonly passwordHash: string | null
  readonly createdAt: string | null
  readonly lastLogin: string | null
  readonly isActive: boolean
  readonly decisions: Set<ImportDecision>
  signsInWith: readonly string[]
}

/** Beyond this an id is kept no longer: one huge number in the source would leave none for those who come after. */
const LARGEST_KEPT_ID = 1_000_000_000
const SEED_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?$/

/** Decides about every row, without touching anything. The order of the rows does not matter. */
export async function planImport(people: readonly PersonToImport[], known: KnownAccounts): Promise<PlannedPerson[]> {
  const plan = people.map((source) => planned(source, known))
  const fresh = plan.filter((person) => person.before === null).toSorted(bySourceId)
  keepIds(fresh, known)
  giveNames(fresh, known)
  giveAddresses(fresh, known)
  claim(fresh, known)
  await tellWhatToType(fresh, known)
  return plan
}

function planned(source: PersonToImport, known: KnownAccounts): PlannedPerson {
  const decisions = new Set<ImportDecision>()
  const text = (value: string): string => {
    // PostgreSQL holds neither NUL nor half characters in a text.
    const clean = value.replaceAll('\0', '\uFFFD').toWellFormed()
    if (clean !== value) decisions.add('characters_replaced')
    return clean
  }
  const time = (value: string | null, otherwise: ImportDecision): string | null => {
    if (value !== null && SEED_TIME.test(value) && !Number.isNaN(Date.parse(`${value.replace(' ', 'T')}Z`)))
      return value
    decisions.add(otherwise)
    return null
  }
  const passwordHash = source.passwordHash ? text(source.passwordHash) : null
  if (passwordHash === null) decisions.add('password_missing')
  else if (!parseStoredHash(passwordHash)) decisions.add('hash_unknown')
  if (source.isActive === null) decisions.add('active_unknown')
  return {
    source,
    before: known.imported.get(sourceKey(source).toString('hex')) ?? null,
    keptId: null,
    username: text(source.username ?? ''),
    email: text(source.email ?? ''),
    usernameKey: null,
    emailKey: null,
    passwordHash,
    createdAt: time(source.createdAt, 'created_unknown'),
    lastLogin: source.lastLogin === null ? null : time(source.lastLogin, 'last_login_unreadable'),
    isActive: source.isActive ?? false,
    decisions,
    signsInWith: [],
  }
}

function keepIds(people: readonly PlannedPerson[], known: KnownAccounts): void {
  for (const person of people) {
    const id = Number(person.source.sourceId)
    if (Number.isInteger(id) && id > known.newestId && id <= LARGEST_KEPT_ID) person.keptId = id
    else person.decisions.add('id_taken')
  }
}

/** The canonical forms go to those who spell them so, then to those without blanks around them, then by age. */
function claim(people: readonly PlannedPerson[], known: KnownAccounts): void {
  const names = new Map<string, PlannedPerson | null>(known.users.map((user) => [user.username_key, null]))
  const addresses = new Map<string, PlannedPerson | null>(known.users.map((user) => [user.email_key, null]))
  for (const { person, form } of inOrder(people, ({ username }) => username)) {
    judgeName(person)
    // A name with an `@` would be taken for an address: it is found by its exact spelling only, after all addresses.
    if (form === null || form.includes('@')) continue
    if (names.has(form)) {
      person.decisions.add('name_has_a_twin')
      names.get(form)?.decisions.add('name_leads_twins')
    } else {
      person.usernameKey = form
      names.set(form, person)
    }
  }
  for (const { person, form } of inOrder(people, ({ email }) => email)) {
    judgeAddress(person)
    if (form === null || !form.includes('@')) continue
    if (addresses.has(form)) {
      person.decisions.add('address_has_a_twin')
      addresses.get(form)?.decisions.add('address_leads_twins')
    } else {
      person.emailKey = form
      addresses.set(form, person)
    }
  }
}

function inOrder(people: readonly PlannedPerson[], spelling: (person: PlannedPerson) => string) {
  const rank = (text: string): number => (text !== text.trim() ? 2 : text === canonical(text) ? 0 : 1)
  return people
    .map((person) => ({ person, rank: rank(spelling(person)), form: typableForm(spelling(person)) }))
    .toSorted((a, b) => a.rank - b.rank || bySourceId(a.person, b.person))
}

function bySourceId(a: PlannedPerson, b: PlannedPerson): number {
  const [one, other] = [a.source.sourceId, b.source.sourceId]
  return one.length - other.length || (one < other ? -1 : 1)
}

/**
 * The form to keep for a spelling, or null where it must not be typable: a name of other characters that NFKC turns into a
 * plain one would take that from whoever has it by right (CVE-2019-19844).
 */
function typableForm(spelling: string): string | null {
  const trimmed = spelling.trim()
  const form = canonical(trimmed)
  if (form === '' || form.startsWith('#')) return null
  return trimmed.normalize('NFC').toLowerCase() === form ? form : null
}

function judgeName({ username, decisions }: PlannedPerson): void {
  if (username !== username.trim()) decisions.add('name_has_blanks_around')
  const problem = checkUsername(username.trim())
  if (username.includes('@')) decisions.add('name_is_an_address')
  else if (problem?.code === 'username_reserved') decisions.add('name_is_reserved')
  else if (problem) decisions.add('name_is_odd')
}

function judgeAddress({ email, decisions }: PlannedPerson): void {
  if (shownEmail(email) === null) return
  if (email !== email.trim()) decisions.add('address_has_blanks_around')
  if (checkEmail(email.trim())) decisions.add('address_is_none')
}

/** Plays the sign-in through for each person; who could be reached by nothing gets a name that works. */
async function tellWhatToType(people: readonly PlannedPerson[], known: KnownAccounts): Promise<void> {
  const index = createIndex(people, known)
  const taken = takenNames(people, known)
  for (const person of people) {
    await look(person)
    if (person.signsInWith.length > 0) continue
    rename(person, taken, 'name_made_up')
    person.usernameKey = canonical(person.username)
    index.add(person)
    await look(person)
  }

  async function look(person: PlannedPerson): Promise<void> {
    const { username } = person
    const email = shownEmail(person.email)
    const words = [username.trim(), username, ...(email === null ? [] : [email.trim(), email])]
    const works: string[] = []
    for (const word of new Set(words)) if ((await findAccount(index.finders, word)) === person) works.push(word)
    // A name that works only when it is spelled exactly comes after an address that always works.
    const easy = (word: string): boolean => {
      const form = canonical(word)
      return word === word.trim() && (form === person.usernameKey || form === person.emailKey)
    }
    person.signsInWith = [...works.filter(easy), ...works.filter((word) => !easy(word))]
  }
}

/** The look-ups of a sign-in over what the database will hold. */
function createIndex(people: readonly PlannedPerson[], known: KnownAccounts) {
  type Found = PlannedPerson | 'known'
  const usernames = new Map<string, Found>()
  const emails = new Map<string, Found>()
  const usernameKeys = new Map<string, Found>()
  const emailKeys = new Map<string, Found>()
  for (const user of known.users) {
    usernames.set(user.username, 'known')
    emails.set(user.email, 'known')
    usernameKeys.set(user.username_key, 'known')
    emailKeys.set(user.email_key, 'known')
  }
  function add(person: PlannedPerson): void {
    usernames.set(person.username, person)
    emails.set(person.email, person)
    if (person.usernameKey !== null) usernameKeys.set(person.usernameKey, person)
    if (person.emailKey !== null) emailKeys.set(person.emailKey, person)
  }
  for (const person of people) add(person)
  return {
    add,
    finders: {
      findByUsername: async (value: string): Promise<Found | undefined> => usernames.get(value),
      findByEmail: async (value: string): Promise<Found | undefined> => emails.get(value),
      findByUsernameKey: async (value: string): Promise<Found | undefined> => usernameKeys.get(value),
      findByEmailKey: async (value: string): Promise<Found | undefined> => emailKeys.get(value),
    },
  }
}

/** The key of a row whose form is not its own. */
export const importedKey = (form: string | null, id: number): string => form ?? untypableKey(id)

import type { Kysely } from 'kysely'
import type { Audit } from '../audit/audit.ts'
import { authMigrations } from '../db/auth-migrations.ts'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Connection, DatabaseKind } from '../db/connection.ts'
import { migrationState } from '../db/migrate.ts'
import { tables } from '../db/tables.ts'
import type { Clock } from '../lib/clock.ts'
import type { Client } from '../lib/log.ts'
import { NO_PASSWORD } from '../passwords/hasher.ts'
import type { AccountChanges } from './account-changes.ts'
import { shownEmail } from './account-names.ts'
import { countOnFromNewest, insertImported, knownAccounts, lockUsers } from './import-store.ts'
import { type PersonImported, type PersonToImport, sourceKey } from './imported-person.ts'
import { type PlannedPerson, planImport } from './plan-import.ts'
import { seedTime } from './user.ts'

export interface ImportDeps {
  readonly kind: DatabaseKind
  readonly changes: AccountChanges
  readonly audit: Audit
  readonly clock: Clock
}

/**
 * Takes people of another program over, all or none: in one transaction, beside a running server. Nobody here is changed
 * by it, and rows of an earlier import are left alone. Throws `store_unavailable`.
 */
export async function importPeople(
  deps: ImportDeps,
  people: readonly PersonToImport[],
  by: { client: Client; actor: string },
): Promise<PersonImported[]> {
  const { kind, changes, audit, clock } = deps
  return changes.transaction(async (trx, changed) => {
    await lockUsers(trx, kind)
    const known = await knownAccounts(trx, kind)
    const plan = await planImport(people, known)
    const ids = new Map<PlannedPerson, number>()
    // Ids that are kept come first, so that no new one is given out before them.
    const [kept, others] = [plan.filter(isKept), plan.filter((person) => person.before === null && !isKept(person))]
    if (kept.length + others.length === 0) return plan.map((person) => resultOf(person, ids))
    for (const person of kept) ids.set(person, await insert(trx, person))
    await countOnFromNewest(trx, kind, known.newestId)
    for (const person of others) ids.set(person, await insert(trx, person))
    for (const id of ids.values()) changed(id)
    return plan.map((person) => resultOf(person, ids))
  })

  function isKept(person: PlannedPerson): boolean {
    return person.before === null && person.keptId !== null
  }

  async function insert(trx: Kysely<AuthTables>, person: PlannedPerson): Promise<number> {
    const now = clock()
    const userId = await insertImported(trx, person, {
      sourceKey: sourceKey(person.source),
      passwordHash: person.passwordHash ?? NO_PASSWORD,
      createdAt: person.createdAt ?? seedTime(now),
      at: now,
    })
    const { sourceId, username, email } = person.source
    const detail = {
      source_id: sourceId,
      ...(person.username === username ? {} : { username: username ?? '' }),
      ...(person.email === email ? {} : { email: email ?? '' }),
    }
    await audit.record(trx, { event: 'account_imported', result: 'ok', userId, actor: by.actor, detail }, by.client)
    return userId
  }
}

/** What `importPeople` would do, without writing anything. Null stands for a database that does not exist yet. */
export async function previewImport(
  connection: Connection | null,
  people: readonly PersonToImport[],
): Promise<PersonImported[]> {
  const nothing = { users: [], newestId: 0, imported: new Map<string, number>() }
  const empty = connection === null || !(await hasUsers(connection))
  const known = empty ? nothing : await knownAccounts(tables<AuthTables>(connection).read, connection.kind)
  return (await planImport(people, known)).map((person) => resultOf(person, new Map()))
}

async function hasUsers(connection: Connection): Promise<boolean> {
  const { pending } = await migrationState(connection, [authMigrations])
  return !pending.some(({ number }) => number === 1)
}

function resultOf(person: PlannedPerson, ids: ReadonlyMap<PlannedPerson, number>): PersonImported {
  return {
    source: person.source,
    outcome: person.before === null ? 'imported' : 'before',
    userId: person.before ?? ids.get(person) ?? person.keptId,
    username: person.username,
    email: shownEmail(person.email),
    isActive: person.isActive,
    decisions: person.before === null ? [...person.decisions] : [],
    signsInWith: person.signsInWith,
  }
}

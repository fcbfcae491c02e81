import type { ExpressionBuilder } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import { kysely } from '../db/query-builder.ts'
import type { Database } from '../db/tables.ts'
import { NO_PASSWORD } from '../passwords/hasher.ts'
import { canonical } from './account-names.ts'
import { type Role, seedTime, type User, userColumns, userOf } from './user.ts'

/** Which people an administrator wants to see. */
export interface PeopleWanted {
  /** Part of a name or address; '' for all. */
  readonly text: string
  readonly state: 'active' | 'waiting' | 'disabled' | null
  readonly role: Role | null
  /** Whether nobody signs in to the account by a password alone. */
  readonly secondFactor: boolean | null
  /** When the last sign-in was: since a time or before it, in milliseconds since 1970 (before it is never, too), or never. */
  readonly seen: { readonly since: number } | { readonly before: number } | 'never' | null
  readonly sort: PeopleSort
  /** Where the page before ended, as `page` has answered it. */
  readonly after: string | null
}

/** The newest account first, by user name, or the last sign-in first. */
export const peopleSorts = ['newest', 'name', 'seen'] as const
export type PeopleSort = (typeof peopleSorts)[number]

/** A person as administrators see one: nothing secret, and nothing of what the person writes. */
export interface PersonListed {
  readonly user: User
  readonly isActive: boolean
  /** When an account is deleted that is closed, in milliseconds since 1970. */
  readonly deletesAt: number | null
  /** Since when the account waits for approval, in milliseconds since 1970. */
  readonly waitsSince: number | null
  /** Nobody signs in by the password alone. */
  readonly hasSecondFactor: boolean
  readonly hasAuthenticator: boolean
}

export interface PeoplePage {
  readonly people: readonly PersonListed[]
  /** What the page after this one takes, or null where there is none. */
  readonly next: string | null
}

/** What decides whether a passkey does for the second step. */
interface PasskeyRules {
  /** The host name under which passkeys work, or null where none do. */
  readonly rpId: string | null
  /** Of whom a second step is demanded by the server's settings (M8). */
  readonly demanded: readonly Role[]
}

const peopleQuery = (db: Database<AuthTables>, rules: PasskeyRules) =>
  db.read
    .selectFrom('users')
    .select([...userColumns, 'users.is_active', 'users.username_key', 'users.deletes_at', 'users.waits_since'])
    .select((eb) => [
      withSecondFactor(eb, rules).as('has_second_factor'),
      withAuthenticator(eb).as('has_authenticator'),
    ])

const withAuthenticator = (eb: ExpressionBuilder<AuthTables, 'users'>) =>
  eb.exists(
    eb
      .selectFrom('authenticators as a')
      .select('a.id')
      .whereRef('a.user_id', '=', 'users.id')
      .where('a.confirmed_at', 'is not', null),
  )

/** Whether nobody signs in by a password alone: `hasSecondFactor` in `sign-in/ways-in.ts`, over many people at once. */
function withSecondFactor(eb: ExpressionBuilder<AuthTables, 'users'>, { rpId, demanded }: PasskeyRules) {
  const byAuthenticator = withAuthenticator(eb)
  if (rpId === null) return byAuthenticator
  const hasPasskey = eb.exists(
    eb
      .selectFrom('passkeys as p')
      .select('p.id')
      .whereRef('p.user_id', '=', 'users.id')
      .where('p.rp_id', '=', rpId)
      .where('p.kind', '<>', 'security_key'),
  )
  const isAsked = eb.or([
    eb('users.password_hash', '=', NO_PASSWORD),
    eb('users.factor_demanded_at', 'is not', null),
    ...(demanded.length > 0 ? [eb('users.role', 'in', demanded)] : []),
  ])
  return eb.or([byAuthenticator, eb.and([hasPasskey, isAsked])])
}

/** People for administrators. */
export function createPeopleStore(db: Database<AuthTables>, rules: PasskeyRules) {
  const people = () => peopleQuery(db, rules)

  /** Everybody whom the filters let through, in no order. */
  function matching({ text, state, role, secondFactor, seen }: PeopleWanted) {
    let query = people()
    if (text !== '') {
      const { sql } = kysely()
      const like = `%${canonical(text).replace(/[\\%_]/g, '\\$&')}%`
      query = query.where((eb) =>
        eb.or([
          sql<boolean>`users.username_key LIKE ${like} ESCAPE '\\'`,
          sql<boolean>`users.email_key LIKE ${like} ESCAPE '\\'`,
        ]),
      )
    }
    if (state !== null) {
      query = query
        .where('users.is_active', '=', state === 'active')
        .where('users.waits_since', state === 'waiting' ? 'is not' : 'is', null)
    }
    if (role !== null) query = query.where('users.role', '=', role)
    if (seen === 'never') query = query.where('users.last_login', 'is', null)
    else if (seen !== null && 'since' in seen) query = query.where('users.last_login', '>=', seedTime(seen.since))
    else if (seen !== null) {
      const before = seedTime(seen.before)
      query = query.where((eb) => eb.or([eb('users.last_login', '<', before), eb('users.last_login', 'is', null)]))
    }
    if (secondFactor !== null) {
      query = query.where((eb) => {
        const has = withSecondFactor(eb, rules)
        return secondFactor ? has : eb.not(has)
      })
    }
    return query
  }

  /** The rows of a page, in an order that an index carries from the place on. */
  const sorted: Readonly<Record<PeopleSort, (wanted: PeopleWanted, most: number) => Promise<Row[]>>> = {
    newest(wanted, most) {
      const id = numberIn(wanted.after)
      return matching(wanted)
        .$if(id !== null, (query) => query.where('users.id', '<', id))
        .orderBy('users.id', 'desc')
        .limit(most)
        .execute()
    },

    name: (wanted, most) =>
      matching(wanted)
        .$if(wanted.after !== null, (query) => query.where('users.username_key', '>', wanted.after))
        .orderBy('users.username_key')
        .limit(most)
        .execute(),

    // Two stretches of the index: the two databases put rows without a time at different ends.
    async seen(wanted, most) {
      const place = seenPlace(wanted.after)
      const rows =
        place?.login === null
          ? []
          : await matching(wanted)
              .where('users.last_login', 'is not', null)
              .$if(place !== null, (query) =>
                query.where((eb) =>
                  eb(eb.refTuple('users.last_login', 'users.id'), '<', eb.tuple(place?.login ?? '', place?.id ?? 0)),
                ),
              )
              .orderBy('users.last_login', 'desc')
              .orderBy('users.id', 'desc')
              .limit(most)
              .execute()
      if (rows.length === most) return rows
      const never = await matching(wanted)
        .where('users.last_login', 'is', null)
        .$if(place?.login === null, (query) => query.where('users.id', '<', place?.id ?? 0))
        .orderBy('users.id', 'desc')
        .limit(most - rows.length)
        .execute()
      return [...rows, ...never]
    },
  }

  return {
    /** A page of the people who are wanted. A place that is none begins anew. */
    async page(wanted: PeopleWanted, most: number): Promise<PeoplePage> {
      // One more than is shown tells whether there are others.
      const rows = await sorted[wanted.sort](wanted, most + 1)
      const shown = rows.slice(0, most)
      const last = rows.length > most ? shown.at(-1) : undefined
      return { people: shown.map(personOf), next: last ? placeOf(last, wanted.sort) : null }
    },

    /** How many administrators can act. */
    async admins(): Promise<number> {
      const { n } = await db.read
        .selectFrom('users')
        .select((eb) => eb.fn.countAll<number | string>().as('n'))
        .where('role', '=', 'admin')
        .where('is_active', '=', true)
        .executeTakeFirstOrThrow()
      return Number(n)
    },

    /** How many accounts wait for approval. */
    async waiting(): Promise<number> {
      const { n } = await db.read
        .selectFrom('users')
        .select((eb) => eb.fn.countAll<number | string>().as('n'))
        .where('waits_since', 'is not', null)
        .executeTakeFirstOrThrow()
      return Number(n)
    },

    async find(id: number): Promise<PersonListed | null> {
      const row = await people().where('users.id', '=', id).executeTakeFirst()
      return row ? personOf(row) : null
    },
  }
}

type Row = Awaited<ReturnType<ReturnType<typeof peopleQuery>['execute']>>[number]

const personOf = (row: Row): PersonListed => ({
  user: userOf(row),
  isActive: Boolean(row.is_active),
  deletesAt: row.deletes_at,
  waitsSince: row.waits_since,
  hasSecondFactor: Boolean(row.has_second_factor),
  hasAuthenticator: Boolean(row.has_authenticator),
})

const numberIn = (text: string | null): number | null =>
  text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null

function placeOf(row: Row, sort: PeopleSort): string {
  if (sort === 'name') return row.username_key
  return sort === 'newest' ? String(row.id) : `${row.last_login ?? ''}|${row.id}`
}

/** Where a page ended in the order of the last sign-in; a time that is none would be a fault of the database. */
function seenPlace(text: string | null): { login: string | null; id: number } | null {
  const [, login = '', id = ''] = /^([\d-]{10} [\d:]{8}(?:\.\d{1,6})?|)\|(\d{1,15})$/.exec(text ?? '') ?? []
  if (id === '') return null
  if (login === '') return { login: null, id: Number(id) }
  const time = new Date(`${login.slice(0, 19).replace(' ', 'T')}Z`)
  if (Number.isNaN(time.getTime()) || seedTime(time.getTime()).slice(0, 19) !== login.slice(0, 19)) return null
  return { login, id: Number(id) }
}

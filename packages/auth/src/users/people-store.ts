import { sql } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'
import { canonical } from './account-names.ts'
import { type Role, type User, userColumns, userOf } from './user.ts'

/** Which people an administrator wants to see. */
export interface PeopleWanted {
  /** Part of a name or address; '' for all. */
  readonly text: string
  readonly state: 'active' | 'disabled' | null
  readonly role: Role | null
  /** Whether a second factor is set up. */
  readonly secondFactor: boolean | null
  /** Only accounts whose number is below this one: the page after. */
  readonly before: number
}

/** A person as administrators see one: nothing secret, and nothing of what the person writes. */
export interface PersonListed {
  readonly user: User
  readonly isActive: boolean
  readonly hasSecondFactor: boolean
}

/** People for administrators, the newest account first. */
export function createPeopleStore(db: Database<AuthTables>) {
  const people = () =>
    db.read
      .selectFrom('users')
      .select([...userColumns, 'users.is_active'])
      .select((eb) =>
        eb
          .exists(
            eb
              .selectFrom('authenticators')
              .select('authenticators.id')
              .whereRef('authenticators.user_id', '=', 'users.id')
              .where('authenticators.confirmed_at', 'is not', null),
          )
          .as('has_second_factor'),
      )

  return {
    async page(wanted: PeopleWanted, most: number): Promise<PersonListed[]> {
      const { text, state, role, secondFactor, before } = wanted
      let query = people().where('users.id', '<', before).orderBy('users.id', 'desc').limit(most)
      if (text !== '') {
        const like = `%${canonical(text).replace(/[\\%_]/g, '\\$&')}%`
        query = query.where((eb) =>
          eb.or([
            sql<boolean>`users.username_key LIKE ${like} ESCAPE '\\'`,
            sql<boolean>`users.email_key LIKE ${like} ESCAPE '\\'`,
          ]),
        )
      }
      if (state !== null) query = query.where('users.is_active', '=', state === 'active')
      if (role !== null) query = query.where('users.role', '=', role)
      if (secondFactor !== null) {
        query = query.where((eb) => {
          const has = eb.exists(
            eb
              .selectFrom('authenticators as a')
              .select('a.id')
              .whereRef('a.user_id', '=', 'users.id')
              .where('a.confirmed_at', 'is not', null),
          )
          return secondFactor ? has : eb.not(has)
        })
      }
      return (await query.execute()).map(personOf)
    },

    async find(id: number): Promise<PersonListed | null> {
      const row = await people().where('users.id', '=', id).executeTakeFirst()
      return row ? personOf(row) : null
    },
  }

  function personOf(row: Awaited<ReturnType<ReturnType<typeof people>['execute']>>[number]): PersonListed {
    return { user: userOf(row), isActive: Boolean(row.is_active), hasSecondFactor: Boolean(row.has_second_factor) }
  }
}

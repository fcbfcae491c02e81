import { type AuthTables, tables } from '@miachat/auth'
import type { TestAuth } from './test-auth.ts'

/** The tables behind a test world, to look at and to change past the library. */
export const stored = (world: Pick<TestAuth, 'auth'>) => tables<AuthTables>(world.auth.connection)

/** How many rows a table has. */
export async function rowsOf(world: Pick<TestAuth, 'auth'>, table: keyof AuthTables): Promise<number> {
  const { count } = await stored(world)
    .read.selectFrom(table)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Changes a row of users past the library, as an import or an operator's SQL would. */
export async function setUser(
  world: Pick<TestAuth, 'auth'>,
  username: string,
  change: {
    username?: string
    username_key?: string
    password_hash?: string
    is_active?: boolean
    password_imported?: boolean
  },
): Promise<void> {
  await stored(world).transaction((trx) =>
    trx.updateTable('users').set(change).where('username', '=', username).execute(),
  )
}

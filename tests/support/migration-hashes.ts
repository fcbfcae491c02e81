import { hash } from 'node:crypto'
import type { MigrationSet } from '@miachat/auth'
import { dialects } from '../../packages/auth/src/db/migrate.ts'
import type { ReleasedMigration } from './released-migrations.ts'

/** What each migration does to each kind of database, as a hash of its statements in their order. */
export const hashesOf = (sets: readonly MigrationSet[]): ReleasedMigration[] =>
  sets.flatMap(({ name, migrations }) =>
    migrations.flatMap(({ number, statements }) =>
      Object.values(dialects).map((dialect) => ({
        migration: `${name} ${number} ${dialect.kind}` as const,
        sha256: hash('sha256', JSON.stringify(statements(dialect)), 'hex'),
      })),
    ),
  )

/** Which released migrations are not what they were: changed, or gone. */
export function changedMigrations(sets: readonly MigrationSet[], released: readonly ReleasedMigration[]): string[] {
  const now = new Map(hashesOf(sets).map(({ migration, sha256 }) => [migration, sha256]))
  return released.filter(({ migration, sha256 }) => now.get(migration) !== sha256).map(({ migration }) => migration)
}

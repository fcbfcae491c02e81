import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { authMigrations, migrate, openDatabase } from '@miachat/auth'
import { chatMigrations } from '../chat-migrations.ts'
import { doors, endAllSignIns } from './sqlite-file-store.ts'

/** What a restored database keeps: nothing in it lets anybody in by itself. */
const kept = [
  'account_change_counter',
  'account_changes',
  'audit_chains',
  'audit_events',
  'authenticators',
  'character_tags',
  'character_versions',
  'characters',
  'conversations',
  'export_chunks',
  'exports',
  'former_usernames',
  'identities',
  'imported_users',
  'keeping',
  'invitations',
  'limits',
  'messages',
  'own_pictures',
  'passkeys',
  'personalities',
  'recovery_codes',
  'schema_migrations',
  'server_keys',
  'users',
]

test('STO-05: a restored database opens no door that was shut since; every table is known to be one or none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sqlite-file-'))
  const path = join(folder, 'test.db')
  const connection = await openDatabase(`sqlite://${path}`)
  await migrate(connection, [authMigrations, chatMigrations], 1)
  await connection.close()
  const db = new DatabaseSync(path, { enableForeignKeyConstraints: false })
  const names = (sql: string) =>
    db
      .prepare(sql)
      .all()
      .map((row) => String(row['name']))
  const tables = names("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
  assert.deepEqual(tables.sort(), [...Object.keys(doors), ...kept].sort())
  for (const table of Object.keys(doors)) {
    const columns = names(`SELECT name FROM pragma_table_info('${table}')`)
    db.exec(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => 1).join(', ')})`)
  }
  endAllSignIns(db)
  for (const table of Object.keys(doors))
    assert.equal(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'], 0, table)
  db.exec('DROP TABLE trusted_devices')
  endAllSignIns(db)
  db.close()
  rmSync(folder, { recursive: true })
})

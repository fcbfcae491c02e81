import assert from 'node:assert/strict'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { CompiledQuery } from 'kysely'
import { createKeyRing } from '../lib/secrets.ts'
import { authMigrations } from './auth-migrations.ts'
import type { Connection } from './connection.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open-database.ts'
import { giveUpKeys, sealAnew, sealedColumns, sealFor, sealingKeys, unsealFrom } from './sealed-columns.ts'
import { tables } from './tables.ts'

const [first, second] = ['a first secret of thirty-two signs or more', 'a second secret of thirty-two signs or so']
const former = createKeyRing([first])
const both = createKeyRing([second, first])
const newOnly = createKeyRing([second])
/** More than go in one transaction. */
const MANY = 1100

let folder: string
let connection: Connection
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sealed-columns-'))
  connection = await openDatabase(`sqlite://${join(folder, 'test.db')}`)
  await migrate(connection, [authMigrations], 1)
})
after(async () => {
  await connection.close()
  rmSync(folder, { recursive: true })
})

/** Rows of a statement that Kysely does not know. */
async function rowsOf<Row>(statement: string, ...parameters: unknown[]): Promise<Row[]> {
  return (await tables(connection).read.executeQuery<Row>(CompiledQuery.raw(statement, parameters))).rows
}
const run = (statement: string, ...parameters: unknown[]) =>
  connection.transaction((execute) => execute({ sql: statement, parameters }))
const names = async (statement: string) => (await rowsOf<{ name: string }>(statement)).map(({ name }) => name)

/** A row that fills what the table demands, whatever that is, with a value of its own for this sealed column. */
async function insert(column: (typeof sealedColumns)[keyof typeof sealedColumns], id: string, text: string) {
  const bound = Object.fromEntries(column.boundTo.map((name) => [name, name === 'id' ? id : `${name} of ${id}`]))
  const row = { id, to_address: '', ...bound }
  const { bytes, keyId } = sealFor(former, column, row, text)
  const values = new Map<string, unknown>([...Object.entries(bound), [column.column, bytes], ['key_id', keyId]])
  type Info = { name: string; type: string; notnull: number; dflt_value: string | null }
  for (const info of await rowsOf<Info>(`PRAGMA table_info(${column.table})`)) {
    if (!info.notnull || info.dflt_value !== null || values.has(info.name)) continue
    values.set(info.name, info.name === 'user_id' ? 1 : /INT/.test(info.type) ? 0 : 'x')
  }
  const marks = [...values].map(() => '?').join(', ')
  await run(`INSERT INTO ${column.table} (${[...values.keys()].join(', ')}) VALUES (${marks})`, ...values.values())
  return row
}

test('MFA-02: every column that has a key beside it is on the list, and nothing is sealed in another way', async () => {
  const all = await names(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'`)
  assert.ok(all.length > 10)
  const withKey: string[] = []
  for (const table of all) {
    const columns = await names(`SELECT name FROM pragma_table_info('${table}')`)
    if (columns.includes('key_id')) withKey.push(table)
    assert.ok(columns.includes('key_id') || !columns.some((name) => /_enc$|sealed/.test(name)), table)
  }
  assert.deepEqual(withKey.sort(), [...new Set(Object.values(sealedColumns).map(({ table }) => table))].sort())
  const source = join(import.meta.dirname, '..')
  const importers = globSync('**/*.ts', { cwd: source }).filter(
    (path) => !path.endsWith('.test.ts') && /from '[^']*\/seal\.ts'/.test(readFileSync(join(source, path), 'utf8')),
  )
  assert.deepEqual(importers, [join('db', 'sealed-columns.ts')])
})

test('SEC-03: what former keys have sealed is sealed anew, in every column; moved to another row it stays closed', async () => {
  const person = `INSERT INTO users (id, username, email, password_hash, created_at, username_key, email_key)
    VALUES (1, 'anna', 'anna@example.org', 'x', '2026-01-01 00:00:00', 'anna', 'anna@example.org')`
  await run(person)
  for (const column of Object.values(sealedColumns)) {
    const row = await insert(column, 'one', `the secret of ${column.table}`)
    const moved = await insert(column, 'moved', 'somebody else’s')
    const sql = `UPDATE ${column.table} SET ${column.column} = (SELECT ${column.column} FROM ${column.table} WHERE id = 'one') WHERE id = 'moved'`
    await run(sql)
    assert.deepEqual(await sealAnew(connection, both), { anew: 1, closed: 1 }, column.table)
    const stored = async (id: string) => {
      const select = `SELECT ${column.column} AS bytes, key_id AS "keyId" FROM ${column.table} WHERE id = ?`
      const [found] = await rowsOf<{ bytes: Uint8Array; keyId: string }>(select, id)
      return found ?? assert.fail()
    }
    assert.equal(unsealFrom(newOnly, column, row, await stored('one')), `the secret of ${column.table}`)
    for (const keys of [former, both, newOnly])
      assert.equal(unsealFrom(keys, column, moved, await stored('moved')), null)
    await run(`DELETE FROM ${column.table}`)
  }
})

test('SEC-03: also more rows than one transaction takes; a key that is given up is waited for no more', async () => {
  for (let n = 0; n < MANY; n++) await insert(sealedColumns.mail, `letter-${n}`, 'a letter')
  const db = tables(connection)
  assert.deepEqual([...(await sealingKeys(db))], [former.current.id])
  assert.deepEqual(await sealAnew(connection, both), { anew: MANY, closed: 0 })
  assert.deepEqual([...(await sealingKeys(db))], [both.current.id])
  const closed = await tables(connection).transaction((trx) => giveUpKeys(trx, [both.current.id]))
  assert.deepEqual(closed, { authenticators: 0, outbox: MANY })
  assert.deepEqual([...(await sealingKeys(db))], [])
})

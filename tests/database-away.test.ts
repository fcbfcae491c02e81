import assert from 'node:assert/strict'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startServer } from './support/server-process.ts'

const status = async (url: string, path: string): Promise<number> => {
  const response = await fetch(url + path, { headers: { connection: 'close' } })
  await response.body?.cancel()
  return response.status
}

async function until(url: string, path: string, wanted: number): Promise<void> {
  const end = performance.now() + 10_000
  let found = 0
  while (performance.now() < end) {
    found = await status(url, path)
    if (found === wanted) return
    await sleep(100)
  }
  assert.equal(found, wanted, path)
}

test('AVL-06: a server whose database file is gone is alive and not ready, and is ready again when it is back', async () => {
  const server = await startServer()
  const file = join(server.dataDir, 'miachat.db')
  renameSync(file, `${file}.away`)
  await until(server.url, '/readyz', 503)
  assert.equal(await status(server.url, '/healthz'), 200)
  renameSync(`${file}.away`, file)
  await until(server.url, '/readyz', 200)
  assert.deepEqual(await server.stop(), { code: 0, signal: null })
})

test('AVL-06: a server whose database lost its tables is not ready', async () => {
  const server = await startServer()
  const file = join(server.dataDir, 'miachat.db')
  renameSync(file, `${file}.away`)
  new DatabaseSync(file).close()
  await until(server.url, '/readyz', 503)
  writeFileSync(file, 'this is no database')
  await until(server.url, '/readyz', 503)
  assert.equal(await status(server.url, '/healthz'), 200)
  await server.stop()
})

test('AVL-06: a writer that holds the lock for long does not make a reading server unready', async () => {
  const server = await startServer()
  const other = new DatabaseSync(join(server.dataDir, 'miachat.db'))
  other.exec('BEGIN IMMEDIATE')
  const started = performance.now()
  assert.equal(await status(server.url, '/readyz'), 200)
  assert.ok(performance.now() - started < 2000)
  other.exec('ROLLBACK')
  other.close()
  await server.stop()
})

test('AVL-06: a start waits a bounded time for a database that somebody has locked, then says so', async () => {
  const first = await startServer()
  first.kill('SIGTERM')
  await first.ended
  const other = new DatabaseSync(join(first.dataDir, 'miachat.db'))
  other.exec(`DELETE FROM schema_migrations WHERE set_name = 'chat'; BEGIN EXCLUSIVE`)
  const second = await startServer({ dataDir: first.dataDir, ready: null })
  const ending = await Promise.race([second.ended, sleep(20_000)])
  assert.deepEqual(ending, { code: 1, signal: null })
  assert.match(second.stderr(), /^miachat: The database cannot be [^\n]+\n$/)
  other.exec('ROLLBACK')
  other.close()
  await second.stop()
  await first.stop()
})

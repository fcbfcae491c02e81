import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { AuthError, type Connection, openDatabase, UniqueViolation } from '@miachat/auth'
import { testDatabase } from './support/test-database.ts'

const unavailable = (error: unknown) => error instanceof AuthError && error.code === 'store_unavailable'
const ask = async (db: Pick<Connection, 'read'>, sql: string) => (await db.read({ sql, parameters: [] })).rows

/** Passes everything on to PostgreSQL, until it is told to swallow what comes over the connections that are open. */
async function proxyTo(url: string) {
  const { hostname, port } = new URL(url)
  const swallowed = new Set<Socket>()
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from)
      from.on('data', (data) => swallowed.has(from) || to.write(data))
      from.on('close', () => to.destroy())
      from.on('error', () => {})
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const through = new URL(url)
  through.host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  return {
    url: through.href,
    swallow: () => {
      for (const socket of open) swallowed.add(socket)
    },
    close: () => {
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
}

const onPostgres = { skip: process.env['TEST_DATABASE'] !== 'postgres' && 'PostgreSQL only' }

describe('PostgreSQL in trouble', () => {
  test(
    'AVL-06, AVL-08: a connection that is lost in the middle of a transaction ends no process',
    onPostgres,
    async () => {
      const { url, drop } = await testDatabase()
      const db = await openDatabase(url)
      const other = await openDatabase(url)
      const lost = db.transaction(async (execute) => {
        const { rows } = await execute({ sql: 'SELECT pg_backend_pid() AS pid', parameters: [] })
        const [row]: { pid: number }[] = JSON.parse(JSON.stringify(rows))
        await ask(other, `SELECT pg_terminate_backend(${row?.pid})`)
        // An error that nobody listens to would be thrown here, and end this very process.
        await sleep(200)
        await execute({ sql: 'SELECT 1', parameters: [] })
      })
      await assert.rejects(lost, unavailable)
      assert.equal((await ask(db, 'SELECT 1')).length, 1)
      await Promise.all([db.close(), other.close()])
      await drop()
    },
  )

  test('AVL-06: connections that die without a word are given up, and the next ones serve', onPostgres, async () => {
    const { url, drop } = await testDatabase()
    const proxy = await proxyTo(url)
    const db = await openDatabase(proxy.url)
    await ask(db, 'SELECT 1')
    proxy.swallow()
    const began = performance.now()
    await assert.rejects(ask(db, 'SELECT 1'), unavailable)
    assert.ok(performance.now() - began < 9000, 'nobody waits long')
    assert.equal((await ask(db, 'SELECT 1')).length, 1)
    proxy.close()
    await db.close()
    await drop()
  })

  test('STO-01: nothing is reported as kept when an error inside was passed over', onPostgres, async () => {
    const { url, drop } = await testDatabase()
    const db = await openDatabase(url)
    await db.transaction((execute) => execute({ sql: 'CREATE TABLE t (k TEXT PRIMARY KEY)', parameters: [] }))
    const insert = { sql: "INSERT INTO t (k) VALUES ('a')", parameters: [] }
    const work = db.transaction(async (execute) => {
      await execute(insert)
      await assert.rejects(execute(insert), UniqueViolation)
    })
    await assert.rejects(work, /nothing was kept/)
    assert.equal((await ask(db, 'SELECT * FROM t')).length, 0)
    await db.close()
    await drop()
  })

  test('AVL-06: a password that was changed and a database that is gone are 503, not a fault', onPostgres, async () => {
    const { url, drop } = await testDatabase()
    for (const change of [
      (to: URL) => {
        to.pathname = '/no_such_database'
      },
      (to: URL) => {
        to.username = 'no_such_role'
      },
    ]) {
      const to = new URL(url)
      change(to)
      const db = await openDatabase(to.href)
      await assert.rejects(ask(db, 'SELECT 1'), unavailable)
      await db.close()
    }
    await drop()
  })
})

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, mock, test } from 'node:test'
import fc from 'fast-check'
import { AuthError } from '../lib/errors.ts'
import type { Execute } from './connection.ts'
import { openDatabase } from './open-database.ts'
import { createTransactionQueue } from './transaction-queue.ts'

const unavailable = (error: unknown) => error instanceof AuthError && error.code === 'store_unavailable'
const tick = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A connection that writes down what it is told, and can be slow or fail. */
function fakeConnection(exec: (sql: string) => Promise<void> | void = () => {}) {
  const said: string[] = []
  const queue = createTransactionQueue({
    async exec(sql) {
      said.push(sql)
      await exec(sql)
    },
    run: async ({ sql }) => {
      said.push(sql)
      return { rows: [] }
    },
  })
  const write = (sql: string) => queue((execute) => execute({ sql, parameters: [] }))
  return { said, queue, write }
}

describe('the queue of transactions', () => {
  test('a refused begin leaves nothing open behind: the next transaction begins', async () => {
    let refuse = true
    const { said, write } = fakeConnection((sql) => {
      if (sql.startsWith('BEGIN') && refuse) throw new AuthError('store_unavailable')
    })
    await assert.rejects(write('a'), unavailable)
    refuse = false
    await write('b')
    assert.deepEqual(said.slice(1), ['ROLLBACK', 'BEGIN IMMEDIATE; SAVEPOINT work', 'b', 'RELEASE work; COMMIT'])
  })

  test('AVL-05: a commit that fails is 503 for every transaction in it', async () => {
    const { write } = fakeConnection((sql) => {
      if (sql.includes('COMMIT')) throw new Error('cannot commit')
    })
    for (const result of await Promise.allSettled([write('a'), write('b'), write('c')])) {
      assert.ok(result.status === 'rejected' && unavailable(result.reason))
    }
  })

  test('AVL-05: when one takes the whole transaction down, its companions get 503 and not its error', async () => {
    let lost = false
    const { queue, write } = fakeConnection((sql) => {
      if (lost && sql.startsWith('ROLLBACK TO')) throw new Error('no such savepoint: work')
    })
    const first = write('a')
    const second = queue(async () => {
      lost = true
      throw new Error('its own trouble')
    })
    await assert.rejects(second, /its own trouble/)
    await assert.rejects(first, unavailable)
  })

  test('AVL-06: nobody is left waiting when the one that should have brought the commit about gives up', async () => {
    const timers = mock.timers
    timers.enable({ apis: ['setTimeout'] })
    try {
      const release = Promise.withResolvers<void>()
      const { queue, write } = fakeConnection((sql) => (sql === 'RELEASE work' ? release.promise : undefined))
      const working = Promise.withResolvers<void>()
      const first = queue(() => working.promise)
      const second = write('never begun')
      second.catch(() => {})
      await tick()
      working.resolve()
      await tick()
      // The first has seen somebody behind it and only releases; at that moment the second gives up.
      timers.tick(6000)
      release.resolve()
      await assert.rejects(second, unavailable)
      const outcome = await Promise.race([
        first.then(() => 'committed'),
        tick()
          .then(tick)
          .then(() => 'hangs'),
      ])
      assert.equal(outcome, 'committed')
    } finally {
      timers.reset()
    }
  })

  test('AVL-06: a queue that is full says so instead of growing', async () => {
    const working = Promise.withResolvers<void>()
    const { queue } = fakeConnection()
    const first = queue(() => working.promise)
    const crowd = Array.from({ length: 2001 }, () => queue(async () => {}))
    const last = crowd.at(-1)
    assert.ok(last)
    await assert.rejects(last, (error) => error instanceof AuthError && error.code === 'overloaded')
    working.resolve()
    await first
    await Promise.all(crowd.slice(0, -1))
  })

  test('AVL-03: whatever succeeds or fails beside it, exactly what was answered as done is in the database', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ key: fc.integer({ min: 0, max: 5 }), fails: fc.boolean() }), { maxLength: 20 }),
        async (jobs) => {
          const db = new DatabaseSync(':memory:')
          db.exec('CREATE TABLE t (key INTEGER PRIMARY KEY)')
          const connection = await openDatabase(db)
          const results = await Promise.allSettled(
            jobs.map(({ key, fails }) =>
              connection.transaction(async (execute) => {
                await execute({ sql: 'INSERT INTO t VALUES (?)', parameters: [key] })
                if (fails) throw new Error('no')
              }),
            ),
          )
          const done = jobs.filter((_, i) => results[i]?.status === 'fulfilled').map(({ key }) => key)
          const found = db
            .prepare('SELECT key FROM t ORDER BY key')
            .all()
            .map((row) => Number(row['key']))
          assert.deepEqual(
            found,
            done.toSorted((a, b) => a - b),
          )
          db.close()
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('AVL-03: a transaction that is lost on the way', () => {
  const lose = async (execute: Execute) => {
    await execute({ sql: 'INSERT INTO t VALUES (1)', parameters: [] })
    // What a full disk does by itself, or a thread that dies.
    await execute({ sql: 'ROLLBACK', parameters: [] })
    await execute({ sql: 'INSERT INTO t VALUES (2)', parameters: [] })
  }
  const check = async (url: string) => {
    const connection = await openDatabase(url)
    await connection.transaction((execute) => execute({ sql: 'CREATE TABLE t (key INTEGER)', parameters: [] }))
    await assert.rejects(connection.transaction(lose), unavailable)
    const { rows } = await connection.read({ sql: 'SELECT key FROM t', parameters: [] })
    assert.deepEqual(rows, [], 'nothing half')
    await connection.transaction((execute) => execute({ sql: 'INSERT INTO t VALUES (3)', parameters: [] }))
    assert.equal((await connection.read({ sql: 'SELECT key FROM t', parameters: [] })).rows.length, 1)
    await connection.close()
  }

  test('in memory: what comes after it is not written alone', () => check('sqlite::memory:'))

  test('in a file: what comes after it is not written alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'auth-queue-'))
    await check(`sqlite:${join(folder, 'test.db')}`)
    rmSync(folder, { recursive: true })
  })
})

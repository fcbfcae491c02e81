import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { AuthError } from '../lib/errors.ts'
import type { HashJob } from './hash-job.ts'
import { createHashQueue, type HashQueueOptions } from './hash-queue.ts'

/** A thread that answers with the password after some milliseconds, or dies when told so. */
const program = `
  const { parentPort } = require('node:worker_threads')
  parentPort.on('message', ({ password }) => {
    if (password === 'die') process.exit(3)
    if (password === 'throw') throw new Error('broken')
    setTimeout(() => parentPort.postMessage({ hash: password }), 20)
  })`
const file = new URL(
  `data:text/javascript,import{createRequire}from'node:module';const require=createRequire('/');${encodeURIComponent(program)}`,
)
const job = (password: string): HashJob => ({ password, setting: { scheme: 'bcrypt', cost: 4 } })
const queueWith = (options: Partial<HashQueueOptions> = {}) =>
  createHashQueue({ file, threads: 1, room: 64, idle: 60_000, ...options })
const code = (expected: string) => (error: unknown) => error instanceof AuthError && error.code === expected

test('PW-11: a full queue refuses at once with 503 and Retry-After, and the others are served in order', async (t) => {
  const queue = queueWith({ room: 3 })
  t.after(queue.close)
  const done: string[] = []
  const served = ['1', '2', '3', '4'].map((name) => queue.run(job(name)).then(() => done.push(name)))
  assert.equal(queue.waiting, 3)
  await assert.rejects(queue.run(job('5')), (error: unknown) => {
    assert(error instanceof AuthError)
    assert.equal(error.status, 503)
    assert.equal(error.retryAfter, 2)
    return true
  })
  assert.deepEqual(done, [], 'the refusal did not wait')
  await Promise.all(served)
  assert.deepEqual(done, ['1', '2', '3', '4'])
  assert.equal((await queue.run(job('6'))).hash, '6')
})

test('PW-11: no more threads than allowed, and none before the first job', async (t) => {
  const queue = queueWith({ threads: 2 })
  t.after(queue.close)
  assert.equal(queue.threads, 0)
  const all = Promise.all(Array.from({ length: 6 }, (_, i) => queue.run(job(String(i)))))
  assert.equal(queue.threads, 2)
  assert.deepEqual(
    (await all).map(({ hash }) => hash),
    ['0', '1', '2', '3', '4', '5'],
  )
  assert.equal(queue.threads, 2)
})

for (const death of ['die', 'throw']) {
  test(`a thread that dies (${death}) fails its own job only and is replaced`, async (t) => {
    const queue = queueWith()
    t.after(queue.close)
    const [dead, next] = await Promise.allSettled([queue.run(job(death)), queue.run(job('next'))])
    assert(dead.status === 'rejected' && code('internal_error')(dead.reason))
    assert(dead.reason.cause instanceof Error)
    assert(!JSON.stringify(dead.reason).includes(death))
    assert.deepEqual(next, { status: 'fulfilled', value: { hash: 'next' } })
    assert.equal((await queue.run(job('later'))).hash, 'later')
    assert.equal(queue.threads, 1)
  })
}

test('a program that cannot be started fails each job and stops nothing else', async (t) => {
  const queue = queueWith({ file: new URL('file:///nowhere/hash-worker.js') })
  t.after(queue.close)
  await assert.rejects(queue.run(job('1')), code('internal_error'))
  await assert.rejects(queue.run(job('2')), code('internal_error'))
})

test('an idle thread ends and the next job starts a new one', async (t) => {
  const queue = queueWith({ idle: 30 })
  t.after(queue.close)
  await queue.run(job('1'))
  assert.equal(queue.threads, 1)
  for (let i = 0; queue.threads > 0 && i < 200; i++) await sleep(10)
  assert.equal(queue.threads, 0)
  assert.equal((await queue.run(job('2'))).hash, '2')
})

test('a job that comes while the idle thread is being stopped is served', async (t) => {
  const queue = queueWith({ idle: 1 })
  t.after(queue.close)
  for (let i = 0; i < 12; i++) {
    assert.equal((await queue.run(job(String(i)))).hash, String(i))
    await sleep(i % 4)
  }
})

test('closing refuses waiting jobs, lets the running one end and takes no more', async () => {
  const queue = queueWith()
  const running = queue.run(job('running'))
  const waiting = assert.rejects(queue.run(job('waiting')), code('overloaded'))
  await Promise.all([queue.close(), queue.close(), waiting])
  assert.equal((await running).hash, 'running')
  assert.equal(queue.threads, 0)
  await assert.rejects(queue.run(job('late')), code('overloaded'))
})

test('an idle thread does not keep the program alive', () => {
  const module = new URL('./hasher.ts', import.meta.url).href
  const script = `const { createHasher } = await import('${module}')
    console.log(await createHasher({ scheme: 'bcrypt', cost: 4 }).hash('secret word'))`
  const answer = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    timeout: 20_000,
    encoding: 'utf8',
  })
  assert.match(answer, /^\$2b\$04\$/)
})

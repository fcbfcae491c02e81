import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { getPriority } from 'node:os'
import { after, test } from 'node:test'
import { getHeapSnapshot } from 'node:v8'
import { AuthError } from '../lib/errors.ts'
import { createHasher } from './hasher.ts'

const hasher = createHasher({ scheme: 'bcrypt', cost: 4, threads: 2 })
after(hasher.close)

test('a cost outside of what the scheme takes is refused', () => {
  for (const settings of [
    { scheme: 'bcrypt', cost: 3 },
    { scheme: 'bcrypt', cost: 17 },
    { scheme: 'bcrypt', cost: 4.5 },
    { scheme: 'bcrypt', cost: Number.NaN },
    { scheme: 'argon2id', cost: 1 },
  ] as const) {
    assert.throws(() => createHasher(settings), RangeError)
  }
})

test('PW-02: a password over 1024 bytes, or with a lone surrogate, is never hashed', async () => {
  const refused = (status: number) => (error: unknown) => error instanceof AuthError && error.status === status
  for (const password of ['x'.repeat(1025), 'é'.repeat(513)]) await assert.rejects(hasher.hash(password), refused(422))
  await assert.rejects(hasher.hash('word \ud800'), refused(400))
  const longest = 'x'.repeat(1024)
  assert.equal(await hasher.verify(longest, await hasher.hash(longest)), true)
})

test('LOG-02, O9: nobody has no password', async () => {
  assert.equal(await hasher.verifyNobody('password'), false)
  assert.equal(await hasher.verify('!', '!'), false)
})

test('PW-06: what was hashed is verified, and nothing else', async () => {
  for (const password of ['correct horse', 'x'.repeat(100), 'nul\0inside', '', 'pässwörd 🙂']) {
    const stored = await hasher.hash(password)
    assert.equal(await hasher.verify(`${password}.`, stored), false)
    assert.equal(await hasher.verify(password, stored), true)
  }
})

test('PW-08: argon2id by setting', async (t) => {
  const other = createHasher({ scheme: 'argon2id', threads: 1 })
  t.after(other.close)
  const stored = await other.hash('correct horse')
  assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  assert.equal(await other.verify('correct horse', stored), true)
  assert.equal(await hasher.verify('correct horse', stored), true)
  assert.equal(hasher.needsRenewal(stored), true)
  assert.equal(other.needsRenewal(stored), false)
})

test('PW-10: an imported hash is renewed even in the current setting', async () => {
  const stored = await hasher.hash('correct horse')
  assert.equal(hasher.needsRenewal(stored, true), true)
  assert.equal(hasher.needsRenewal(stored), false)
})

test('PW-11: at least 64 checks find room, however small the setting', async (t) => {
  const small = createHasher({ scheme: 'bcrypt', cost: 4, threads: 1, queue: 1 })
  t.after(small.close)
  const stored = await small.hash('word')
  const checks = Array.from({ length: 65 }, () => small.verify('word', stored))
  assert.equal(small.waiting, 64)
  await assert.rejects(
    small.verify('word', stored),
    (error: unknown) => error instanceof AuthError && error.status === 503,
  )
  assert((await Promise.all(checks)).every((right) => right))
})

test('PW-11, O11: the event loop turns, and files are read, while passwords are hashed', async (t) => {
  const slow = createHasher({ scheme: 'bcrypt', cost: 10, threads: 2 })
  t.after(slow.close)
  const done: string[] = []
  let turns = 0
  const turn = () => {
    turns++
    if (!done.includes('hashes')) setImmediate(turn)
  }
  turn()
  // More hashes than libuv's pool has threads: a pool shared with them would serve the file last.
  const hashes = Promise.all(Array.from({ length: 6 }, () => slow.hash('word'))).then(() => done.push('hashes'))
  await stat('/').then(() => done.push('file'))
  await hashes
  assert.deepEqual(done, ['file', 'hashes'])
  assert(turns > 100, `${turns} turns of the event loop`)
})

const linux = process.platform === 'linux' && getPriority() < 10
test('AVL-01: on Linux the hash threads alone have low priority', { skip: !linux }, async () => {
  await Promise.all([hasher.hash('a word'), hasher.hash('a word'), stat('/')])
  const threads = readdirSync('/proc/self/task').flatMap((id) => {
    const folder = `/proc/self/task/${id}`
    if (!statSync(folder, { throwIfNoEntry: false })) return []
    const nice = Number(readFileSync(`${folder}/stat`, 'utf8').split(') ')[1]?.split(' ')[16])
    return [{ hash: readFileSync(`${folder}/comm`, 'utf8').trim() === 'hash', nice }]
  })
  assert(threads.some(({ hash }) => hash))
  for (const { hash, nice } of threads) assert.equal(nice >= 10, hash)
})

test('PW-12: nothing holds a password once its job is done', async () => {
  // Kept backwards and outside of the heap, so that the test itself is not what is found.
  const backwards = randomBytes(32)
  const password = () => Buffer.from(backwards).reverse().toString('hex')
  const found = async () => (await Buffer.concat(await getHeapSnapshot().toArray())).includes(password())
  const job = hasher.verify(password(), await hasher.hash('another'))
  const waiting = Array.from({ length: 3 }, () => hasher.verify(password(), '!'))
  assert.equal(await found(), true, 'a waiting password is in memory')
  await Promise.all([job, ...waiting])
  assert.equal(await found(), false)
})

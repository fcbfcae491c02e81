import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { AuthError } from '../lib/errors.ts'
import { createFairShare } from './fair-share.ts'

const turns = () => new Promise((resolve) => setImmediate(resolve))

test('PW-11: of one network a bounded number runs at a time, in the order in which they came; others do not wait', async () => {
  const inTurn = createFairShare(2)
  const begun: string[] = []
  const ends: (() => void)[] = []
  const work = (name: string) => () => {
    begun.push(name)
    return new Promise<string>((resolve) => ends.push(() => resolve(name)))
  }
  const all = ['a', 'b', 'c', 'd'].map((name) => inTurn('10.0.0.1', work(name)))
  const other = inTurn('10.0.0.2', work('other'))
  await turns()
  assert.deepEqual(begun, ['a', 'b', 'other'])
  ends[1]?.()
  await turns()
  assert.deepEqual(begun, ['a', 'b', 'other', 'c'])
  for (let n = 0; n < 5; n++) {
    for (const end of ends) end()
    await turns()
  }
  assert.deepEqual(await Promise.all([...all, other]), ['a', 'b', 'c', 'd', 'other'])
})

test('PW-11: work that fails gives its turn on, and who waited too long is told to come back', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    const inTurn = createFairShare(1)
    await assert.rejects(
      inTurn('key', async () => {
        throw new Error('no')
      }),
      /no/,
    )
    let end = (): void => {}
    const first = inTurn('key', () => new Promise<void>((resolve) => (end = resolve)))
    const late = inTurn('key', async () => 'never')
    const refused = assert.rejects(late, (error) => error instanceof AuthError && error.code === 'overloaded')
    await turns()
    mock.timers.tick(10_000)
    await refused
    end()
    await first
    assert.equal(await inTurn('key', async () => 'again'), 'again')
  } finally {
    mock.timers.reset()
  }
})

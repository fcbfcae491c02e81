import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AuthError } from '@miachat/auth'
import { createTurns } from './turns.ts'

test('one key works in order and one at a time, two keys beside each other', async () => {
  const inTurn = createTurns<string>(10)
  const events: string[] = []
  const { promise: open, resolve } = Promise.withResolvers<void>()
  const slow = inTurn('a', async () => {
    await open
    events.push('a1')
  })
  const behind = inTurn('a', async () => events.push('a2'))
  await inTurn('b', async () => events.push('b1'))
  resolve()
  await Promise.all([slow, behind])
  assert.deepEqual(events, ['b1', 'a1', 'a2'])
})

test('a failure reaches its own caller and stops nobody', async () => {
  const inTurn = createTurns<number>(10)
  const results = await Promise.allSettled([
    inTurn(1, () => Promise.reject(new Error('no'))),
    inTurn(1, async () => 'yes'),
  ])
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'fulfilled'],
  )
})

test('too many that wait are refused, and later ones are let in again', async () => {
  const inTurn = createTurns<number>(2)
  const { promise: open, resolve } = Promise.withResolvers<void>()
  const waiting = [inTurn(1, () => open), inTurn(1, () => open)]
  const overloaded = (error: unknown) => error instanceof AuthError && error.code === 'overloaded'
  await assert.rejects(
    inTurn(1, () => open),
    overloaded,
  )
  await inTurn(2, async () => {})
  resolve()
  await Promise.all(waiting)
  assert.equal(await inTurn(1, async () => 'in'), 'in')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runHashJob } from './hash-job.ts'
import { hashPassword } from './password-hashing.ts'

const setting = { scheme: 'bcrypt', cost: 9 } as const
const cpu = (work: () => unknown): number => {
  const before = process.threadCpuUsage()
  work()
  const after = process.threadCpuUsage(before)
  return after.user + after.system
}

test('LOG-03: a wrong password for a cheaper old hash takes as long as an unknown name', () => {
  const usual = runHashJob({ password: 'x', setting, stored: '!' }).usual ?? Number.NaN
  const stored = hashPassword('right', { scheme: 'bcrypt', cost: 4 })
  const spent = cpu(() => assert.equal(runHashJob({ password: 'wrong', setting, stored, usual }).matches, false))
  assert(spent >= usual, `${spent} of ${usual} microseconds`)
  assert(spent < usual * 1.5, `${spent} of ${usual} microseconds`)
})

test('LOG-02: a stored string that is no hash costs a whole hash', () => {
  const whole = cpu(() => runHashJob({ password: 'x', setting }))
  for (const stored of ['!', '', 'garbage', `$2b$31$${'a'.repeat(53)}`]) {
    const spent = cpu(() => runHashJob({ password: 'x', setting, stored }))
    assert(spent > whole / 2, `${stored}: ${spent} of ${whole} microseconds`)
  }
})

test('LOG-02: a password that bcrypt cannot hold costs as much as any other', () => {
  const stored = hashPassword('x'.repeat(72), setting)
  const whole = cpu(() => runHashJob({ password: 'x', setting, stored }))
  for (const password of ['x'.repeat(1000), 'a\0b', '\ud800']) {
    const spent = cpu(() => assert.equal(runHashJob({ password, setting, stored }).matches, false))
    assert(spent > whole / 2, `${spent} of ${whole} microseconds`)
  }
})

test('PW-10: a right password for an old hash is not made to wait', () => {
  const stored = hashPassword('right', { scheme: 'bcrypt', cost: 4 })
  const usual = 10_000_000
  assert.deepEqual(runHashJob({ password: 'right', setting, stored, usual }), { matches: true })
})

test('the first check of a foreign hash measures what a current one costs', () => {
  const stored = hashPassword('right', { scheme: 'bcrypt', cost: 4 })
  const { matches, usual } = runHashJob({ password: 'wrong', setting, stored })
  assert.equal(matches, false)
  assert(usual !== undefined && usual > 0)
})

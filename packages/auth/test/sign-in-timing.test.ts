import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setUser } from './support/stored.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const SAMPLES = 110
/** Of the rarer kinds of account, whose work is counted in hashes elsewhere. */
const FEW_SAMPLES = 50
/** A noisy machine can make any two series differ: one quiet round of these is enough, a real leak shows in all. */
const ROUNDS = 3

/** The two-sided p of Mann and Whitney's test that two samples come from one distribution (normal approximation). */
function mannWhitney(a: readonly number[], b: readonly number[]): number {
  const all = [...a.map((value) => ({ value, own: true })), ...b.map((value) => ({ value, own: false }))]
  all.sort((x, y) => x.value - y.value)
  const rankSum = all.reduce((sum, { own }, rank) => (own ? sum + rank + 1 : sum), 0)
  const u = rankSum - (a.length * (a.length + 1)) / 2
  const mean = (a.length * b.length) / 2
  const deviation = Math.sqrt((a.length * b.length * (a.length + b.length + 1)) / 12)
  return 2 * (1 - normal(Math.abs(u - mean) / deviation))
}

/** The standard normal distribution (Abramowitz and Stegun 26.2.17, error below 1e-7). */
function normal(z: number): number {
  const t = 1 / (1 + 0.2316419 * z)
  const tail = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * tail
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

interface Verdict {
  readonly p: number
  readonly known: number
  readonly unknown: number
}

/** LOG-03: p ≥ 0.001, or medians within 8 % or 1.5 ms. */
const alike = ({ p, known, unknown }: Verdict): boolean =>
  p >= 0.001 || Math.abs(known - unknown) < Math.max(1.5, 0.08 * unknown)

test('the measure itself tells a difference of a tenth, and none where there is none', () => {
  const noise = (n: number, step: number) =>
    Array.from({ length: SAMPLES }, (_, i) => n + ((i * step) % 1009) / 500 + step / 1e9)
  assert.ok(mannWhitney(noise(20, 7919), noise(22, 7919)) < 1e-6)
  assert.ok(mannWhitney(noise(20, 7919), noise(20, 7907)) > 0.05)
  assert.ok(!alike({ p: mannWhitney(noise(20, 7919), noise(22, 7919)), known: 21, unknown: 23 }))
})

describe('the time of a sign-in (LOG-03)', () => {
  let world: TestAuth
  let attempts = 0
  before(async () => {
    const huge = 1e9
    world = await testAuth({
      passwords: { scheme: 'bcrypt', cost: 8, threads: 1 },
      limits: { perAddress: huge, perAddressAndAccount: huge, perAccountInARow: huge },
    })
  })
  after(() => world.close())

  async function time(username: string): Promise<number> {
    // A new address for each: counters that grow long would be a difference of their own.
    const n = ++attempts
    const request = new Request('http://localhost:8080/auth/api/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password: 'not the password' }),
    })
    const started = performance.now()
    const response = await world.auth.fetch(request, { address: `198.18.${n >> 8}.${n & 255}` })
    await response.text()
    const passed = performance.now() - started
    assert.equal(response.status, 401)
    return passed
  }

  async function compare(name: string, samples: number): Promise<Verdict> {
    const known: number[] = []
    const unknown: number[] = []
    for (let n = 0; n < samples; n++) {
      // In turns, and each first in half of them: what the machine does meanwhile meets both.
      const own = async () => known.push(await time(name))
      const other = async () => unknown.push(await time(`nobody-${n}`))
      await (n % 2 === 0 ? own().then(other) : other().then(own))
    }
    return { p: mannWhitney(known, unknown), known: median(known), unknown: median(unknown) }
  }

  const accounts: Record<string, { password_hash?: string; is_active?: boolean }> = {
    'a known name': {},
    'a disabled account': { is_active: false },
    'an account without a password': { password_hash: '!' },
  }
  for (const [n, [what, change]] of Object.entries(accounts).entries()) {
    test(`LOG-03, O9: ${what} cannot be told from an unknown name`, async () => {
      const name = `timed-${n}`
      await signedUp(world, name)
      if (Object.keys(change).length > 0) await setUser(world, name, change)
      for (let warm = 0; warm < 5; warm++) await time(name)
      const verdicts: Verdict[] = []
      const samples = n === 0 ? SAMPLES : FEW_SAMPLES
      do verdicts.push(await compare(name, samples))
      while (verdicts.length < ROUNDS && !verdicts.some(alike))
      assert.ok(verdicts.some(alike), JSON.stringify(verdicts))
    })
  }
})

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setUser } from './support/stored.ts'
import { baseUrl, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'
import { alike, assertAlike, compare, mannWhitney } from './support/timing.ts'

const SAMPLES = 110
/** Of the rarer kinds of account, whose work is counted in hashes elsewhere. */
const FEW_SAMPLES = 50
const ways = {
  api: {
    path: '/auth/api/login',
    type: 'application/json',
    write: (body: Record<string, string>): string => JSON.stringify(body),
    answer: 'application/problem+json; charset=utf-8',
  },
  form: {
    path: '/auth/login',
    type: 'application/x-www-form-urlencoded',
    write: (body: Record<string, string>): string => new URLSearchParams(body).toString(),
    answer: 'text/html; charset=utf-8',
  },
}
type Way = keyof typeof ways

interface Case {
  readonly what: string
  readonly change?: { readonly password_hash?: string; readonly is_active?: boolean }
  readonly way?: Way
  /** What is typed for the name of the account; the name itself where it is left out. */
  readonly typed?: (name: string) => string
  readonly nobody?: (n: number) => string
  readonly samples?: number
}

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

  async function time(username: string, way: Way): Promise<number> {
    // A new address for each: counters that grow long would be a difference of their own.
    const n = ++attempts
    const { path, type, write } = ways[way]
    const request = new Request(baseUrl + path, {
      method: 'POST',
      headers: { 'content-type': type, origin: baseUrl },
      body: write({ username, password: 'not the password' }),
    })
    const started = performance.now()
    const response = await world.auth.fetch(request, { address: `198.18.${n >> 8}.${n & 255}` })
    await response.text()
    const passed = performance.now() - started
    assert.equal(response.status, 401)
    assert.equal(response.headers.get('content-type'), ways[way].answer)
    return passed
  }

  const nobodyCalled = (n: number) => `nobody-${n}`
  const nobodyAt = (n: number) => `${nobodyCalled(n)}@example.org`
  const cases: Case[] = [
    { what: 'a known name' },
    { what: 'a known name in the form of the page', way: 'form' },
    { what: 'a known e-mail address', typed: (name) => `${name}@example.org`, nobody: nobodyAt },
    { what: 'a disabled account', change: { is_active: false }, samples: FEW_SAMPLES },
    { what: 'an account without a password', change: { password_hash: '!' }, samples: FEW_SAMPLES },
  ]
  for (const [n, { what, change, way = 'api', typed, nobody = nobodyCalled, samples = SAMPLES }] of cases.entries()) {
    test(`LOG-03, O9: ${what} cannot be told from an unknown one`, async () => {
      const name = `timed-${n}`
      await signedUp(world, name)
      if (change) await setUser(world, name, change)
      const own = typed ? typed(name) : name
      for (let warm = 0; warm < 5; warm++) await time(own, way)
      await assertAlike(() =>
        compare(
          samples,
          () => time(own, way),
          (n) => time(nobody(n), way),
        ),
      )
    })
  }
})

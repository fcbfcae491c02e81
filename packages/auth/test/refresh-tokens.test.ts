import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { days, minutes, seconds } from '@miachat/auth'
import { createProgram, deadWithin100ms } from './support/program.ts'
import { rowsOf, stored } from './support/stored.ts'
import { secret, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const NEW_SECRET = 'the next secret of the tests, long enough too'
const GRACE = seconds(30)

describe('refresh tokens', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth()
    await signedUp(world, 'emil')
  })
  after(() => world.close())

  const events = async (event: string) =>
    (await stored(world).read.selectFrom('audit_events').select('id').where('event', '=', event).execute()).length

  test('RFR: what is no refresh token of ours is refused without a word more', async () => {
    const program = createProgram(world)
    const { body } = await program.login('emil')
    const session = (await signedUp(world, 'other-kind')).jar.get('mia_session') ?? ''
    const refused = [
      'x',
      'x'.repeat(43),
      'x'.repeat(600),
      'ß'.repeat(43),
      '\u0000'.repeat(43),
      `${body.refresh_token}=`,
      ` ${body.refresh_token}`,
      body.refresh_token.toUpperCase(),
      body.access_token,
      session,
    ]
    for (const token of refused) {
      const answer = await program.refresh(token)
      assert.equal(answer.status, 401, token)
      assert.equal(answer.body.code, 'invalid_refresh_token')
      assert.equal(answer.headers.get('cache-control'), 'no-store')
    }
    assert.equal((await program.refresh(body.refresh_token)).status, 200, 'all of that harmed nobody')
  })

  test('RFR-02, O8: a token in the query string is not looked at, by no method', async () => {
    const program = createProgram(world)
    const { body } = await program.login('emil')
    const path = `/auth/api/refresh?refresh_token=${body.refresh_token}`
    assert.equal((await program.call(path)).status, 405)
    assert.equal((await program.call(path, { method: 'POST' })).status, 422)
    assert.equal((await program.post(path, {})).status, 422)
    assert.equal((await program.post(path, { refresh_token: 'x'.repeat(43) })).status, 401)
    assert.equal((await program.refresh(body.refresh_token)).status, 200, 'it is unused')
  })

  test('RFR-01, RFR-02: each use gives a new pair, in a body that nobody stores; the database knows hashes only', async () => {
    const program = createProgram(world)
    const first = await program.login('emil')
    const second = await program.refresh(first.body.refresh_token)
    assert.equal(second.status, 200)
    assert.equal(second.headers.get('cache-control'), 'no-store')
    assert.deepEqual(Object.keys(second.body).toSorted(), [
      'access_token',
      'expires_in',
      'refresh_expires_in',
      'refresh_token',
      'success',
      'token_type',
    ])
    assert.notEqual(second.body.refresh_token, first.body.refresh_token)
    assert.notEqual(second.body.access_token, first.body.access_token)
    assert.match(second.body.refresh_token, /^[\w-]{43}$/)
    assert.equal((await program.me(second.body.access_token)).status, 200)
    assert.equal((await program.me(first.body.access_token)).status, 200, 'until it expires')
    const rows = JSON.stringify(await stored(world).read.selectFrom('refresh_tokens').selectAll().execute())
    for (const { body } of [first, second]) assert.ok(!rows.includes(body.refresh_token))
    const log = JSON.stringify(world.lines)
    for (const { body } of [first, second]) {
      assert.ok(!log.includes(body.refresh_token) && !log.includes(body.access_token))
    }
  })

  test('RFR-02: a form body is taken too (RFC 6749 section 6)', async () => {
    const program = createProgram(world)
    const { body } = await program.login('emil')
    const refreshed = await program.call('/auth/api/refresh', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: body.refresh_token }).toString(),
    })
    assert.equal(refreshed.status, 200)
  })

  test('RFR-04, RFR-05: fifty at once with one token all get the same one successor, and the chain goes on', async () => {
    const program = createProgram(world)
    const { body } = await program.login('emil')
    const before = await rowsOf(world, 'refresh_tokens')
    const answers = await Promise.all(Array.from({ length: 50 }, () => program.refresh(body.refresh_token)))
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
    const successors = new Set(answers.map((answer) => answer.body.refresh_token))
    assert.equal(successors.size, 1)
    assert.equal(await rowsOf(world, 'refresh_tokens'), before + 1)
    for (const answer of answers.slice(0, 5)) assert.equal((await program.me(answer.body.access_token)).status, 200)
    const [successor = ''] = successors
    assert.equal((await program.refresh(successor)).status, 200)
  })

  test('RFR-04: fifty at once over two processes too', async () => {
    const second = await testAuth({ url: world.url })
    const program = createProgram(world)
    const other = createProgram(second)
    const { body } = await program.login('emil')
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => (n % 2 === 0 ? program : other).refresh(body.refresh_token)),
    )
    await second.close()
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
    assert.equal(new Set(answers.map((answer) => answer.body.refresh_token)).size, 1)
  })

  test('RFR-04: an answer that was lost is given again within the grace, as long as the successor is unused', async () => {
    const program = createProgram(world)
    const { body } = await program.login('emil')
    const lost = await program.refresh(body.refresh_token)
    world.pass(GRACE - seconds(1))
    const again = await program.refresh(body.refresh_token)
    assert.equal(again.body.refresh_token, lost.body.refresh_token)
    assert.equal((await program.refresh(again.body.refresh_token)).status, 200)
  })

  test('RFR-03: after the grace the same is reuse: refused, the whole family dead at once, and written down', async () => {
    const program = createProgram(world)
    const { body } = await program.login('emil')
    const thief = await program.refresh(body.refresh_token)
    const reuses = await events('token_reuse')
    world.pass(GRACE + seconds(1))
    assert.equal((await program.me(thief.body.access_token)).status, 200)
    const reused = await program.refresh(body.refresh_token)
    assert.equal(reused.status, 401)
    assert.equal(reused.body.code, 'invalid_refresh_token')
    for (const token of [body.access_token, thief.body.access_token])
      assert.equal((await program.me(token)).status, 401)
    assert.equal((await program.refresh(thief.body.refresh_token)).status, 401)
    assert.equal(await events('token_reuse'), reuses + 1)
    const line = world.lines.find(({ message }) => message === 'token_reuse')
    assert.equal(line?.fields['result'], 'refused')
  })

  test('RFR-03: reuse within the grace is reuse as well once the successor has been used', async () => {
    const program = createProgram(world)
    const { body } = await program.login('emil')
    const second = await program.refresh(body.refresh_token)
    const third = await program.refresh(second.body.refresh_token)
    assert.equal((await program.refresh(body.refresh_token)).status, 401)
    assert.equal((await program.me(third.body.access_token)).status, 401)
    assert.equal((await program.refresh(third.body.refresh_token)).status, 401)
  })

  test('RFR-03: reuse touches no other family, no session and no other person', async () => {
    const program = createProgram(world)
    const browser = await signedUp(world, 'fritz')
    const victim = await program.login('fritz')
    const other = await program.login('fritz')
    const stranger = await program.login('emil')
    await program.refresh(victim.body.refresh_token)
    world.pass(GRACE + seconds(1))
    assert.equal((await program.refresh(victim.body.refresh_token)).status, 401)
    assert.equal((await program.me(victim.body.access_token)).status, 401)
    for (const { body } of [other, stranger]) {
      assert.equal((await program.me(body.access_token)).status, 200)
      assert.equal((await program.refresh(body.refresh_token)).status, 200)
    }
    assert.equal((await browser.get('/settings')).status, 200)
  })

  test('RFR-01: no refresh extends the family beyond seven days after the sign-in', async () => {
    const long = await testAuth()
    await signedUp(long, 'gerta')
    const program = createProgram(long)
    let { body } = await program.login('gerta')
    assert.equal(body.expires_in, 1800)
    assert.equal(body.refresh_expires_in, 604_800)
    for (let day = 1; day < 7; day++) {
      long.pass(days(1))
      body = (await program.refresh(body.refresh_token)).body
      const left = body.refresh_expires_in
      assert.ok(Math.abs(left - (7 - day) * 86_400) < 60, `${left} seconds left on day ${day}`)
    }
    long.pass(days(1) - minutes(10))
    const last = await program.refresh(body.refresh_token)
    assert.equal(last.status, 200)
    assert.ok(last.body.expires_in <= 600, 'the access token ends with the family')
    assert.equal((await program.me(last.body.access_token)).status, 200)
    long.pass(minutes(11))
    assert.equal((await program.me(last.body.access_token)).status, 401)
    assert.equal((await program.refresh(last.body.refresh_token)).status, 401)
    await long.auth.sweep()
    assert.equal(await rowsOf(long, 'refresh_tokens'), 0)
    await long.close()
  })

  test('RFR-03, SEC-03: a rotation of SECRET_KEY between two requests with one token is no reuse', async () => {
    const program = createProgram(world)
    const { body } = await program.login('emil')
    const first = await program.refresh(body.refresh_token)
    const rotated = await testAuth({ url: world.url, secret: [NEW_SECRET, secret], clock: world.clock })
    const later = createProgram(rotated)
    const again = await later.refresh(body.refresh_token)
    assert.equal(again.status, 200)
    assert.equal(again.body.refresh_token, first.body.refresh_token)
    assert.equal((await later.refresh(again.body.refresh_token)).status, 200)
    await rotated.close()
  })

  test('SEC-03: where the old key is gone already, the same is refused but ends nothing', async () => {
    const program = createProgram(world)
    const { body } = await program.login('emil')
    const first = await program.refresh(body.refresh_token)
    const rotated = await testAuth({ url: world.url, secret: NEW_SECRET, clock: world.clock })
    const later = createProgram(rotated)
    assert.equal((await later.refresh(body.refresh_token)).status, 401)
    assert.equal((await later.refresh(first.body.refresh_token)).status, 200, 'who has the successor goes on')
    await rotated.close()
  })
})

describe('signing a program out (RFR-06)', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth()
    await signedUp(world, 'hanna')
  })
  after(() => world.close())

  test('RFR-06: unknown, expired, odd and missing tokens get 200 all the same', async () => {
    const program = createProgram(world)
    for (const body of [
      {},
      { refresh_token: '' },
      { refresh_token: 'x'.repeat(43) },
      { refresh_token: 'x'.repeat(5000) },
    ]) {
      const answer = await program.post('/auth/api/logout', body)
      assert.equal(answer.status, 200)
      assert.equal(answer.body.success, true)
    }
    assert.equal((await program.call('/auth/api/logout', { method: 'POST' })).status, 200)
    const authorization = 'Bearer nonsense'
    assert.equal((await program.post('/auth/api/logout', {}, { authorization })).status, 200)
  })

  const ways: Record<
    string,
    (tokens: { access_token: string; refresh_token: string }) => [unknown, Record<string, string>]
  > = {
    'the refresh token': ({ refresh_token }) => [{ refresh_token }, {}],
    'the bearer token': ({ access_token }) => [{}, { authorization: `bearer ${access_token}` }],
    'the bearer token beside a refresh token that nobody knows': ({ access_token }) => [
      { refresh_token: 'x'.repeat(43) },
      { authorization: `Bearer ${access_token}` },
    ],
  }
  for (const [what, sent] of Object.entries(ways)) {
    test(`RFR-06: ${what} ends the family and its access tokens, here and in another process, and nothing else`, async () => {
      const program = createProgram(world)
      const second = await testAuth({ url: world.url })
      const elsewhere = createProgram(second)
      const { body } = await program.login('hanna')
      const other = await program.login('hanna')
      const next = await program.refresh(body.refresh_token)
      assert.equal((await elsewhere.me(next.body.access_token)).status, 200)
      const [json, headers] = sent(next.body)
      assert.equal((await program.post('/auth/api/logout', json, headers)).status, 200)
      for (const token of [body.access_token, next.body.access_token])
        assert.equal((await program.me(token)).status, 401)
      // JWT-06: another process knows within 100 ms.
      await deadWithin100ms(elsewhere, next.body.access_token)
      for (const token of [body.refresh_token, next.body.refresh_token]) {
        assert.equal((await program.refresh(token)).status, 401)
      }
      assert.equal((await program.me(other.body.access_token)).status, 200)
      await second.close()
    })
  }

  test('RFR-06: a used refresh token still ends its family: the program may have lost the newer one', async () => {
    const program = createProgram(world)
    const { body } = await program.login('hanna')
    const next = await program.refresh(body.refresh_token)
    await program.post('/auth/api/logout', { refresh_token: body.refresh_token })
    assert.equal((await program.me(next.body.access_token)).status, 401)
  })

  test('RFR-04, RFR-06: refreshes and sign-outs of one family at once never end in a 5xx', async () => {
    const program = createProgram(world)
    for (let round = 0; round < 8; round++) {
      const { body } = await program.login('hanna')
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, n) =>
          n % 4 === 3
            ? program.post('/auth/api/logout', { refresh_token: body.refresh_token })
            : program.refresh(body.refresh_token),
        ),
      )
      for (const { status } of answers) assert.ok(status === 200 || status === 401, `status ${status}`)
      assert.equal((await program.me(body.access_token)).status, 401)
      assert.equal((await program.refresh(body.refresh_token)).status, 401)
    }
  })
})

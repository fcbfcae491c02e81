import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { minutes } from '@miachat/auth'
import { z } from 'zod'
import { administrator, idOf } from './support/administrator.ts'
import type { Browser } from './support/browser.ts'
import { letterBox } from './support/letters.ts'
import { password } from './support/second-factor.ts'
import { rowsOf, write } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const json = { accept: 'application/json' }
const html = { accept: 'text/html' }
const codeIn = async (response: Response) => z.looseObject({ code: z.string() }).parse(await response.json()).code

const eventShape = z.looseObject({
  id: z.number(),
  at: z.string(),
  event: z.string(),
  result: z.string(),
  user_id: z.number().nullable(),
  username: z.string().nullable(),
  actor: z.string().nullable(),
  address: z.string(),
  user_agent: z.string(),
  request_id: z.string(),
  hash: z.string().nullable(),
})
const logShape = z.looseObject({
  events: z.array(eventShape),
  next_before: z.string().nullable(),
  chain: z.enum(['fits', 'broken']).nullable(),
})

describe('AD4: the log of all accounts', () => {
  const box = letterBox()
  let world: TestAuth
  let chief: Browser
  let chiefId: number
  before(async () => {
    world = await testAuth({ mail: box.mail, limits: { registrations: 1000 } })
    const made = await administrator(world)
    chief = made.browser
    chiefId = made.id
  })
  after(() => world.close())

  const log = async (query = '', browser = chief) => {
    const answer = await browser.get(`/admin/log?${query}`, json)
    assert.equal(answer.status, 200, query)
    return logShape.parse(await answer.json())
  }
  const kinds = async (query: string) => (await log(query)).events.map(({ event }) => event)
  const exported = (body: Record<string, string>, browser = chief) => browser.send('/admin/log/export', { json: body })

  test('ADM-01, LOG-08: no export without a fresh step-up, none by GET, none of a filter that means nothing', async () => {
    const events = async () => (await rowsOf(world.auth, 'SELECT id FROM audit_events')).length
    const late = (await administrator(world, 'late')).browser
    const before = await events()
    world.pass(minutes(11))
    const refused = await exported({ format: 'csv' }, late)
    assert.deepEqual([refused.status, await codeIn(refused)], [403, 'step_up_required'])
    assert.equal((await late.get('/admin/log/export', html)).status, 303)
    world.pass(-minutes(11))
    for (const body of [
      {},
      { format: 'xlsx' },
      { format: 'csv', event: 'signed_in' },
      { format: 'csv', from: 'yesterday' },
      { format: 'csv', to: '2026-13-40' },
      { format: 'csv', person: 'nobody-at-all' },
      { format: 'csv', person: 'x'.repeat(300) },
    ]) {
      assert.equal((await exported(body)).status, 422, JSON.stringify(body))
    }
    const shown = await chief.send('/admin/log/export', { form: { format: 'csv', person: 'nobody-at-all' } })
    assert.equal(shown.status, 422)
    assert.match(await shown.text(), /Nobody has this name/)
    const foreign = await chief.send('/admin/log/export', {
      form: { format: 'csv' },
      headers: { origin: 'https://evil.example' },
    })
    assert.equal(foreign.status, 403)
    assert.equal(await events(), before, 'nothing was exported, nothing is written')
  })

  test('filters by person, event, address and time; who is unknown has no events; what means nothing filters nothing', async () => {
    await signedUp(world, 'ada', password)
    const guest = world.browser({ address: '203.0.113.77' })
    await guest.send('/auth/login', { json: { username: 'ada', password: 'wrong wrong' } })
    await guest.send('/auth/login', { json: { username: 'nobody.here', password: 'wrong wrong' } })
    const id = await idOf(world, 'ada')
    for (const person of ['ada', 'ADA', 'ada%40example.org', String(id)]) {
      assert.deepEqual(await kinds(`person=${person}`), ['sign_in', 'register'], person)
    }
    for (const person of ['nobody.here', '999999', '0', '%27%20or%201%3D1', '%00x']) {
      assert.deepEqual(await kinds(`person=${person}`), [], person)
    }
    const tried = (await log('address=203.0.113.77')).events
    assert.deepEqual(
      tried.map(({ user_id, result }) => [user_id, result]),
      [
        [null, 'failed'],
        [id, 'failed'],
      ],
    )
    assert.ok(!JSON.stringify(tried).includes('nobody.here'), 'AUD-02: the tried name may be a password')
    assert.deepEqual(await kinds(`person=${id}&event=register`), ['register'])
    assert.deepEqual([...new Set(await kinds('event=authenticator_added'))], ['authenticator_added'])
    const today = new Date(world.clock()).toISOString().slice(0, 10)
    assert.equal((await kinds(`person=ada&from=${today}&to=${today}`)).length, 2)
    assert.deepEqual(await kinds('person=ada&to=2020-01-01'), [])
    assert.deepEqual(await kinds('person=ada&from=2099-01-01'), [])
    const [newest] = tried
    assert.deepEqual((await log(`from=${newest?.at}`)).events.at(-1)?.id, newest?.id)
    assert.equal((await kinds(`from=2020-01-01T00:00:00Z&to=${newest?.at}`)).includes('register'), true)
    const all = await kinds('')
    for (const query of [
      'event=x',
      'from=x',
      'to=2026-02-31x',
      'before=x',
      'before=1-',
      `before=${'9'.repeat(40)}-1`,
    ]) {
      assert.deepEqual(await kinds(query), all, query)
    }
  })

  test('pages show each event once, also when others come in between', async () => {
    const browser = await signedUp(world, 'busy', password)
    for (let n = 0; n < 120; n++) await browser.send('/settings/profile', { json: { display_name: `Busy ${n}` } })
    for (const filter of ['', 'person=busy&', 'event=profile_changed&', 'address=127.0.0.1&']) {
      const seen: number[] = []
      for (let before: string | null = ''; before !== null; ) {
        const page = await log(`${filter}before=${before}`)
        assert.ok(page.events.length <= 50)
        seen.push(...page.events.map(({ id }) => id))
        before = page.next_before
        await browser.send('/settings/profile', { json: { display_name: 'in between' } })
      }
      assert.ok(seen.length >= 120, filter)
      assert.equal(new Set(seen).size, seen.length)
      assert.deepEqual(
        seen,
        seen.toSorted((a, b) => b - a),
      )
    }
    const page = await (await chief.get('/admin/log?person=busy', html)).text()
    assert.match(page, /href="\/admin\/log\?person=busy&amp;before=\d+-\d+"/)
    assert.match(page, /href="\/admin\/log\/export\?person=busy"/)
  })

  test('no page of it is sorted anew: an index carries each filter', async (t) => {
    if (world.auth.connection.kind !== 'sqlite') return t.skip('its planner takes no index for a handful of rows')
    const plan = async (where: string, order: string) =>
      (
        await rowsOf(
          world.auth,
          `EXPLAIN QUERY PLAN SELECT * FROM audit_events e WHERE ${where} ORDER BY ${order} LIMIT 50`,
        )
      )
        .map(({ detail }) => String(detail))
        .join('; ')
    const byTime = 'e.at DESC, e.id DESC'
    for (const [where, order, index] of [
      ['(e.at, e.id) < (1, 1)', byTime, 'audit_events_by_time'],
      ["e.event = 'sign_in' AND (e.at, e.id) < (1, 1)", byTime, 'audit_events_by_event'],
      ["e.address = 'x' AND (e.at, e.id) < (1, 1)", byTime, 'audit_events_by_address'],
      ['e.user_id = 1 AND e.id < 9', 'e.id DESC', 'audit_events_by_user'],
    ] as const) {
      const steps = await plan(where, order)
      assert.match(steps, new RegExp(`USING INDEX ${index}`), where)
      assert.doesNotMatch(steps, /TEMP B-TREE/, where)
    }
  })

  test('acts of administrators and of the command line stand in it with who did them', async () => {
    await signedUp(world, 'target', password)
    const id = await idOf(world, 'target')
    await chief.send(`/admin/people/${id}/disable`, { json: { reason: 'Posted spam' } })
    await world.auth.admin.setActive(id, true, 'command line')
    const [enabled, disabled] = (await log(`person=${id}`)).events
    assert.deepEqual([enabled?.event, enabled?.actor], ['account_enabled', 'command line'])
    assert.deepEqual([disabled?.event, disabled?.actor], ['account_disabled', `administrator ${chiefId}`])
    const page = await (await chief.get(`/admin/log?person=${id}`, html)).text()
    assert.match(page, /Reason: Posted spam/)
    assert.match(page, new RegExp(`href="/admin/people/${chiefId}"`))
    const own = await (await chief.get('/admin/log?person=chief&event=admin_act', html)).text()
    assert.match(own, /As an administrator, for target: Account disabled/)
  })

  test('AUD-04: the page of one account tells whether its chain fits together', async () => {
    await signedUp(world, 'chained', password)
    const login = { json: { username: 'chained', password } }
    for (let n = 0; n < 3; n++) await world.browser().send('/auth/login', login)
    assert.equal((await log('person=chained')).chain, 'fits')
    assert.equal((await log('')).chain, null)
    assert.match(await (await chief.get('/admin/log?person=chained', html)).text(), /fit together: nothing/)
    // While somebody signs in again and again, it fits too.
    const looks = await Promise.all(
      Array.from({ length: 8 }, (_, n) => (n % 2 ? log('person=chained') : world.browser().send('/auth/login', login))),
    )
    for (const look of looks) if (!(look instanceof Response)) assert.equal(look.chain, 'fits')
    const rows = await rowsOf(world.auth, 'SELECT id FROM audit_events WHERE user_id = ? ORDER BY id', [
      await idOf(world, 'chained'),
    ])
    await write(world.auth, 'DELETE FROM audit_events WHERE id = ?', [Number(rows[2]?.['id'])])
    assert.equal((await log('person=chained')).chain, 'broken')
    assert.match(await (await chief.get('/admin/log?person=chained', html)).text(), /do not fit together/)
  })

  test('RED-03, RED-06: what strangers wrote is text on the page, no formula in a table, and no line of its own', async () => {
    const userAgent = '=HYPERLINK("https://evil.example","x")\r\n@SUM(1) <b>x</b>'
    const agents = [userAgent, '+1', '-1', '@x', '\tcmd', '＝1', ' =1', 'plain, "quoted"']
    await signedUp(world, 'evil', password)
    const id = await idOf(world, 'evil')
    for (const agent of agents) {
      // Past the browser, which takes no line ends in a header.
      await write(
        world.auth,
        `INSERT INTO audit_events (at, event, result, user_id, address, user_agent, request_id)
         VALUES (?, 'sign_in', 'ok', ?, '198.51.100.5', ?, 'r-1')`,
        [world.clock(), id, agent],
      )
    }
    assert.doesNotMatch(await (await chief.get('/admin/log?address=198.51.100.5', html)).text(), /<b>x/)
    const csv = await (await exported({ format: 'csv', address: '198.51.100.5' })).text()
    const lines = csv.split('\r\n').filter((line) => line !== '')
    assert.equal(lines.length, agents.length + 1, 'a line for each')
    for (const line of lines.slice(1)) {
      assert.doesNotMatch(line, /(^|,)"\s*[=+\-@＝]/u, line)
      assert.doesNotMatch(line, /[\p{Cc}\u2028]/u)
    }
    assert.ok(csv.includes(`"'=HYPERLINK(""https://evil.example"",""x"")`))
    assert.ok(csv.includes('"plain, ""quoted"""'))
    const lineShape = z.looseObject({ user_agent: z.string(), username: z.literal('evil') })
    const told = (await (await exported({ format: 'jsonl', address: '198.51.100.5' })).text()).trimEnd().split('\n')
    assert.deepEqual(
      told.map((line) => lineShape.parse(JSON.parse(line)).user_agent),
      agents.toReversed(),
    )
  })

  test('the file holds what the filter says, in batches, no secret, and tells of itself', async () => {
    await box.letters(world)
    const answer = await exported({ format: 'jsonl', person: '', event: '', from: '', to: '', address: '' })
    assert.equal(answer.status, 200)
    assert.match(answer.headers.get('content-disposition') ?? '', /^attachment; filename="account-log-[\d-]+\.jsonl"$/)
    assert.match(answer.headers.get('cache-control') ?? '', /no-store/)
    const text = await answer.text()
    const events = text
      .trimEnd()
      .split('\n')
      .map((line) => eventShape.parse(JSON.parse(line)))
    assert.equal(events.length, (await rowsOf(world.auth, 'SELECT id FROM audit_events')).length)
    assert.deepEqual([events[0]?.event, events[0]?.user_id], ['log_exported', chiefId])
    const secrets = await rowsOf(world.auth, 'SELECT password_hash AS secret FROM users')
    for (const { secret } of secrets) assert.ok(!text.includes(String(secret)))
    assert.ok(!text.includes(password) && !text.includes(chief.jar.get('mia_session') ?? 'none'), 'AUD-02')
    assert.match((await box.letters(world))[0]?.subject ?? '', /The log of all accounts was exported/)

    const some = await (await exported({ format: 'jsonl', person: 'busy', event: 'register' })).text()
    assert.deepEqual(
      some
        .trimEnd()
        .split('\n')
        .map((line) => eventShape.parse(JSON.parse(line)).event),
      ['register'],
    )
    const [last] = await rowsOf(
      world.auth,
      "SELECT detail FROM audit_events WHERE event = 'log_exported' ORDER BY id DESC LIMIT 1",
    )
    assert.deepEqual(JSON.parse(String(last?.['detail'])), { format: 'jsonl', person: 'busy', event: 'register' })
  })

  test('a long log is read a batch at a time, and no further when nobody takes it', async () => {
    await world.auth.connection.transaction(async (execute) => {
      const sql =
        world.auth.connection.kind === 'sqlite'
          ? "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1700) INSERT INTO audit_events (at, event, result, address, user_agent, request_id) SELECT 1000 + i, 'sign_in', 'failed', '192.0.2.1', '', 'r' FROM n"
          : "INSERT INTO audit_events (at, event, result, address, user_agent, request_id) SELECT 1000 + i, 'sign_in', 'failed', '192.0.2.1', '', 'r' FROM generate_series(1, 1700) AS i"
      await execute({ sql, parameters: [] })
    })
    const whole = await (await exported({ format: 'csv', address: '192.0.2.1' })).text()
    assert.equal(whole.split('\r\n').length, 1702)
    const left = await exported({ format: 'csv', address: '192.0.2.1' })
    const reader = left.body?.getReader()
    const first = await reader?.read()
    assert.equal(new TextDecoder().decode(first?.value).split('\r\n').length, 502)
    await reader?.cancel()
  })
})

test('AD4: with short addresses the log and its lines hold networks alone, and a filter by an address still finds them', async () => {
  const world = await testAuth({ logAddresses: 'short' })
  try {
    const { browser: chief } = await administrator(world)
    for (const [address, kept] of [
      ['203.0.113.77', '203.0.113.0/24'],
      ['2001:db8:1:2::77', '2001:db8:1::/48'],
      ['::ffff:198.51.100.9', '198.51.100.0/24'],
      ['unknown', 'unknown'],
    ] as const) {
      const login = { json: { username: 'chief', password: 'wrong wrong' } }
      await world.browser({ address }).send('/auth/login', login)
      const answer = await chief.get(`/admin/log?address=${encodeURIComponent(address)}`, json)
      const [event] = logShape.parse(await answer.json()).events
      assert.deepEqual([event?.event, event?.address], ['sign_in', kept])
      assert.equal(world.lines.findLast(({ message }) => message === 'sign_in')?.fields['address'], kept)
    }
    const written = JSON.stringify([world.lines, await rowsOf(world.auth, 'SELECT * FROM audit_events')])
    assert.doesNotMatch(written, /203\.0\.113\.77|db8:1:2|198\.51\.100\.9/)
  } finally {
    await world.close()
  }
})

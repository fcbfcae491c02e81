import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { days } from '@miachat/auth'
import { z } from 'zod'
import { administrator, idOf } from './support/administrator.ts'
import { addPasskey, SoftPasskey } from './support/authenticator.ts'
import type { Browser } from './support/browser.ts'
import { letterBox, linkIn } from './support/letters.ts'
import { createProgram } from './support/program.ts'
import { addAuthenticator, password } from './support/second-factor.ts'
import { count, rowsOf } from './support/sql.ts'
import { stored } from './support/stored.ts'
import { baseUrl, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const json = { accept: 'application/json' }
const html = { accept: 'text/html' }
const codeIn = async (response: Response) => z.looseObject({ code: z.string() }).parse(await response.json()).code
const act = (browser: Browser, id: number, what: string, reason = 'Asked at my desk') =>
  browser.send(`/admin/people/${id}/${what}`, { json: { reason } })

describe('AD2, AD3: what administrators do to one thing of an account, and its deletion', () => {
  const box = letterBox()
  let world: TestAuth
  let chief: Browser
  let chiefId: number
  before(async () => {
    world = await testAuth({
      mail: box.mail,
      limits: { registrations: 1000 },
      leaving: { goes: () => ['3 notes', '1 drawing'] },
    })
    const made = await administrator(world)
    chief = made.browser
    chiefId = made.id
  })
  after(() => world.close())

  const signIn = (username: string) => world.browser().send('/auth/login', { json: { username, password } })
  const partsOf = async (id: number, what: string) => {
    const page = await (await chief.get(`/admin/people/${id}`, html)).text()
    return [...page.matchAll(new RegExp(`href="/admin/people/${id}/(${what}/[^"]+)"`, 'g'))].map(
      ([, path]) => `${path}`,
    )
  }
  const eventsOf = async (id: number) =>
    (
      await rowsOf(world.auth, 'SELECT event, actor, session FROM audit_events WHERE user_id = ? ORDER BY id', [id])
    ).map(({ event }) => event)

  test('ACC-03: no thing of somebody else, none that is not there, none by GET, and nothing is written', async () => {
    const browser = await signedUp(world, 'keeper', password)
    await addAuthenticator(world, browser)
    const other = await signedUp(world, 'stranger', password)
    await addAuthenticator(world, other)
    const id = await idOf(world, 'keeper')
    const strangerId = await idOf(world, 'stranger')
    const before = await eventsOf(id)
    const foreign = [...(await partsOf(strangerId, 'sessions')), ...(await partsOf(strangerId, 'authenticators'))]
    assert.equal(foreign.length, 2)
    const none = ['sessions/x/end', 'authenticators/x/remove', 'passkeys/x/remove', 'security-keys/x/remove']
    for (const what of [...foreign, ...none]) {
      assert.equal((await act(chief, id, what)).status, 404, what)
      assert.equal((await chief.get(`/admin/people/${id}/${what}`, html)).status, 404, what)
    }
    for (const what of await partsOf(id, 'sessions')) {
      assert.equal((await chief.get(`/admin/people/${id}/${what}`, html)).status, 200)
    }
    assert.deepEqual(await eventsOf(id), before)
    assert.equal((await browser.get('/settings', html)).status, 200)
    assert.equal((await other.get('/settings', html)).status, 200)
  })

  test('one session ends and the others stay, in both logs and in a letter with the reason', async () => {
    const kept = await signedUp(world, 'traveller', password)
    const lost = world.browser({ address: '203.0.113.9' })
    await lost.send('/auth/login', { json: { username: 'traveller', password } })
    const program = createProgram(world)
    const { body } = await program.login('traveller', password)
    const id = await idOf(world, 'traveller')
    const page = await (await chief.get(`/admin/people/${id}`, html)).text()
    const rows = page.split('<li class="row').filter((row) => row.includes('/sessions/'))
    assert.equal(rows.length, 3)
    const ofLost = rows.find((row) => row.includes('203.0.113.9'))
    const what = /people\/\d+\/(sessions\/[^"]+)"/.exec(ofLost ?? '')?.[1] ?? assert.fail('no link')
    await box.letters(world)
    assert.equal((await act(chief, id, what, 'Seen in a strange network')).status, 200)
    assert.equal((await lost.get('/settings', html)).status, 303)
    assert.equal((await kept.get('/settings', html)).status, 200)
    assert.equal((await program.me(body.access_token)).status, 200)
    assert.equal((await act(chief, id, what)).status, 404, 'it is gone')
    const [letter] = await box.letters(world)
    assert.match(letter?.subject ?? '', /^You were signed out/)
    assert.match(letter?.text ?? '', /Reason: Seen in a strange network/)
    assert.doesNotMatch(letter?.text ?? '', /\/auth\/undo|127\.0\.0\.1|chief/)
    const log = await (await kept.get('/settings/activity', html)).text()
    assert.match(log, /signed out by an administrator\. Reason: Seen in a strange network/)
    assert.match(await (await chief.get('/settings/activity', html)).text(), /for traveller: Devices were signed out/)
    const asToken = (await partsOf(id, 'sessions')).length
    assert.equal(asToken, 2)
  })

  test('one authenticator goes, the other stays; with the last one the recovery codes; everything open ends', async () => {
    const browser = await signedUp(world, 'two-phones', password)
    await addAuthenticator(world, browser)
    await addAuthenticator(world, browser, 'A tablet')
    const id = await idOf(world, 'two-phones')
    const [first, second] = await partsOf(id, 'authenticators')
    await box.letters(world)
    assert.equal((await act(chief, id, first ?? '', 'Lost the phone')).status, 200)
    assert.equal((await browser.get('/settings', html)).status, 303, 'SES-07')
    assert.equal(await codeIn(await signIn('two-phones')), 'second_factor_required')
    const [letter] = await box.letters(world)
    assert.match(letter?.subject ?? '', /^An authenticator was removed/)
    assert.match(letter?.text ?? '', /Reason: Lost the phone/)
    assert.doesNotMatch(letter?.text ?? '', /127\.0\.0\.1/)
    linkIn(letter, '/auth/undo')
    assert.equal((await act(chief, id, second ?? '')).status, 200)
    assert.equal(await count(world.auth, 'recovery_codes', 'WHERE user_id = ?', [id]), 0)
    assert.equal((await signIn('two-phones')).status, 200)
    const own = await rowsOf(world.auth, 'SELECT id FROM authenticators WHERE user_id = ?', [chiefId])
    const refused = await act(chief, chiefId, `authenticators/${own[0]?.['id']}/remove`)
    assert.deepEqual([refused.status, await codeIn(refused)], [403, 'forbidden'], 'AD6')
  })

  test('PKY-05: one passkey goes, never the last way in', async () => {
    const browser = await signedUp(world, 'key-holder', password)
    assert.equal((await addPasskey(browser, new SoftPasskey())).status, 200)
    assert.equal((await addPasskey(browser, new SoftPasskey())).status, 200)
    const id = await idOf(world, 'key-holder')
    const [first, second] = await partsOf(id, 'passkeys')
    await box.letters(world)
    assert.equal((await act(chief, id, first ?? '', 'Stolen')).status, 200)
    assert.match((await box.letters(world))[0]?.text ?? '', /removed one of the passkeys.*Reason: Stolen/s)
    await stored(world).transaction((trx) =>
      trx.updateTable('users').set({ password_hash: '!' }).where('id', '=', id).execute(),
    )
    const refused = await act(chief, id, second ?? '')
    assert.deepEqual([refused.status, await codeIn(refused)], [409, 'last_way_in'])
    assert.deepEqual((await partsOf(id, 'passkeys')).length, 1)
  })

  test('AD2: the page tells sign-ins and what is stored in numbers, and no name that the person has given', async () => {
    const browser = await signedUp(world, 'writes', password)
    await browser.send('/settings/profile', { json: { display_name: 'Secret Garden' } })
    assert.equal((await addPasskey(browser, new SoftPasskey())).status, 200)
    const passkeys = await rowsOf(world.auth, 'SELECT id FROM passkeys ORDER BY created_at DESC')
    await browser.send(`/settings/passkeys/${passkeys[0]?.['id']}/rename`, { json: { name: 'Hidden key' } })
    await addAuthenticator(world, browser, 'Hidden phone')
    const id = await idOf(world, 'writes')
    await world
      .browser({ address: '203.0.113.50' })
      .send('/auth/login', { json: { username: 'writes', password: 'x' } })
    const page = await (await chief.get(`/admin/people/${id}`, html)).text()
    assert.match(page, /3 notes<br>1 drawing/)
    assert.match(page, /id="sign-ins"[\s\S]*Somebody tried a wrong password[\s\S]*203\.0\.113\.50/)
    assert.match(page, new RegExp(`href="/admin/log\\?person=${id}"`))
    const asks = await Promise.all(
      [...(await partsOf(id, 'passkeys')), ...(await partsOf(id, 'authenticators'))].map(async (what) =>
        (await chief.get(`/admin/people/${id}/${what}`, html)).text(),
      ),
    )
    assert.equal(asks.length, 2)
    for (const text of [page, ...asks]) assert.doesNotMatch(text, /Hidden|Secret Garden/)
  })

  test('every act on the whole account is told by a letter with its reason', async () => {
    await signedUp(world, 'told', password)
    const id = await idOf(world, 'told')
    await box.letters(world)
    for (const [what, subject] of [
      ['disable', /^Your account was disabled/],
      ['enable', /^Your account is enabled again/],
      ['end-sessions', /^You were signed out/],
      ['make-admin', /^You are an administrator/],
      ['remove-admin', /^You are no administrator any more/],
      ['reset-link', /^A link for a new password was made/],
    ] as const) {
      assert.equal((await act(chief, id, what, `Because of ${what}`)).status, 200, what)
      const [letter, ...others] = await box.letters(world)
      assert.equal(others.length, 0, what)
      assert.match(letter?.subject ?? '', subject)
      assert.match(letter?.text ?? '', new RegExp(`Reason: Because of ${what}`))
    }
  })

  test('AD6: nobody deletes the own account here, nor one that is about to be deleted', async () => {
    assert.equal((await act(chief, chiefId, 'delete')).status, 403)
    const browser = await signedUp(world, 'going', password)
    const id = await idOf(world, 'going')
    await browser.send('/settings/delete', { json: { username: 'going', password } })
    assert.equal((await act(chief, id, 'delete')).status, 409)
    assert.doesNotMatch(await (await chief.get(`/admin/people/${id}`, html)).text(), /\/delete"/)
  })

  test('SES-07: whoever was disabled does not come in by a deletion, nor by a link of an older letter', async () => {
    const browser = await signedUp(world, 'shut-out', password)
    const id = await idOf(world, 'shut-out')
    await box.letters(world)
    await browser.send('/settings/password', { json: { current_password: password, new_password: `${password}!` } })
    const older = (await box.letters(world))[0]
    assert.equal((await act(chief, id, 'disable')).status, 200)
    assert.equal((await act(chief, id, 'delete')).status, 200)
    const letters = await box.letters(world)
    assert.doesNotMatch(letters.at(-1)?.text ?? '', /To keep it|\/auth\/login/)
    const tried = await world
      .browser()
      .send('/auth/login', { json: { username: 'shut-out', password: `${password}!` } })
    assert.deepEqual([tried.status, await codeIn(tried)], [401, 'invalid_credentials'])
    const token = new URL(linkIn(older, '/auth/undo'), baseUrl).searchParams.get('token') ?? ''
    await world.browser().send('/auth/undo', { form: { token } })
    const [row] = await rowsOf(world.auth, 'SELECT is_active, deletes_at FROM users WHERE id = ?', [id])
    assert.equal(Boolean(row?.['is_active']), false)
    assert.notEqual(row?.['deletes_at'], null)
    assert.equal((await act(chief, id, 'enable')).status, 200)
    const [kept] = await rowsOf(world.auth, 'SELECT is_active, deletes_at, kept_out FROM users WHERE id = ?', [id])
    assert.deepEqual(
      [Boolean(kept?.['is_active']), kept?.['deletes_at'], Boolean(kept?.['kept_out'])],
      [true, null, false],
    )
  })

  test('an administrator who is deleted comes back as none', async () => {
    const other = await administrator(world, 'deputy')
    assert.equal((await act(chief, other.id, 'delete')).status, 200)
    assert.equal((await other.browser.get('/admin/people', json)).status, 401)
    const [row] = await rowsOf(world.auth, 'SELECT role FROM users WHERE id = ?', [other.id])
    assert.equal(row?.['role'], 'user')
  })

  test('ACC-01: a deletion ends everything, tells the person, and for the grace the person can keep the account', async () => {
    const browser = await signedUp(world, 'deleted', password)
    const id = await idOf(world, 'deleted')
    await box.letters(world)
    assert.equal((await act(chief, id, 'delete', 'Nobody here any more')).status, 200)
    assert.equal((await browser.get('/settings', html)).status, 303)
    const [letter] = await box.letters(world)
    assert.match(letter?.subject ?? '', /^Your account is closed/)
    assert.match(letter?.text ?? '', /Reason: Nobody here any more[\s\S]*To keep it, sign in before/)
    const page = await (await chief.get(`/admin/people/${id}`, html)).text()
    assert.match(page, /Closed<[\s\S]*To be deleted<\/dt><dd><time[^>]*>in [67] days/)
    const back = world.browser()
    await back.send('/auth/login', { form: { username: 'deleted', password } })
    assert.equal((await back.send('/auth/restore', { form: {} })).status, 303)
    assert.equal((await back.get('/settings', html)).status, 200)
    const log = await (await back.get('/settings/activity', html)).text()
    assert.match(log, /Account closed, to be deleted by an administrator\. Reason: Nobody here any more/)

    assert.equal((await act(chief, id, 'delete')).status, 200)
    assert.equal((await act(chief, id, 'enable')).status, 200, 'an administrator keeps it too')
    assert.equal((await act(chief, id, 'delete')).status, 200)
    world.pass(days(8))
    await world.auth.sweep()
    assert.equal(await count(world.auth, 'users', 'WHERE id = ?', [id]), 0)
    assert.deepEqual((await eventsOf(id)).slice(-2), ['account_leaving', 'account_deleted'])
  })
})

test('ACC-01: without a grace an administrator deletes at once, and the letter goes out all the same', async () => {
  const box = letterBox()
  const world = await testAuth({ mail: box.mail, leaving: { grace: 0 } })
  try {
    const { browser } = await administrator(world)
    await signedUp(world, 'at-once', password)
    const id = await idOf(world, 'at-once')
    await box.letters(world)
    assert.match(await (await browser.get(`/admin/people/${id}/delete`, html)).text(), /nobody brings it back/)
    assert.equal((await act(browser, id, 'delete', 'Asked for it')).status, 200)
    assert.equal(await count(world.auth, 'users', 'WHERE id = ?', [id]), 0)
    const [letter] = await box.letters(world)
    assert.deepEqual([letter?.to, /Reason: Asked for it/.test(letter?.text ?? '')], ['at-once@example.org', true])
    const form = await browser.get(`/admin/people/${id}`, html)
    assert.equal(form.status, 404)
  } finally {
    await world.close()
  }
})

describe('AD1: people by their last sign-in, and in each order', () => {
  let world: TestAuth
  let chief: Browser
  const names = Array.from({ length: 60 }, (_, n) => `p${String((n * 7) % 60).padStart(2, '0')}`)
  before(async () => {
    world = await testAuth({ limits: { registrations: 1000 } })
    chief = (await administrator(world)).browser
    for (const username of names) await world.auth.admin.addUser({ username, email: null, password: null }, 'test')
    // Every third has never signed in; the others some days ago, two each at the same moment.
    await stored(world).transaction(async (trx) => {
      for (const [n, username] of names.entries()) {
        const at = new Date(world.clock() - days(Math.floor(n / 2) * 4))
          .toISOString()
          .replace('T', ' ')
          .replace('Z', '')
        const last_login = n % 3 === 0 ? null : at
        await trx.updateTable('users').set({ last_login }).where('username', '=', username).execute()
      }
    })
  })
  after(() => world.close())

  const list = z.looseObject({
    people: z.array(z.looseObject({ username: z.string(), id: z.number(), last_login: z.string().nullable() })),
    next_after: z.string().nullable(),
  })
  const found = async (query: string) => list.parse(await (await chief.get(`/admin/people?${query}`, json)).json())
  async function all(query: string) {
    const people = []
    for (let after: string | null = ''; after !== null; ) {
      const page = await found(`${query}&after=${encodeURIComponent(after)}`)
      people.push(...page.people)
      after = page.next_after
    }
    return people
  }

  test('each order shows everybody once, a page after the other', async () => {
    const byName = await all('sort=name')
    assert.deepEqual(
      byName.map(({ username }) => username),
      ['chief', ...names].sort(),
    )
    const bySeen = await all('sort=seen')
    assert.equal(new Set(bySeen.map(({ id }) => id)).size, names.length + 1)
    const times = bySeen.map(({ last_login }) => (last_login === null ? 0 : Date.parse(last_login)))
    assert.deepEqual(
      times,
      times.toSorted((a, b) => b - a),
      'never comes last',
    )
    const newest = (await all('sort=newest')).map(({ id }) => id)
    assert.deepEqual(
      newest,
      newest.toSorted((a, b) => b - a),
    )
    assert.equal(newest.length, names.length + 1)
  })

  test('a place that is none begins anew, and is no fault', async () => {
    for (const sort of ['newest', 'name', 'seen']) {
      for (const after of [
        '',
        '|',
        '|x',
        'x|1',
        '2026-02-31 00:00:00|1',
        '2026-99-01 00:00:00|1',
        '%00',
        '%27',
        '9'.repeat(400),
      ]) {
        const answer = await chief.get(`/admin/people?sort=${sort}&after=${after.replaceAll(' ', '%20')}`, json)
        assert.equal(answer.status, 200, `${sort} ${after}`)
      }
    }
  })

  test('filters by the last sign-in', async () => {
    const seen = async (word: string) => (await all(`seen=${word}`)).map(({ last_login }) => last_login)
    const ago = (last: string | null) => (last === null ? Number.POSITIVE_INFINITY : world.clock() - Date.parse(last))
    for (const n of [7, 30, 90]) {
      const within = await seen(String(n))
      assert.ok(within.length > 0 && within.every((last) => ago(last) <= days(n)), String(n))
      if (n === 7) continue
      const not = await seen(`not-${n}`)
      assert.ok(not.every((last) => ago(last) > days(n)))
      assert.equal(within.length + not.length, names.length + 1)
    }
    assert.ok((await seen('never')).every((last) => last === null))
    assert.equal((await seen('never')).length, 20)
    const page = await (await chief.get('/admin/people?seen=not-90&sort=seen', html)).text()
    assert.match(page, /<details open>[\s\S]*<option value="not-90" selected>[\s\S]*<option value="seen" selected>/)
  })

  test('no page is sorted anew: an index carries each order', async (t) => {
    if (world.auth.connection.kind !== 'sqlite') return t.skip('its planner takes no index for a handful of rows')
    for (const [where, order] of [
      ["username_key > 'p'", 'username_key'],
      ["last_login IS NOT NULL AND (last_login, id) < ('2026', 1)", 'last_login DESC, id DESC'],
      ['last_login IS NULL AND id < 9', 'id DESC'],
      ['id < 9', 'id DESC'],
    ]) {
      const plan = await rowsOf(
        world.auth,
        `EXPLAIN QUERY PLAN SELECT * FROM users WHERE ${where} ORDER BY ${order} LIMIT 26`,
      )
      const steps = plan.map(({ detail }) => String(detail)).join('; ')
      assert.match(steps, /USING (INDEX|INTEGER PRIMARY KEY)/, where)
      assert.doesNotMatch(steps, /TEMP B-TREE/, where)
    }
  })
})

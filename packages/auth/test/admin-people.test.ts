import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { minutes } from '@miachat/auth'
import { z } from 'zod'
import { administrator, idOf, newAdministrator } from './support/administrator.ts'
import { addPasskey, SoftPasskey } from './support/authenticator.ts'
import type { Browser } from './support/browser.ts'
import { letterBox, linkIn } from './support/letters.ts'
import { addAuthenticator, password, pendingOf } from './support/second-factor.ts'
import { write } from './support/sql.ts'
import { stored } from './support/stored.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const codeIn = async (response: Response) => z.looseObject({ code: z.string() }).parse(await response.json()).code
const json = { accept: 'application/json' }
const html = { accept: 'text/html' }

describe('ADM-01: each role before each address of the administration', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ limits: { registrations: 1000 } })
  })
  after(() => world.close())

  test('the table of route and role', async () => {
    const rows = world.auth.routes.filter(({ path }) => path.startsWith('/admin'))
    assert.ok(rows.length >= 15)
    // Whoever adds a row below /admin and forgets the word is stopped here.
    assert.deepEqual([...new Set(rows.map(({ access }) => access))], ['admin'])
    for (const { method, path, stepUp } of rows) {
      if (method === 'POST' || path.includes('/:id/')) assert.equal(stepUp, true, `LOG-08: ${method} ${path}`)
    }
    const { browser: chief } = await administrator(world)
    const disabled = await administrator(world, 'former')
    await world.auth.admin.setActive(disabled.id, false, 'test')
    const late = await administrator(world, 'late')
    const target = await idOf(world, 'late')
    const roles: readonly [string, Browser, [number, string]][] = [
      ['guest', world.browser(), [401, 'not_signed_in']],
      ['user', await signedUp(world, 'plain', password), [403, 'forbidden']],
      [
        'administrator without a second step',
        (await newAdministrator(world, 'bare')).browser,
        [403, 'second_factor_setup_required'],
      ],
      ['disabled administrator', disabled.browser, [401, 'not_signed_in']],
    ]
    for (const row of rows) {
      // Of an account that is not there: nothing must happen, even where a refusal is missing.
      const path = row.path.replace(':id', '999999')
      for (const [role, browser, expected] of roles) {
        const answer = await browser.send(path, { method: row.method, headers: json })
        assert.deepEqual([answer.status, await codeIn(answer)], expected, `${role}: ${row.method} ${path}`)
      }
      const known = await chief.send(path, { method: row.method, headers: json })
      // 422: an export wants to know in which form. 409: without mail there is none to be tried.
      assert.ok(
        [200, 303, 404, 409, 422].includes(known.status),
        `administrator: ${row.method} ${path} ${known.status}`,
      )
    }
    // Ten minutes later the pages still open, and nothing can be done without showing who it is.
    world.pass(minutes(11))
    for (const row of rows) {
      const path = row.path.replace(':id', String(target))
      const answer = await late.browser.send(path, { method: row.method, headers: json })
      if (row.stepUp) assert.deepEqual([answer.status, await codeIn(answer)], [403, 'step_up_required'], path)
      else assert.ok([200, 303].includes(answer.status), `${path} ${answer.status}`)
    }
  })
})

describe('AD7, AD8: the page of the server', () => {
  test('a test letter goes to the administrator alone; without mail there is none', async () => {
    const box = letterBox()
    const world = await testAuth({ mail: box.mail })
    try {
      const { browser } = await administrator(world)
      await box.letters(world)
      const sent = await browser.send('/admin/server/mail-test', { json: { to: 'other@example.org' } })
      assert.equal(sent.status, 200)
      const letters = await box.letters(world)
      assert.deepEqual(
        letters.map(({ to, subject }) => [to, subject]),
        [['chief@example.org', 'A test letter of localhost']],
      )
      const page = async () => (await browser.get('/admin/server', html)).text()
      assert.match(await page(), /No letter waits\./)
      await browser.send('/admin/server/mail-test', { json: {} })
      world.pass(minutes(6))
      assert.match(await page(), /1 letter waits for more than five minutes/)
      const state = await (await browser.get('/admin/server', json)).json()
      assert.deepEqual(state, {
        success: true,
        address: 'http://localhost:8080',
        encrypted: true,
        registration: 'open',
        administrators: 1,
        mail: { late: 1, last_error: null },
      })
    } finally {
      await world.close()
    }
    const without = await testAuth()
    try {
      const { browser } = await administrator(without)
      const refused = await browser.send('/admin/server/mail-test', { json: {} })
      assert.deepEqual([refused.status, await codeIn(refused)], [409, 'no_mail'])
      assert.match(await (await browser.get('/admin/server', html)).text(), /This server has no mail/)
    } finally {
      await without.close()
    }
  })
})

describe('ADM-02: what administrators do to accounts', () => {
  let world: TestAuth
  let chief: Browser
  let chiefId: number
  const box = letterBox()
  before(async () => {
    world = await testAuth({ limits: { registrations: 1000 }, mail: box.mail })
    const made = await administrator(world)
    chief = made.browser
    chiefId = made.id
    await box.letters(world)
  })
  after(() => world.close())

  const act = (browser: Browser, id: number, what: string, reason?: string) =>
    browser.send(`/admin/people/${id}/${what}`, { json: reason === undefined ? {} : { reason } })
  const events = async (id: number) =>
    (await world.auth.admin.events(id, 50)).map(({ event, actor, detail }) => ({ event, actor, detail }))
  const logOf = async (browser: Browser) => (await browser.get('/settings/activity', html)).text()
  const signIn = (username: string) => world.browser().send('/auth/login', { json: { username, password } })

  test('AD3: no act without a reason where one is due, none on oneself, none on nobody, and nothing is written', async () => {
    await signedUp(world, 'calm', password)
    const id = await idOf(world, 'calm')
    for (const what of [
      'disable',
      'enable',
      'end-sessions',
      'remove-second-factor',
      'make-admin',
      'remove-admin',
      'reset-link',
      'delete',
      'sessions/x/end',
      'authenticators/x/remove',
      'passkeys/x/remove',
      'security-keys/x/remove',
    ]) {
      for (const reason of [undefined, '', '   ']) {
        const refused = await act(chief, id, what, reason)
        assert.deepEqual([refused.status, await codeIn(refused)], [422, 'invalid_fields'], what)
      }
    }
    for (const reason of ['x'.repeat(201), 'two\nlines', 'turned \u202e round']) {
      assert.equal((await act(chief, id, 'disable', reason)).status, 422)
    }
    for (const what of ['disable', 'remove-admin', 'delete']) {
      assert.equal((await act(chief, chiefId, what, 'a mistake')).status, 403, 'AD6')
    }
    for (const path of ['999999', '0', '-1', '1e3', 'x', '99999999999999999999', `${id}%00`]) {
      assert.equal((await chief.send(`/admin/people/${path}/disable`, { json: { reason: 'r' } })).status, 404, path)
      assert.equal((await chief.get(`/admin/people/${path}`, html)).status, 404, path)
    }
    assert.equal((await act(chief, id, 'remove-second-factor', 'lost')).status, 409)
    assert.deepEqual(
      (await events(id)).map(({ event }) => event),
      ['register'],
    )
    assert.equal((await events(chiefId)).filter(({ event }) => event === 'admin_act').length, 0)
  })

  test('SES-07, AUD-01, AD10: disabling ends everything at once; both logs say who did it and why', async () => {
    const browser = await signedUp(world, 'noisy', password)
    const id = await idOf(world, 'noisy')
    assert.equal((await act(chief, id, 'disable', 'Posted <b>spam</b>')).status, 200)
    assert.equal((await browser.get('/settings', html)).status, 303)
    assert.equal((await signIn('noisy')).status, 401)
    const told = (await events(id)).find(({ event }) => event === 'account_disabled')
    assert.deepEqual(told, {
      event: 'account_disabled',
      actor: `administrator ${chiefId}`,
      detail: JSON.stringify({ reason: 'Posted <b>spam</b>' }),
    })
    const [own] = await events(chiefId)
    assert.equal(own?.event, 'admin_act')
    assert.deepEqual(JSON.parse(own?.detail ?? ''), {
      act: 'account_disabled',
      account: id,
      reason: 'Posted <b>spam</b>',
    })
    assert.match(await logOf(chief), /As an administrator, for noisy: Account disabled\. Reason: Posted &lt;b&gt;spam/)
    const line = world.lines.find(({ message }) => message === 'account_disabled')
    assert.deepEqual([line?.fields['user_id'], line?.fields['actor']], [id, `administrator ${chiefId}`])

    assert.equal((await act(chief, id, 'enable', 'Said sorry')).status, 200)
    const again = world.browser()
    assert.equal((await again.send('/auth/login', { json: { username: 'noisy', password } })).status, 200)
    const log = await logOf(again)
    assert.match(log, /Account disabled by an administrator\. Reason: Posted &lt;b&gt;spam&lt;\/b&gt;/)
    assert.doesNotMatch(log, /administrator \d|chief/, 'who of them it was is for the log of the server')
  })

  test('signing somebody out everywhere leaves the account as it is', async () => {
    const browser = await signedUp(world, 'roamer', password)
    assert.equal((await act(chief, await idOf(world, 'roamer'), 'end-sessions', 'Lost a laptop')).status, 200)
    assert.equal((await browser.get('/settings', html)).status, 303)
    assert.equal((await signIn('roamer')).status, 200)
  })

  test('V5, EML-01: an administrator marks an address as confirmed; the letter that waited is void, and the log tells of it', async () => {
    await box.letters(world)
    await signedUp(world, 'known', password)
    const id = await idOf(world, 'known')
    const [letter] = await box.letters(world)
    const token = linkIn(letter, '/auth/confirm-address')?.split('token=')[1]
    assert.equal((await act(chief, id, 'confirm-address')).status, 422)
    assert.match(await (await chief.get(`/admin/people/${id}`, html)).text(), /known@example.org<\/bdi>, not confirmed/)
    assert.equal((await act(chief, id, 'confirm-address', 'Seen at the desk')).status, 200)
    const page = await (await chief.get(`/admin/people/${id}`, html)).text()
    assert.doesNotMatch(page, /bdi>, not confirmed|\/confirm-address"/)
    const used = await world.browser().send('/auth/confirm-address', { json: { token } })
    assert.deepEqual([used.status, await codeIn(used)], [422, 'link_invalid'])
    // Once more says nothing new.
    assert.equal((await act(chief, id, 'confirm-address', 'Seen at the desk')).status, 200)
    const told = (await events(id)).filter(({ event }) => event === 'address_confirmed')
    assert.deepEqual(
      told.map(({ actor, detail }) => [actor, detail]),
      [[`administrator ${chiefId}`, JSON.stringify({ reason: 'Seen at the desk' })]],
    )
    assert.match(await logOf(chief), /As an administrator, for known: E-mail address confirmed\. Reason: Seen/)
  })

  test('RST-09, RST-02: a link for a new password, which tells no password and leaves the second step due', async () => {
    const browser = await signedUp(world, 'forgetful', password)
    await addAuthenticator(world, browser)
    const id = await idOf(world, 'forgetful')
    await box.letters(world)
    const answer = await act(chief, id, 'reset-link', 'Asked by phone')
    const { url } = z
      .strictObject({ success: z.literal(true), url: z.string(), expires_at: z.number() })
      .parse(await answer.json())
    assert.match(url, /^http:\/\/localhost:8080\/auth\/reset\?token=[\w-]{43}$/)
    const letters = await box.letters(world)
    assert.match(letters[0]?.subject ?? '', /^A link for a new password was made/)
    assert.doesNotMatch(letters[0]?.text ?? '', /127\.0\.0\.1|\/auth\/reset/)
    assert.ok(linkIn(letters[0], '/auth/undo'))
    const token = new URL(url).searchParams.get('token')
    const used = await world.browser().send('/auth/reset', { json: { token, new_password: 'a walk by the sea' } })
    assert.equal(used.status, 200)
    const due = await world.browser().send('/auth/login', {
      json: { username: 'forgetful', password: 'a walk by the sea' },
    })
    assert.equal(await codeIn(due), 'second_factor_required')
    assert.equal(JSON.stringify(world.lines).includes(String(token)), false)
  })

  test('AD3: the second step of somebody who has lost it is removed, with a reason, and the person is told', async () => {
    const browser = await signedUp(world, 'loser', password)
    await addAuthenticator(world, browser)
    await addAuthenticator(world, browser, 'My tablet')
    const id = await idOf(world, 'loser')
    const waiting = await pendingOf(world, 'loser')
    await box.letters(world)
    assert.equal((await act(chief, id, 'remove-second-factor', 'Lost the phone, came to my desk')).status, 200)
    assert.equal((await browser.get('/settings', html)).status, 303)
    assert.match((await box.letters(world))[0]?.subject ?? '', /^Your second step was removed/)
    const late = await world.browser().send('/auth/second-factor', { json: { pending_token: waiting, code: '123456' } })
    assert.equal(await codeIn(late), 'sign_in_expired')
    const again = world.browser()
    assert.equal((await again.send('/auth/login', { json: { username: 'loser', password } })).status, 200)
    assert.match(await logOf(again), /removed by an administrator\. Reason: Lost the phone/)
    const { authenticators, codes } = await leftOf(id)
    assert.deepEqual([authenticators, codes], [0, 0])
  })

  test('AD6: of two administrators who take the role of each other at once, one stays', async () => {
    const alone = await testAuth()
    try {
      const one = await administrator(alone, 'castor')
      const two = await administrator(alone, 'pollux')
      const answers = await Promise.all([
        act(one.browser, two.id, 'remove-admin', 'a duel'),
        act(two.browser, one.id, 'remove-admin', 'a duel'),
      ])
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 403])
      const winner = answers[0]?.status === 200 ? one : two
      assert.equal((await winner.browser.get('/admin/people', html)).status, 200)
    } finally {
      await alone.close()
    }
  })

  async function leftOf(id: number) {
    const { read } = stored(world)
    const authenticators = await read.selectFrom('authenticators').select('id').where('user_id', '=', id).execute()
    const codes = await read.selectFrom('recovery_codes').select('user_id').where('user_id', '=', id).execute()
    return { authenticators: authenticators.length, codes: codes.length }
  }
})

describe('AD1, AD2: the pages of people', () => {
  let world: TestAuth
  let chief: Browser
  const names = Array.from({ length: 30 }, (_, n) => `person-${String(n).padStart(2, '0')}`)
  before(async () => {
    world = await testAuth({ limits: { registrations: 1000 } })
    chief = (await administrator(world)).browser
    for (const username of names) {
      await world.auth.admin.addUser({ username, email: `${username}@example.org`, password: null }, 'test')
    }
    await world.auth.admin.addUser({ username: 'odd_one', email: null, password: null }, 'test')
  })
  after(() => world.close())

  const list = z.looseObject({
    people: z.array(z.looseObject({ username: z.string(), id: z.number() })),
    next_after: z.string().nullable(),
  })
  const found = async (query: string) => {
    const answer = await chief.get(`/admin/people?${query}`, json)
    assert.equal(answer.status, 200, query)
    return list.parse(await answer.json())
  }
  const namesOf = async (query: string) => (await found(query)).people.map(({ username }) => username)

  test('search takes part of a name or address, and no sign in it means more than itself', async () => {
    assert.deepEqual(await namesOf('q=SON-07'), ['person-07'])
    assert.deepEqual(await namesOf('q=person-07%40example'), ['person-07'])
    assert.deepEqual(await namesOf('q=d_o'), ['odd_one'])
    for (const q of ['%25', '_', '%5C', '%27%20or%201%3D1', '%00', 'nobody-at-all', '%ED%A0%80']) {
      const hits = await namesOf(`q=${q}`)
      assert.ok(q === '%00' ? hits.length === 25 : hits.every((name) => name === 'odd_one'), `${q}: ${hits.length}`)
    }
  })

  test('filters by state, role and second step; a word that means nothing filters nothing', async () => {
    assert.deepEqual(await namesOf('role=admin'), ['chief'])
    assert.deepEqual(await namesOf('factor=on'), ['chief'])
    assert.equal((await namesOf('factor=off&q=chief')).length, 0)
    await world.auth.admin.setActive(await idOf(world, 'person-03'), false, 'test')
    assert.deepEqual(await namesOf('state=disabled'), ['person-03'])
    assert.equal((await namesOf('state=active&q=person-03')).length, 0)
    assert.equal((await namesOf('state=x&role=y&factor=z&seen=v&sort=u&after=w')).length, 25)
  })

  test('pages by number lose nobody and show nobody twice, also when accounts come in between', async () => {
    const first = await found('')
    assert.equal(first.people.length, 25)
    await world.auth.admin.addUser({ username: 'late-comer', email: null, password: null }, 'test')
    const rest = await found(`after=${first.next_after}`)
    const all = [...first.people, ...rest.people].map(({ username }) => username)
    assert.deepEqual([...all].sort(), ['chief', ...names, 'odd_one'].sort())
    assert.equal(rest.next_after, null)
    const page = await (await chief.get('/admin/people?q=person', html)).text()
    assert.match(page, /href="\/admin\/people\?q=person&amp;after=\d+"/)
  })

  test('RED-03: names of other programs are text; PW-12: neither list nor page holds a secret', async () => {
    const id = await idOf(world, 'person-05')
    await stored(world).transaction((trx) =>
      trx.updateTable('users').set({ username: '<img src=x onerror=alert(1)>' }).where('id', '=', id).execute(),
    )
    const chiefId = await idOf(world, 'chief')
    for (const path of [
      '/admin/people',
      `/admin/people/${id}`,
      `/admin/people/${id}/disable`,
      `/admin/people/${chiefId}`,
    ]) {
      const text = await (await chief.get(path, html)).text()
      assert.ok(!text.includes('<img src=x'), path)
      assert.doesNotMatch(text, /\$2b\$|My phone/, path)
    }
    const secrets = await stored(world).read.selectFrom('authenticators').select('id').execute()
    const text = await (await chief.get(`/admin/people/${chiefId}`, html)).text()
    for (const secret of secrets) assert.ok(!text.includes(secret.id))
  })

  test('X5: a form without a reason shows itself again; the way of a form ends at the person with a word', async () => {
    const id = await idOf(world, 'person-09')
    const again = await chief.send(`/admin/people/${id}/disable`, { form: { reason: '' } })
    assert.equal(again.status, 422)
    assert.match(await again.text(), /<title>Error: Disable the account: person-09.*Say why; the person reads it/s)
    const done = await chief.send(`/admin/people/${id}/disable`, { form: { reason: 'Left us' } })
    assert.deepEqual([done.status, done.headers.get('location')], [303, `/admin/people/${id}?done=disable`])
    const page = await (await chief.get(`/admin/people/${id}?done=disable`, html)).text()
    assert.match(page, /The account is disabled\.[\s\S]*Account disabled by an administrator\. Reason: Left us/)
    assert.match(page, new RegExp(`href="/admin/people/${id}/enable"`))
    assert.doesNotMatch(page, /reset-link/)
  })
})

test('M8, ADM-02: a passkey is a second step where the password alone does not do', async () => {
  const world = await testAuth()
  try {
    const chief = (await administrator(world)).browser
    const keyed = await signedUp(world, 'keyed', password)
    assert.equal((await addPasskey(keyed, new SoftPasskey())).status, 200)
    const id = await idOf(world, 'keyed')
    const found = async () => {
      const { people } = z
        .looseObject({ people: z.array(z.looseObject({ username: z.string(), has_second_factor: z.boolean() })) })
        .parse(await (await chief.get('/admin/people?factor=on&q=keyed', json)).json())
      const page = await (await chief.get(`/admin/people/${id}`, html)).text()
      assert.doesNotMatch(page, /remove-second-factor/, 'there is no authenticator to remove')
      return [people.map((one) => one.has_second_factor), /<dt>Second step<\/dt><dd>([^<]*)/.exec(page)?.[1]]
    }
    const set = (what: string) =>
      write(world.auth, `UPDATE ${what} ${what.startsWith('users') ? 'WHERE id' : 'WHERE user_id'} = ${id}`)
    assert.deepEqual(await found(), [[], 'Not set up'], 'the password alone opens the account')
    await set('users SET factor_demanded_at = 1')
    assert.deepEqual(await found(), [[true], 'By passkey, demanded since '])
    await set("passkeys SET rp_id = 'elsewhere.example'")
    assert.deepEqual(await found(), [[], 'Not set up, demanded since '], 'a passkey of another host name')
    await set("passkeys SET rp_id = 'localhost', kind = 'security_key'")
    assert.deepEqual(
      await found(),
      [[], 'Not set up, demanded since '],
      'a security key stands beside an authenticator',
    )
    await set("passkeys SET kind = 'passkey'")
    await set("users SET factor_demanded_at = NULL, password_hash = '!'")
    assert.deepEqual(await found(), [[true], 'By passkey'], 'there is no password')
  } finally {
    await world.close()
  }
})

test('M8: where the server demands a second step of everybody, a passkey counts as one', async () => {
  const world = await testAuth({ secondFactor: { user: { grace: 1000 } } })
  try {
    const keyed = await signedUp(world, 'keyed', password)
    assert.equal((await addPasskey(keyed, new SoftPasskey())).status, 200)
    await signedUp(world, 'plain', password)
    const chief = (await administrator(world)).browser
    const names = async (factor: string) => {
      const answer = await chief.get(`/admin/people?factor=${factor}&role=user`, json)
      return z.looseObject({ people: z.array(z.looseObject({ username: z.string() })) }).parse(await answer.json())
        .people
    }
    assert.deepEqual(
      (await names('on')).map(({ username }) => username),
      ['keyed'],
    )
    assert.deepEqual(
      (await names('off')).map(({ username }) => username),
      ['plain'],
    )
  } finally {
    await world.close()
  }
})

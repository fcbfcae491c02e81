import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { hours, minutes } from '@miachat/auth'
import { z } from 'zod'
import type { Browser } from './support/browser.ts'
import { codeIn, type Letter, letterBox, linkIn } from './support/letters.ts'
import { password } from './support/second-factor.ts'
import { count } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const LINK = '/auth/confirm-address'
const stateShape = z.object({
  can_confirm: z.boolean(),
  email: z.string().nullable(),
  confirmed: z.boolean(),
  waiting: z.object({ email: z.string(), code_until: z.string().nullable() }).nullable(),
})
const problemShape = z.object({ code: z.string(), errors: z.array(z.object({ code: z.string() })).optional() })

const tokenOf = (link: string): string => new URL(link, 'http://x').searchParams.get('token') ?? ''

describe('the e-mail address of an account', () => {
  const box = letterBox()
  let world: TestAuth
  before(async () => {
    world = await testAuth({ mail: box.mail, siteName: 'Chat', limits: { registrations: 1000 } })
  })
  after(() => world.close())

  /** Somebody who has just registered, with the letter that came. */
  async function newcomer(name: string): Promise<{ browser: Browser; letter: Letter }> {
    await box.letters(world)
    const browser = await signedUp(world, name, password)
    const [letter, ...others] = await box.letters(world)
    assert.ok(letter)
    assert.equal(others.length, 0)
    assert.equal(letter.to, `${name}@example.org`)
    return { browser, letter }
  }
  async function confirmed(name: string): Promise<Browser> {
    const { browser, letter } = await newcomer(name)
    assert.equal((await byCode(browser, codeIn(letter))).status, 200)
    return browser
  }
  const byCode = (browser: Browser, code: string) => browser.send('/settings/address/confirm', { json: { code } })
  const byLink = (token: string) => world.browser().send(LINK, { json: { token } })
  const state = async (browser: Browser) =>
    stateShape.parse(await (await browser.get('/settings/address', { accept: 'application/json' })).json())
  const problem = async (response: Response) => problemShape.parse(await response.json())
  const ask = (browser: Browser, email: string) => browser.send('/settings/address', { json: { email } })
  async function change(browser: Browser, email: string): Promise<Letter> {
    assert.equal((await ask(browser, email)).status, 200)
    const letter = (await box.letters(world)).find(({ to }) => to === email)
    assert.ok(letter, email)
    return letter
  }

  test('EML-01: five wrong codes end the code: the right one no longer counts, the link still does', async () => {
    const { browser, letter } = await newcomer('six-tries')
    const code = codeIn(letter)
    const wrong = code === '00000000' ? '11111111' : '00000000'
    for (let n = 0; n < 5; n++) {
      const response = await byCode(browser, wrong)
      assert.equal(response.status, 422)
      assert.equal((await problem(response)).errors?.[0]?.code, 'wrong_code')
    }
    const late = await byCode(browser, code)
    assert.equal((await problem(late)).errors?.[0]?.code, 'code_expired')
    assert.equal((await state(browser)).confirmed, false)
    assert.equal((await byLink(tokenOf(linkIn(letter, LINK)))).status, 200)
    assert.equal((await state(browser)).confirmed, true)
  })

  test('EML-01: twenty wrong codes at once count as five', async () => {
    const { browser, letter } = await newcomer('crowd')
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => byCode(browser, `1234567${n % 10}`)))
    const codes = await Promise.all(answers.map(async (answer) => (await problem(answer)).errors?.[0]?.code))
    assert.equal(codes.filter((code) => code === 'wrong_code').length, 5)
    assert.equal((await byCode(browser, codeIn(letter))).status, 422)
  })

  test('EML-01: the code works for 10 minutes, the link for a day', async () => {
    const first = await newcomer('late-code')
    world.pass(minutes(10))
    const late = await byCode(first.browser, codeIn(first.letter))
    assert.equal((await problem(late)).errors?.[0]?.code, 'code_expired')
    const second = await newcomer('late-link')
    world.pass(hours(24))
    assert.equal((await problem(await byLink(tokenOf(linkIn(second.letter, LINK))))).code, 'link_invalid')
    const third = await newcomer('in-time')
    world.pass(hours(23.9))
    assert.equal((await byLink(tokenOf(linkIn(third.letter, LINK)))).status, 200)
  })

  test('EML-01: a code counts for the account that asked for it alone', async () => {
    const one = await newcomer('one-code')
    const other = await newcomer('other-code')
    assert.equal((await byCode(other.browser, codeIn(one.letter))).status, 422)
    assert.equal((await state(other.browser)).confirmed, false)
    assert.equal((await world.browser().send('/settings/address/confirm', { json: { code: '1' } })).status, 401)
  })

  test('V1: the code is taken with blanks and hyphens, once; neither code nor link lies in the database', async () => {
    const { browser, letter } = await newcomer('blanks')
    const code = codeIn(letter)
    const token = tokenOf(linkIn(letter, LINK))
    const where = 'WHERE payload LIKE ?'
    assert.equal(await count(world.auth, 'links', where, [`%${code}%`]), 0)
    assert.equal(await count(world.auth, 'links', where, [`%${token}%`]), 0)
    assert.equal((await byCode(browser, ` ${code.slice(0, 3)} ${code.slice(3)}- `)).status, 200)
    assert.equal((await byCode(browser, code)).status, 422)
    assert.equal((await problem(await byLink(token))).code, 'link_invalid')
  })

  test('RST-06: opening the link changes nothing, however often; it is used once', async () => {
    const { browser, letter } = await newcomer('scanner')
    const link = linkIn(letter, LINK)
    for (let n = 0; n < 3; n++) {
      const page = await world.browser().get(link)
      assert.equal(page.status, 200)
      assert.match(page.headers.get('cache-control') ?? '', /no-store/)
      assert.match(await page.text(), /scanner@example\.org.*scanner/s)
    }
    assert.equal((await state(browser)).confirmed, false)
    const uses = await Promise.all(Array.from({ length: 10 }, () => byLink(tokenOf(link))))
    assert.equal(uses.filter(({ status }) => status === 200).length, 1)
    assert.match(await (await world.browser().get(link)).text(), /This link does not work any more/)
  })

  test('EML-04: the link signs nobody in, and shows what it confirms', async () => {
    const { letter } = await newcomer('elsewhere')
    const stranger = world.browser()
    const form = { token: tokenOf(linkIn(letter, LINK)) }
    const answer = await stranger.send(LINK, { form })
    assert.equal(answer.status, 200)
    assert.deepEqual(answer.headers.getSetCookie(), [])
    assert.equal((await stranger.get('/settings/address')).status, 303)
  })

  test('RST-04: the link has the configured address, whatever the request says', async () => {
    const browser = world.browser()
    const json = { username: 'hosted', email: 'hosted@example.org', password }
    const headers = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' }
    assert.equal((await browser.send('/auth/register', { json, headers })).status, 200)
    const [letter] = await box.letters(world)
    assert.ok(letter)
    linkIn(letter, LINK)
    assert.ok(!`${letter.text}${letter.html}`.includes('evil'))
  })

  test('V2: another letter after a minute, five in an hour; the former code and link are void', async () => {
    const { browser, letter } = await newcomer('again')
    const send = () => browser.send('/settings/address/send', { json: {} })
    const early = await send()
    assert.equal(early.status, 429)
    assert.ok(Number(early.headers.get('retry-after')) <= 60)
    world.pass(minutes(1))
    assert.equal((await send()).status, 200)
    const [next] = await box.letters(world)
    assert.ok(next)
    assert.equal((await byLink(tokenOf(linkIn(letter, LINK)))).status, 422)
    for (let n = 0; n < 4; n++) {
      world.pass(minutes(1))
      assert.equal((await send()).status, 200, String(n))
    }
    world.pass(minutes(1))
    assert.equal((await send()).status, 429)
    assert.equal((await box.letters(world)).length, 4)
  })

  test('V2: every page reminds until it is done, and none afterwards', async () => {
    const { browser, letter } = await newcomer('reminded')
    const page = async () => (await browser.get('/settings')).text()
    assert.match(await page(), /not confirmed yet\. <a href="\/settings\/address">Confirm it/)
    await byCode(browser, codeIn(letter))
    assert.doesNotMatch(await page(), /not confirmed yet/)
    assert.equal((await browser.send('/settings/address/send', { json: {} })).status, 409)
  })

  test('EML-02, LOG-08: a change asks who it is, and nothing is sent before', async () => {
    const browser = await confirmed('old-session')
    world.pass(minutes(11))
    const refused = await ask(browser, 'thief@example.org')
    assert.equal(refused.status, 403)
    assert.equal((await problem(refused)).code, 'step_up_required')
    assert.deepEqual(await box.letters(world), [])
  })

  test('REG-03: what is no address is refused', async () => {
    const browser = await confirmed('mistyper')
    for (const email of [
      '',
      'x',
      'a@b',
      'a b@example.org',
      `a@example.org\r\nBcc: eve@example.org`,
      '<a@example.org>',
    ]) {
      assert.equal((await ask(browser, email)).status, 422, email)
    }
    assert.deepEqual(await box.letters(world), [])
  })

  test('EML-02: the new address counts once it is confirmed; the old one works until then and is told', async () => {
    const browser = await confirmed('mover')
    const letter = await change(browser, 'moved@example.org')
    assert.deepEqual(
      { ...(await state(browser)), waiting: (await state(browser)).waiting?.email },
      { can_confirm: true, email: 'mover@example.org', confirmed: true, waiting: 'moved@example.org' },
    )
    const signIn = (username: string) => world.browser().send('/auth/login', { json: { username, password } })
    assert.equal((await signIn('mover@example.org')).status, 200)
    assert.equal((await signIn('moved@example.org')).status, 401)
    assert.equal((await byCode(browser, codeIn(letter))).status, 200)
    assert.equal((await signIn('moved@example.org')).status, 200)
    assert.equal((await signIn('mover@example.org')).status, 401)
    const letters = (await box.letters(world)).filter(({ subject }) => !subject.includes('new browser'))
    const [told, ...others] = letters
    assert.equal(others.length, 0)
    assert.deepEqual([told?.to, told?.subject], ['mover@example.org', 'Your e-mail address was changed (Chat)'])
    assert.ok(told && !told.text.includes('moved@example.org'), 'who has the old mailbox does not learn the new one')
    linkIn(told, '/auth/undo')
  })

  test('EML-03: two changes: the first link is void, and so is a link for a new password after a change', async () => {
    const browser = await confirmed('twice')
    const first = await change(browser, 'first@example.org')
    world.pass(minutes(2))
    const second = await change(browser, 'second@example.org')
    const { id } = (await world.auth.admin.findUser('twice')) ?? assert.fail('nobody')
    const reset = tokenOf((await world.auth.admin.resetLink(id, 'a test')).url)
    assert.equal((await byLink(tokenOf(linkIn(first, LINK)))).status, 422)
    assert.equal((await byCode(browser, codeIn(first))).status, 422)
    assert.equal((await byLink(tokenOf(linkIn(second, LINK)))).status, 200)
    assert.equal((await state(browser)).email, 'second@example.org')
    const json = { token: reset, new_password: 'a thief has the old mailbox' }
    assert.equal((await world.browser().send('/auth/reset', { json })).status, 422)
  })

  test('EML-03: whether the address is free is asked again when it is confirmed', async () => {
    const browser = await confirmed('slow')
    const letter = await change(browser, 'wanted@example.org')
    await world.auth.registerUser({ username: 'quick', email: 'wanted@example.org', password })
    const late = await byLink(tokenOf(linkIn(letter, LINK)))
    assert.equal(late.status, 409)
    assert.equal((await problem(late)).code, 'email_taken')
    assert.equal((await state(browser)).email, 'slow@example.org')
  })

  test('REG-08: a change to an address that somebody has is answered the same; its owner gets a letter, and nothing else', async () => {
    await confirmed('owner-of-it')
    const browser = await confirmed('curious')
    const taken = await ask(browser, 'OWNER-OF-IT@example.org')
    const letters = await box.letters(world)
    const waiting = await state(browser)
    world.pass(minutes(2))
    const free = await ask(browser, 'nobody-has-it@example.org')
    assert.deepEqual([taken.status, await taken.text()], [free.status, await free.text()])
    assert.equal(waiting.waiting?.email, 'OWNER-OF-IT@example.org')
    assert.equal(letters.length, 1)
    assert.deepEqual(
      [letters[0]?.to, letters[0]?.subject],
      ['owner-of-it@example.org', 'You already have an account (Chat)'],
    )
    assert.ok(!letters[0]?.text.includes('curious'))
    assert.ok(!letters[0]?.text.includes(LINK))
  })

  test('CHG-02: a change of the password ends a change of the address that was begun', async () => {
    const browser = await confirmed('interrupted')
    const letter = await change(browser, 'thief@example.org')
    const json = { current_password: password, new_password: 'another walk, along the sea' }
    assert.equal((await browser.send('/settings/password', { json })).status, 200)
    assert.equal((await byLink(tokenOf(linkIn(letter, LINK)))).status, 422)
    assert.equal((await state(browser)).waiting, null)
  })

  test('a change that was dropped cannot be confirmed', async () => {
    const browser = await confirmed('dropper')
    const letter = await change(browser, 'dropped@example.org')
    assert.equal((await browser.send('/settings/address/drop', { json: {} })).status, 200)
    assert.equal((await byLink(tokenOf(linkIn(letter, LINK)))).status, 422)
    assert.equal((await state(browser)).email, 'dropper@example.org')
  })

  test('RED-03: a name is text in letters and pages', async () => {
    const { browser } = await newcomer('marked')
    await browser.send('/settings/profile', { json: { display_name: '<b>Bold</b>' } })
    world.pass(minutes(1))
    await browser.send('/settings/address/send', { json: {} })
    const [letter] = await box.letters(world)
    assert.ok(letter?.html.includes('&lt;b&gt;Bold&lt;/b&gt;') && !letter.html.includes('<b>Bold'))
  })

  test('the account’s history tells of all of it', async () => {
    const browser = await confirmed('historian')
    await byCode(browser, codeIn(await change(browser, 'history@example.org')))
    const page = await (await browser.get('/settings/activity')).text()
    for (const words of [
      'E-mail address confirmed',
      'A change of the e-mail address was begun',
      'E-mail address changed',
    ]) {
      assert.ok(page.includes(words), words)
    }
  })
})

describe('a server without mail', () => {
  test('V5, F3: nothing is written, promised or changed, and the page says so', async () => {
    const world = await testAuth()
    try {
      const browser = await signedUp(world, 'mailless', password)
      assert.equal(await count(world.auth, 'links'), 0)
      assert.equal(await count(world.auth, 'outbox'), 0)
      const page = await (await browser.get('/settings/address')).text()
      assert.match(page, /This server cannot send e-mail/)
      assert.doesNotMatch(page, /not confirmed|action="\/settings\/address/)
      for (const [path, json] of [
        ['/settings/address', { email: 'new@example.org' }],
        ['/settings/address/send', {}],
      ] as const) {
        const response = await browser.send(path, { json })
        assert.equal(response.status, 409, path)
        assert.equal(problemShape.parse(await response.json()).code, 'no_mail')
      }
    } finally {
      await world.close()
    }
  })
})

describe('a server that lets nobody in whose address is not confirmed', () => {
  const box = letterBox()
  let world: TestAuth
  before(async () => {
    world = await testAuth({ mail: box.mail, unconfirmedAddresses: 'refuse' })
  })
  after(() => world.close())

  test('every page of its own leads to the page that confirms, programs get 403; afterwards all is open', async () => {
    const browser = await signedUp(world, 'waits', password)
    const page = await browser.get('/settings')
    assert.deepEqual([page.status, page.headers.get('location')], [303, '/settings/address'])
    const refused = await browser.get('/settings', { accept: 'application/json' })
    assert.equal(refused.status, 403)
    assert.equal(problemShape.parse(await refused.json()).code, 'address_unconfirmed')
    const guard = new Request('http://localhost:8080/', {
      headers: { cookie: [...browser.jar].map(([name, value]) => `${name}=${value}`).join('; ') },
    })
    await assert.rejects(world.auth.requireSessionAuth(guard), { code: 'address_unconfirmed' })
    const login = { json: { username: 'waits', password } }
    const pair = z
      .object({ access_token: z.string() })
      .parse(await (await world.browser().send('/auth/api/login', login)).json())
    const me = await world.browser().get('/auth/api/me', { authorization: `Bearer ${pair.access_token}` })
    assert.equal(me.status, 403)
    assert.equal((await browser.get('/settings/address')).status, 200)
    const [letter] = await box.letters(world)
    assert.equal((await browser.send('/settings/address/confirm', { json: { code: codeIn(letter) } })).status, 200)
    assert.equal((await browser.get('/settings')).status, 200)
    assert.equal((await world.auth.requireSessionAuth(guard)).emailConfirmed, true)
    assert.equal((await browser.send('/auth/logout', { json: {} })).status, 200)
  })

  test('it needs mail', async () => {
    await assert.rejects(testAuth({ unconfirmedAddresses: 'refuse' }), /needs mail/)
  })
})

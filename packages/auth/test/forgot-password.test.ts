import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type Connection, minutes, openDatabase } from '@miachat/auth'
import { addPasskey, SoftPasskey, signInBy } from './support/authenticator.ts'
import { createMailbox, type Mailbox } from './support/mailbox.ts'
import { codeOf, password, pendingOf, withAuthenticator } from './support/second-factor.ts'
import { count, rowsOf } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'
import { testDatabase } from './support/test-database.ts'
import { assertAlike, compare } from './support/timing.ts'

const better = 'two walks by the river'
const html = { accept: 'text/html' }

describe('a forgotten password', () => {
  let world: TestAuth
  let box: Mailbox
  before(async () => {
    box = createMailbox()
    world = await testAuth({ mail: box.mail, siteName: 'Tea House' })
  })
  after(() => world.close())
  beforeEach(async () => {
    world.pass(minutes(61))
    await world.auth.sendMail()
    box.letters.length = 0
  })

  /** Somebody whose letter about the address has been read. */
  const registered = async (name: string) => {
    const browser = await signedUp(world, name)
    await world.auth.sendMail()
    box.letters.length = 0
    return browser
  }
  const ask = (email: string, address = '127.0.0.1') =>
    world.browser({ address }).send('/auth/forgot', { json: { email } })
  const tokenOf = (path: string) => new URL(path, 'http://x').searchParams.get('token') ?? ''
  const letterTo = async (name: string) => {
    assert.equal((await ask(name)).status, 200)
    await world.auth.sendMail()
    return tokenOf(box.linkTo(`${name}@example.org`))
  }
  const use = (token: string, word: string) =>
    world.browser().send('/auth/reset', { json: { token, new_password: word } })
  const signIn = async (username: string, word: string) =>
    (await world.browser().send('/auth/login', { json: { username, password: word } })).status

  test('F1, RST-02: the form leads to a letter, its link to a new password, once', async () => {
    await registered('forgets')
    const browser = world.browser()
    const page = await (await browser.get('/auth/forgot', html)).text()
    assert.match(page, /<form method="post" action="\/auth\/forgot"/)
    const asked = await browser.send('/auth/forgot', { form: { email: 'forgets@example.org' }, headers: html })
    assert.equal(asked.status, 303)
    const next = await (await browser.get(asked.headers.get('location') ?? '', html)).text()
    assert.match(next, /Look into your mail/)
    assert.ok(!next.includes('forgets'))
    assert.equal(await world.auth.sendMail(), 1)
    const [letter] = box.letters
    assert.ok(letter)
    assert.equal(letter.to, 'forgets@example.org')
    assert.equal(letter.subject, 'Set a new password for Tea House')
    const link = box.linkTo('forgets@example.org')
    // RST-06: opened twice by a scanner, then used.
    for (let n = 0; n < 2; n++) assert.match(await (await browser.get(link, html)).text(), /value="forgets"/)
    const reset = await browser.send('/auth/reset', { form: { token: tokenOf(link), new_password: better } })
    assert.equal(reset.headers.get('location'), '/auth/login?done=reset')
    assert.equal(await signIn('forgets', better), 200)
    assert.equal((await use(tokenOf(link), 'three walks by the river')).status, 422)
    assert.ok(!JSON.stringify(world.lines).includes(tokenOf(link)), 'its link is in no log')
  })

  test('RST-01: the same answer for a known, an unknown, a disabled and a mailless account, an odd word too', async () => {
    await registered('known')
    await registered('disabled')
    const disabled = await world.auth.admin.findUser('disabled')
    assert.ok(disabled)
    await world.auth.admin.setActive(disabled.id, false, 'a test')
    await world.auth.admin.addUser({ username: 'mailless', email: null, password: null }, 'a test')
    const answers = new Set<string>()
    for (const email of [
      'known@example.org',
      'known',
      'nobody@example.org',
      'disabled@example.org',
      'mailless',
      'a\0b',
    ]) {
      const response = await ask(email)
      answers.add(JSON.stringify([response.status, [...response.headers.keys()].sort(), await response.json()]))
    }
    assert.equal(answers.size, 1)
    await world.auth.sendMail()
    assert.deepEqual(
      box.letters.map(({ to }) => to),
      ['known@example.org', 'known@example.org'],
    )
    assert.equal(await count(world.auth, 'outbox'), 0, 'what was asked for nobody goes as well')
  })

  test('RST-02: half an hour; the newest link voids the older; a letter that comes too late is not sent', async () => {
    await registered('twice')
    const first = await letterTo('twice')
    const second = await letterTo('twice')
    assert.equal((await use(first, better)).status, 422)
    world.pass(minutes(30.1))
    assert.equal((await use(second, better)).status, 422)
    await ask('twice')
    box.setDown(true)
    await world.auth.sendMail()
    box.setDown(false)
    world.pass(minutes(31))
    box.letters.length = 0
    assert.equal(await world.auth.sendMail(), 0)
    assert.deepEqual(box.letters, [])
    assert.equal(await signIn('twice', password), 200, 'asking changes nothing')
  })

  test('RST-04: the link is built from the settings, whatever the request says', async () => {
    await registered('proxied')
    const evil = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example', 'x-forwarded-proto': 'http' }
    await world.browser().send('/auth/forgot', { json: { email: 'proxied' }, headers: evil })
    await world.auth.sendMail()
    const [letter] = box.letters
    assert.ok(letter)
    assert.match(letter.text, /^http:\/\/localhost:8080\/auth\/reset\?token=[\w-]{43}$/m)
    assert.ok(!JSON.stringify(letter).includes('evil'))
  })

  test('RST-05: the letter goes to the stored address, however the typed one looks', async () => {
    await registered('mike')
    for (const typed of ['MIKE@EXAMPLE.ORG', ' mike@example.org ', 'mi\u212ae@example.org']) await ask(typed)
    for (const typed of ['m\u0131ke@example.org', 'mike@ex\u0430mple.org', 'mike@example.org, eve@example.org'])
      await ask(typed)
    await world.auth.sendMail()
    assert.deepEqual(
      box.letters.map(({ to }) => to),
      Array(3).fill('mike@example.org'),
    )
  })

  test('RST-07: with an authenticator the reset neither signs in nor switches it off', async () => {
    const { browser: owner } = await withAuthenticator(world, 'careful')
    const token = await letterTo('careful')
    const browser = world.browser()
    const reset = await browser.send('/auth/reset', { json: { token, new_password: better } })
    assert.equal(reset.status, 200)
    assert.ok(!browser.jar.has('mia_session'))
    assert.equal((await owner.get('/settings')).status, 303, 'F4: other sessions end')
    const answer = await browser.send('/auth/login', { json: { username: 'careful', password: better } })
    assert.equal(answer.status, 401)
    assert.match(await answer.text(), /second_factor_required/)
  })

  test('REG-12: who registers with the address of another and adds a passkey is out once its owner has come by a letter', async () => {
    const squatter = await signedUp(world, 'squatter', password)
    const passkey = new SoftPasskey()
    assert.equal((await addPasskey(squatter, passkey)).status, 200)
    const token = await letterTo('squatter')
    assert.match(
      await (await world.browser().get(`/auth/reset?token=${token}`)).text(),
      /Passkeys and linked services are removed/,
    )
    assert.equal(await use(token, better).then(({ status }) => status), 200)
    assert.equal((await signInBy(world.browser(), passkey)).status, 401)
    assert.equal((await world.auth.admin.findUser('squatter'))?.emailConfirmed, true)
    const owner = world.browser()
    await owner.send('/auth/login', { json: { username: 'squatter', password: better } })
    const log = await (await owner.get('/settings/activity')).text()
    assert.match(log, /Passkey removed/)

    const own = new SoftPasskey()
    assert.equal((await addPasskey(owner, own)).status, 200)
    const again = await letterTo('squatter')
    assert.doesNotMatch(await (await world.browser().get(`/auth/reset?token=${again}`)).text(), /are removed/)
    assert.equal((await use(again, password)).status, 200)
    assert.equal((await signInBy(world.browser(), own)).status, 200, 'the address was confirmed when it was added')
  })

  test('REG-12: a link that an operator hands out shows nothing of the address, and leaves passkeys', async () => {
    const browser = await signedUp(world, 'handed-out', password)
    const passkey = new SoftPasskey()
    assert.equal((await addPasskey(browser, passkey)).status, 200)
    const user = await world.auth.admin.findUser('handed-out')
    const { url } = await world.auth.admin.resetLink(user?.id ?? 0, 'a test')
    assert.equal((await use(new URL(url).searchParams.get('token') ?? '', better)).status, 200)
    assert.equal((await signInBy(world.browser(), passkey)).status, 200)
    assert.equal((await world.auth.admin.findUser('handed-out'))?.emailConfirmed, false)
  })

  test('RST-08: five letters an hour for an account, which nobody is told; ten questions an hour from an address', async () => {
    await registered('flooded')
    const answers = new Set<number>()
    for (let n = 0; n < 7; n++) {
      answers.add((await ask('flooded', `10.0.0.${n}`)).status)
      await world.auth.sendMail()
    }
    assert.deepEqual([...answers], [200])
    assert.equal(box.to('flooded@example.org').length, 5)
    for (let n = 0; n < 10; n++) assert.equal((await ask(`nobody-${n}`, '10.1.1.1')).status, 200)
    const refused = await ask('nobody', '10.1.1.1')
    assert.equal(refused.status, 429)
    assert.ok(Number(refused.headers.get('retry-after')) > 0)
    await world.auth.sendMail()
    world.pass(minutes(61))
    await letterTo('flooded')
  })

  test('RST-08: asking changes nothing in the account, and ends nothing: not even what waits for its second step', async () => {
    const { browser, secret } = await withAuthenticator(world, 'unmoved')
    assert.equal((await addPasskey(browser, new SoftPasskey())).status, 200)
    const pending_token = await pendingOf(world, 'unmoved')
    const stored = async () => {
      const [user] = await rowsOf(world.auth, `SELECT * FROM users WHERE username = 'unmoved'`)
      const tables = ['sessions', 'authenticators', 'recovery_codes', 'passkeys', 'pending_sign_ins']
      const rows = tables.map((table) =>
        rowsOf(world.auth, `SELECT * FROM ${table} WHERE user_id = ? ORDER BY 1`, [user?.['id']]),
      )
      return { user, rows: await Promise.all(rows) }
    }
    const before = await stored()
    assert.ok(before.rows.every((rows) => rows.length > 0))
    for (let n = 0; n < 6; n++) assert.equal((await ask('unmoved', `10.2.0.${n}`)).status, 200)
    await world.auth.sendMail()
    assert.deepEqual(await stored(), before)
    const finish = { json: { pending_token, code: codeOf(world, secret) } }
    assert.equal((await world.browser().send('/auth/second-factor', finish)).status, 200)
    assert.equal((await browser.get('/settings')).status, 200)
  })

  test('F6: an old link leads to a new one for the same account, and tells nobody whose it was', async () => {
    await registered('late')
    const old = await letterTo('late')
    world.pass(minutes(31))
    const page = await (await world.browser().get(`/auth/reset?token=${old}`, html)).text()
    assert.match(page, /action="\/auth\/forgot"/)
    assert.ok(page.includes(`name="token" value="${old}"`))
    assert.ok(!page.includes('late@') && !page.includes('value="late"'))
    box.letters.length = 0
    await world.browser().send('/auth/forgot', { form: { token: old } })
    await world.auth.sendMail()
    const fresh = tokenOf(box.linkTo('late@example.org'))
    assert.equal((await use(fresh, better)).status, 200)
    const used = await (await world.browser().get(`/auth/reset?token=${fresh}`, html)).text()
    assert.match(used, /Send a new link/)
    const never = await (await world.browser().get('/auth/reset?token=x', html)).text()
    assert.doesNotMatch(never, /Send a new link/)
    const strangers = await world.browser().send('/auth/forgot', { json: { token: 'x'.repeat(43) } })
    assert.equal(strangers.status, 200)
  })

  test('AVL-07: with the mail server away sign-in and pages are as ever, and the letter comes later', async () => {
    await registered('patient')
    box.setDown(true)
    assert.equal((await ask('patient')).status, 200)
    assert.equal(await world.auth.sendMail(), 0)
    assert.equal(await signIn('patient', password), 200)
    box.setDown(false)
    world.pass(minutes(1))
    // And the notice of the new browser.
    assert.equal(await world.auth.sendMail(), 2)
    const reset = box.letters.find(({ subject }) => subject.startsWith('Set a new password'))
    const link = /https?:\/\/\S+/.exec(reset?.text ?? '')?.[0]
    assert.ok(link && !JSON.stringify(world.lines).includes(tokenOf(link)))
  })

  test('nothing typed is told at the field', async () => {
    const form = await world.browser().send('/auth/forgot', { form: { email: ' ' }, headers: html })
    assert.equal(form.status, 422)
    assert.match(await form.text(), /id="field-email-error"/)
    assert.equal((await world.browser().send('/auth/forgot', { json: {} })).status, 422)
  })

  test('AUD-01: the owner sees that a link was made, and no log holds what was typed for nobody', async () => {
    await registered('watched')
    world.lines.length = 0
    await letterTo('watched')
    await ask('a-stranger@example.org')
    await world.auth.sendMail()
    const user = await world.auth.admin.findUser('watched')
    assert.ok(user)
    const [event] = await world.auth.admin.events(user.id, 1)
    assert.deepEqual([event?.event, event?.actor], ['reset_link_made', null])
    assert.ok(!JSON.stringify(world.lines).includes('a-stranger'))
  })
})

test('RST-01: the request does the same statements for every name, and looks at no account', async () => {
  const database = await testDatabase()
  const inner = await openDatabase(database.url)
  const said: string[] = []
  const connection: Connection = {
    ...inner,
    read(query) {
      said.push(query.sql)
      return inner.read(query)
    },
    transaction: (work) =>
      inner.transaction((execute) =>
        work((query) => {
          said.push(query.sql)
          return execute(query)
        }),
      ),
  }
  const world = await testAuth({ url: database.url, database: connection, mail: createMailbox().mail })
  try {
    await signedUp(world, 'known')
    const statements = async (email: string, address: string) => {
      said.length = 0
      assert.equal((await world.browser({ address }).send('/auth/forgot', { json: { email } })).status, 200)
      return [...said]
    }
    const known = await statements('known@example.org', '10.0.0.1')
    assert.ok(known.some((sql) => sql.includes('outbox')))
    assert.ok(!known.some((sql) => /"users"|"links"/.test(sql)))
    for (const [n, email] of ['nobody@example.org', 'KNOWN', 'nobody'].entries()) {
      assert.deepEqual(await statements(email, `10.0.1.${n}`), known, email)
    }
    const rows = await rowsOf(world.auth, "SELECT * FROM outbox WHERE kind = 'reset_asked'")
    assert.ok(!JSON.stringify(rows.map((row) => ({ ...row, sealed: String(row['sealed']) }))).includes('example.org'))
  } finally {
    await world.close()
    await inner.close()
    await database.drop()
  }
})

test('RST-01: neither page nor program is told by the time whether there is such an account', async () => {
  const world = await testAuth({ mail: createMailbox().mail })
  try {
    await signedUp(world, 'timed')
    let asked = 0
    const time = async (email: string, form: boolean) => {
      const n = ++asked
      const browser = world.browser({ address: `198.18.${n >> 8}.${n & 255}` })
      const from = performance.now()
      const answer = await browser.send('/auth/forgot', form ? { form: { email }, headers: html } : { json: { email } })
      const passed = performance.now() - from
      assert.equal(answer.status, form ? 303 : 200)
      return passed
    }
    for (const form of [true, false]) {
      for (let warm = 0; warm < 5; warm++) await time('timed', form)
      await assertAlike(() =>
        compare(
          60,
          () => time('timed@example.org', form),
          (n) => time(`nobody-${n}@example.org`, form),
        ),
      )
    }
  } finally {
    await world.close()
  }
})

test('F3: a server without mail says so, and takes no such request', async () => {
  const world = await testAuth({ forgotWays: [{ title: 'Ask Ana', text: 'She makes a link.' }] })
  try {
    const page = await (await world.browser().get('/auth/forgot', html)).text()
    assert.match(page, /sends no mail[\s\S]*Ask Ana/)
    assert.doesNotMatch(page, /<form[^>]*forgot/)
    const asked = await (await world.browser().get('/auth/forgot?done=asked', html)).text()
    assert.doesNotMatch(asked, /on its way/)
    const refused = await world.browser().send('/auth/forgot', { json: { email: 'x@example.org' } })
    assert.equal(refused.status, 409)
    assert.match(await refused.text(), /no_mail/)
    assert.equal(await count(world.auth, 'outbox'), 0)
  } finally {
    await world.close()
  }
})

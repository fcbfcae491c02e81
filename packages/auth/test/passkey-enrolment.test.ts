import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { minutes } from '@miachat/auth'
import { z } from 'zod'
import { idOf } from './support/administrator.ts'
import { addPasskey, type Bent, SoftPasskey, signInBy } from './support/authenticator.ts'
import type { Browser } from './support/browser.ts'
import { letterBox, linkIn } from './support/letters.ts'
import { addAuthenticator, codeOf, password, pendingOf } from './support/second-factor.ts'
import { count } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const limits = { registrations: 1000, perAddress: 1000 }
const ENROL = '/auth/enrol/passkey'
const codeIn = async (response: Response): Promise<string> =>
  z.object({ code: z.string() }).parse(await response.json()).code
const doneShape = z.object({ recovery_codes: z.array(z.string()), redirect: z.literal('/') })

/** Signs in by JSON up to where a second factor has to be set up. */
async function stopped(world: TestAuth, username: string): Promise<string> {
  const response = await world.browser().send('/auth/login', { json: { username, password } })
  const shape = z.object({ code: z.literal('second_factor_enrolment_required'), pending_token: z.string() })
  return shape.parse(await response.json()).pending_token
}

async function optionsOf(browser: Browser, pending_token: string): Promise<unknown> {
  const response = await browser.send(`${ENROL}/options`, { json: { pending_token } })
  assert.equal(response.status, 200)
  assert.equal(response.headers.getSetCookie().length, 0, 'the pending value is what the challenge hangs on')
  return response.json()
}

/** Makes a passkey for a sign-in that waits, and sends it. */
async function enrol(browser: Browser, pending_token: string, passkey = new SoftPasskey(), bent: Bent = {}) {
  const credential = passkey.make(await optionsOf(browser, pending_token), bent)
  return browser.send(ENROL, { json: { pending_token, credential } })
}

describe('M8: a passkey for a sign-in that has to set a second factor up', () => {
  let world: TestAuth
  const box = letterBox()
  before(async () => {
    world = await testAuth({ limits, mail: box.mail, siteName: 'Chat', secondFactor: { user: { grace: 0 } } })
  })
  after(() => world.close())

  const passkeysOf = async (username: string) =>
    count(world.auth, 'passkeys', 'WHERE user_id = ?', [await idOf(world, username)])

  async function refusedTo(username: string, browser: Browser, response: Response, code: string): Promise<void> {
    assert.equal(await codeIn(response), code)
    assert.ok(!browser.jar.has('mia_session'))
    assert.equal(await passkeysOf(username), 0)
    assert.equal(
      await count(world.auth, 'recovery_codes', 'WHERE user_id = ?', [await idOf(world, username)]),
      0,
      'no recovery codes',
    )
  }

  test('PKY-02: another origin, host name, type or challenge, and a passkey that saw nobody, are refused; the sign-in goes on', async () => {
    await signedUp(world, 'careful', password)
    const pending = await stopped(world, 'careful')
    const bents: Bent[] = [
      { origin: 'https://evil.example' },
      { rpId: 'evil.example' },
      { type: 'webauthn.get' },
      { challenge: 'A'.repeat(43) },
      { userVerified: false },
      { userPresent: false },
      { algorithm: -36 },
    ]
    for (const bent of bents) {
      const browser = world.browser()
      const answer = await enrol(browser, pending, new SoftPasskey(), bent)
      assert.equal(answer.status, 401, JSON.stringify(bent))
      await refusedTo('careful', browser, answer, 'passkey_refused')
    }
    assert.equal((await enrol(world.browser(), pending)).status, 200)
  })

  test('PKY-01: a challenge is used up by its first answer, is late after five minutes, and is of its purpose only', async () => {
    const signedIn = await signedUp(world, 'replayed', password)
    const pending = await stopped(world, 'replayed')
    const browser = world.browser()
    const options = await optionsOf(browser, pending)
    const send = (credential: object) => browser.send(ENROL, { json: { pending_token: pending, credential } })
    const passkey = new SoftPasskey()
    await refusedTo('replayed', browser, await send(passkey.make(options, { userVerified: false })), 'passkey_refused')
    await refusedTo('replayed', browser, await send(passkey.make(options)), 'passkey_refused')
    const late = await optionsOf(browser, pending)
    world.pass(minutes(5))
    await refusedTo('replayed', browser, await send(passkey.make(late)), 'passkey_refused')
    // What the settings have begun, in the same browser and for the same account.
    await signedIn.send('/settings/confirm', { json: { password } })
    const added: unknown = await (await signedIn.send('/settings/passkeys/options', { json: {} })).json()
    browser.jar.set('mia_passkey', signedIn.jar.get('mia_passkey') ?? assert.fail())
    await refusedTo('replayed', browser, await send(passkey.make(added)), 'passkey_refused')
    // And what this sign-in has begun is worth nothing in the settings.
    const credential = passkey.make(await optionsOf(browser, pending))
    assert.equal(await codeIn(await signedIn.send('/settings/passkeys', { json: { credential } })), 'passkey_refused')
    assert.equal(await passkeysOf('replayed'), 0)
  })

  test('a challenge belongs to its pending sign-in: not to that of another person, nor to another of the same', async () => {
    await signedUp(world, 'mine', password)
    await signedUp(world, 'other', password)
    const [mine, again, other] = [
      await stopped(world, 'mine'),
      await stopped(world, 'mine'),
      await stopped(world, 'other'),
    ]
    for (const pending_token of [again, other]) {
      const browser = world.browser()
      const credential = new SoftPasskey().make(await optionsOf(browser, mine))
      const answer = await browser.send(ENROL, { json: { pending_token, credential } })
      await refusedTo('mine', browser, answer, 'passkey_refused')
      assert.equal(await passkeysOf('other'), 0)
    }
    // PKY-04: a credential of somebody else, with its owner's sign-in intact.
    const passkey = new SoftPasskey()
    assert.equal((await enrol(world.browser(), mine, passkey)).status, 200)
    const browser = world.browser()
    await refusedTo('other', browser, await enrol(browser, other, passkey), 'passkey_refused')
    assert.equal((await enrol(browser, other)).status, 200, 'a refusal uses nothing up')
  })

  test('MFA-04: no value, an unknown, late or used one, and one of another purpose begin and finish nothing', async () => {
    const owner = await signedUp(world, 'late', password)
    const pending = await stopped(world, 'late')
    const made = new SoftPasskey().make(await optionsOf(world.browser(), pending))
    world.pass(minutes(10))
    await signedUp(world, 'used', password)
    const used = await stopped(world, 'used')
    const passkey = new SoftPasskey()
    assert.equal((await enrol(world.browser(), used, passkey)).status, 200)
    // A sign-in that waits for the passkey that is there now.
    const waits = await pendingOf(world, 'used')
    for (const pending_token of [undefined, 'nothing', pending, used, waits]) {
      const browser = world.browser()
      const begun = await browser.send(`${ENROL}/options`, { json: { pending_token } })
      assert.equal(await codeIn(begun), 'sign_in_expired')
      const answer = await browser.send(ENROL, { json: { pending_token, credential: made } })
      await refusedTo('late', browser, answer, 'sign_in_expired')
    }
    assert.equal(await passkeysOf('used'), 1)
    // SES-02 and the other way round: the pending value opens nothing but the enrolment.
    const next = await stopped(world, 'late')
    for (const path of ['/auth/second-factor/passkey/options', '/auth/api/second-factor/passkey/options']) {
      const answer = await world.browser().send(path, { json: { pending_token: next } })
      assert.equal(await codeIn(answer), 'sign_in_expired', path)
    }
    assert.equal((await owner.get('/settings/passkeys')).status, 200)
  })

  test('who has the password alone adds nothing once the owner has set a second factor up elsewhere', async () => {
    const ways = {
      authenticator: async (owner: Browser) => void (await addAuthenticator(world, owner)),
      // Which ends no sign-in that waits by itself.
      passkey: async (owner: Browser) => assert.equal((await addPasskey(owner, new SoftPasskey())).status, 200),
    }
    for (const [name, setUp] of Object.entries(ways)) {
      const username = `raced-by-${name}`
      const owner = await signedUp(world, username, password)
      const pending = await stopped(world, username)
      const thief = world.browser()
      const credential = new SoftPasskey().make(await optionsOf(thief, pending))
      await setUp(owner)
      const before = await passkeysOf(username)
      const answers = [
        await thief.send(ENROL, { json: { pending_token: pending, credential } }),
        await thief.send(`${ENROL}/options`, { json: { pending_token: pending } }),
      ]
      for (const answer of answers) assert.equal(await codeIn(answer), 'sign_in_expired')
      assert.equal(await passkeysOf(username), before)
      assert.ok(!thief.jar.has('mia_session'))
    }
  })

  test('of two who answer at once one gets in, and there is one passkey', async () => {
    await signedUp(world, 'twice', password)
    const [one, two] = [await stopped(world, 'twice'), await stopped(world, 'twice')]
    const answers = await Promise.all([enrol(world.browser(), one), enrol(world.browser(), two)])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401])
    assert.equal(await passkeysOf('twice'), 1)
  })

  test('it ends in a session with ten recovery codes, is told, written down, and asked for from then on', async () => {
    await signedUp(world, 'done', password)
    const id = await idOf(world, 'done')
    const [pending, other] = [await stopped(world, 'done'), await stopped(world, 'done')]
    await box.letters(world)
    const browser = world.browser()
    const passkey = new SoftPasskey()
    const options = await optionsOf(browser, pending)
    const asked = z.object({
      options: z.looseObject({
        authenticatorSelection: z.looseObject({ userVerification: z.string(), residentKey: z.string() }),
        user: z.looseObject({ name: z.string() }),
      }),
    })
    const { authenticatorSelection, user } = asked.parse(options).options
    assert.equal(authenticatorSelection.userVerification, 'required')
    assert.equal(user.name, 'done')
    const answer = await browser.send(ENROL, { json: { pending_token: pending, credential: passkey.make(options) } })
    assert.equal(answer.status, 200)
    const { recovery_codes } = doneShape.parse(await answer.json())
    assert.equal(new Set(recovery_codes).size, 10)
    assert.equal((await browser.get('/settings')).status, 200)
    assert.deepEqual(
      (await box.letters(world)).map(({ to, subject }) => `${to}: ${subject}`),
      ['done@example.org: A passkey was added (Chat)', 'done@example.org: A sign-in from a new browser (Chat)'],
    )
    const events = await count(
      world.auth,
      'audit_events',
      "WHERE user_id = ? AND event IN ('passkey_added', 'recovery_codes_made')",
      [id],
    )
    assert.equal(events, 2)
    // Others that waited end with it.
    assert.equal(await codeIn(await enrolAnyway(other)), 'sign_in_expired')
    const login = await world.browser().send('/auth/login', { json: { username: 'done', password } })
    const waits = z.object({ code: z.string(), methods: z.array(z.string()) }).parse(await login.json())
    assert.deepEqual(waits, { code: 'second_factor_required', methods: ['recovery_code', 'passkey'] })
    assert.equal((await signInBy(world.browser(), passkey)).status, 200)
  })

  const enrolAnyway = (pending_token: string) => world.browser().send(`${ENROL}/options`, { json: { pending_token } })

  /** Somebody who has enrolled a passkey at the sign-in. */
  async function withPasskey(username: string) {
    await signedUp(world, username, password)
    const browser = world.browser()
    const passkey = new SoftPasskey()
    const answer = await enrol(browser, await stopped(world, username), passkey)
    const { recovery_codes } = doneShape.parse(await answer.json())
    return { browser, passkey, codes: recovery_codes }
  }
  const withCode = async (username: string, code: string, path = '/auth/second-factor') => {
    const pending_token = await pendingOf(world, username, path.includes('/api/') ? '/auth/api/login' : '/auth/login')
    return world.browser().send(path, { json: { pending_token, code } })
  }

  test('MFA-03: a recovery code does instead of a lost passkey, once, after the password, for pages and programs', async () => {
    const { codes } = await withPasskey('lost')
    const [first = '', second = '', third = ''] = codes
    assert.equal(await codeIn(await withCode('lost', '000000')), 'wrong_code')
    assert.equal(await codeIn(await withCode('lost', 'aaaa-bbbb-cccc-dddd')), 'wrong_code')
    const answer = await withCode('lost', first)
    assert.equal(answer.status, 200)
    const { redirect } = z.looseObject({ redirect: z.string() }).parse(await answer.json())
    assert.equal(redirect, '/settings/passkeys?done=recovered')
    assert.equal(await codeIn(await withCode('lost', first)), 'wrong_code', 'once')
    assert.equal((await withCode('lost', second, '/auth/api/second-factor')).status, 200)
    // By form: the field stands below the passkey.
    const form = world.browser()
    await form.send('/auth/login', { form: { username: 'lost', password } })
    const page = await (await form.get('/auth/second-factor')).text()
    assert.match(page, /Use your passkey/)
    assert.match(page, /Recovery code/)
    assert.doesNotMatch(page, /authenticator app|Trust this device/)
    const wrong = await form.send('/auth/second-factor', { form: { code: '000000' } })
    assert.match(await wrong.text(), /That code is not right/)
    const done = await form.send('/auth/second-factor', { form: { code: third } })
    assert.deepEqual([done.status, done.headers.get('location')], [303, '/settings/passkeys?done=recovered'])
    assert.match(await (await form.get('/settings/passkeys?done=recovered')).text(), /If your passkey is lost/)
    assert.match(await (await form.get('/settings/second-factor')).text(), /7 recovery codes left/)
    assert.match(await (await form.get('/settings/security')).text(), /7 codes left/)
  })

  test('MFA-05: wrong recovery codes are counted as those of an authenticator are', async () => {
    const { codes } = await withPasskey('guessed')
    const pending_token = await pendingOf(world, 'guessed')
    const typed = (code: string) => world.browser().send('/auth/second-factor', { json: { pending_token, code } })
    for (let n = 0; n < 5; n++) assert.equal(await codeIn(await typed('aaaa-bbbb-cccc-dddd')), 'wrong_code')
    assert.equal(await codeIn(await typed(codes[0] ?? '')), 'sign_in_expired')
  })

  test('new codes make the former worthless; an authenticator beside the passkey brings its own', async () => {
    const { browser, codes } = await withPasskey('renews')
    const renewed = await browser.send('/settings/recovery-codes', { json: {} })
    assert.equal(renewed.status, 200)
    const fresh = z.object({ recovery_codes: z.array(z.string()) }).parse(await renewed.json()).recovery_codes
    assert.equal(await codeIn(await withCode('renews', codes[0] ?? '')), 'wrong_code')
    const { codes: own, secret } = await addAuthenticator(world, browser)
    assert.equal(own.length, 10, 'whoever confirms it may never have seen the others')
    assert.equal(await codeIn(await withCode('renews', fresh[0] ?? '')), 'wrong_code')
    assert.equal((await withCode('renews', own[0] ?? '')).status, 200)
    world.pass(minutes(1))
    assert.equal((await withCode('renews', codeOf(world, secret))).status, 200)
  })

  test('RST-07: “this was not me” takes a thief’s passkey with its recovery codes, and what the owner sets up has its own', async () => {
    await signedUp(world, 'robbed', password)
    const thief = world.browser()
    const passkey = new SoftPasskey()
    world.pass(minutes(1))
    const { recovery_codes: stolen } = doneShape.parse(
      await (await enrol(thief, await stopped(world, 'robbed'), passkey)).json(),
    )
    const letter = (await box.letters(world)).find(
      ({ to, subject }) => to === 'robbed@example.org' && subject.startsWith('A passkey was added'),
    )
    const token = new URL(linkIn(letter, '/auth/undo'), 'http://localhost').searchParams.get('token')
    const undone = await world.browser().send('/auth/undo', { json: { token } })
    assert.equal(undone.status, 200)
    const { redirect } = z.looseObject({ redirect: z.string() }).parse(await undone.json())
    assert.equal(await passkeysOf('robbed'), 0)
    assert.equal(await codeIn(await signInBy(world.browser(), passkey)), 'passkey_refused')
    const reset = new URL(redirect, 'http://localhost').searchParams.get('token') ?? assert.fail(redirect)
    const json = { token: reset, new_password: 'a ferry to the islands' }
    assert.equal((await world.browser().send('/auth/reset', { json })).status, 200)
    const id = await idOf(world, 'robbed')
    assert.equal(await count(world.auth, 'recovery_codes', 'WHERE user_id = ?', [id]), 0)
    const login = await world.browser().send('/auth/login', {
      json: { username: 'robbed', password: 'a ferry to the islands' },
    })
    const { pending_token } = z.looseObject({ pending_token: z.string() }).parse(await login.json())
    const mine = doneShape.parse(await (await enrol(world.browser(), pending_token)).json())
    assert.equal(mine.recovery_codes.length, 10)
    assert.ok(!mine.recovery_codes.some((code) => stolen.includes(code)))
  })

  test('by form: the page offers both, a refusal is said on it, and the codes come as a page', async () => {
    await signedUp(world, 'formal', password)
    const browser = world.browser()
    await browser.send('/auth/login', { form: { username: 'formal', password } })
    const page = await (await browser.get('/auth/enrol')).text()
    assert.match(page, /An authenticator app on your phone or computer does, or a passkey\./)
    assert.match(page, /action="\/auth\/enrol\/passkey"/)
    const options: unknown = await (await browser.send(`${ENROL}/options`, { json: {} })).json()
    const send = (credential: string) => browser.send(ENROL, { form: { credential } })
    assert.equal((await send('no JSON')).status, 400)
    const refused = await send(JSON.stringify(new SoftPasskey().make(options, { origin: 'https://evil.example' })))
    assert.equal(refused.status, 401)
    assert.match(await refused.text(), /<h1[^>]*>Set up a second step/)
    const again: unknown = await (await browser.send(`${ENROL}/options`, { json: {} })).json()
    const done = await send(JSON.stringify(new SoftPasskey().make(again)))
    assert.match(await done.text(), /Your recovery codes/)
    assert.ok(!browser.jar.has('mia_pending'))
    assert.equal((await browser.get('/settings')).status, 200)
    assert.match(await (await browser.get('/auth/enrol')).text(), /This sign-in has ended/)
  })
})

test('S7: on a computer that others use a passkey is neither offered nor taken', async () => {
  const world = await testAuth({ limits, secondFactor: { user: { grace: 0 } } })
  try {
    await world.auth.registerUser({ username: 'sharing', email: 'sharing@example.org', password })
    const browser = world.browser()
    const json = { username: 'sharing', password, shared_computer: true }
    const login = await browser.send('/auth/login', { json })
    const shape = z.looseObject({ pending_token: z.string(), methods: z.tuple([z.literal('totp')]) })
    const { pending_token } = shape.parse(await login.json())
    const options = await browser.send(`${ENROL}/options`, { json: { pending_token } })
    assert.equal(options.status, 403)
    assert.equal(await codeIn(options), 'forbidden')
    browser.jar.set('mia_pending', pending_token)
    const page = await (await browser.get('/auth/enrol')).text()
    assert.match(page, /You need an authenticator app/)
    assert.doesNotMatch(page, /passkey/i)
  } finally {
    await world.close()
  }
})

test('under an address that can have no passkeys neither page nor answer offers one', async () => {
  const world = await testAuth({ limits, baseUrl: 'http://192.0.2.7:8080', secondFactor: { user: { grace: 0 } } })
  try {
    await world.auth.registerUser({ username: 'plain', email: 'plain@example.org', password })
    const browser = world.browser()
    const login = await browser.send('/auth/login', { json: { username: 'plain', password } })
    const shape = z.looseObject({ pending_token: z.string(), methods: z.tuple([z.literal('totp')]) })
    const { pending_token } = shape.parse(await login.json())
    const options = await browser.send(`${ENROL}/options`, { json: { pending_token } })
    assert.equal(await codeIn(options), 'passkeys_unavailable')
    browser.jar.set('mia_pending', pending_token)
    const page = await (await browser.get('/auth/enrol')).text()
    assert.match(page, /You need an authenticator app/)
    assert.doesNotMatch(page, /passkey/i)
  } finally {
    await world.close()
  }
})

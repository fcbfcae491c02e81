import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { minutes } from '@miachat/auth'
import { z } from 'zod'
import { addPasskey, type Bent, SoftPasskey, signInBy } from './support/authenticator.ts'
import type { Browser } from './support/browser.ts'
import { letterBox } from './support/letters.ts'
import { addAuthenticator, password } from './support/second-factor.ts'
import { count, rowsOf, write } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const problemShape = z.object({ code: z.string() })
const codeOf = async (response: Response) => problemShape.parse(await response.json()).code

describe('passkeys', () => {
  const box = letterBox()
  let world: TestAuth
  before(async () => {
    world = await testAuth({ mail: box.mail, limits: { registrations: 1000 } })
  })
  after(() => world.close())

  /** Somebody signed in who has a passkey. */
  async function withPasskey(username: string, bent: Bent = {}) {
    const browser = await signedUp(world, username, password)
    const passkey = new SoftPasskey()
    const added = await addPasskey(browser, passkey, bent)
    assert.equal(added.status, 200, await added.clone().text())
    const { id, name } = z.looseObject({ id: z.string(), name: z.string() }).parse(await added.json())
    return { browser, passkey, id, name }
  }
  const optionsFor = async (browser: Browser, path: string): Promise<unknown> =>
    (await browser.send(path, { json: {} })).json()
  const passkeysOf = (username: string) =>
    count(world.auth, 'passkeys', 'WHERE user_id = (SELECT id FROM users WHERE username = ?)', [username])
  async function isRefused(response: Response, code = 'passkey_refused') {
    assert.equal(await codeOf(response), code)
    assert.equal(
      response.headers.getSetCookie().some((cookie) => /mia_(session|device)=/.test(cookie)),
      false,
    )
  }

  const wrongUses: readonly (readonly [string, Bent])[] = [
    ['another origin', { origin: 'https://evil.example' }],
    ['our origin under another port', { origin: 'http://localhost:8081' }],
    ['another name of this machine', { origin: 'http://127.0.0.1:8080' }],
    ['another RP ID', { rpId: 'evil.example' }],
    ['a page in a page of another site', { crossOrigin: true, topOrigin: 'https://evil.example' }],
    ['an answer that makes a passkey', { type: 'webauthn.create' }],
    ['a challenge that we did not make', { challenge: 'A'.repeat(43) }],
    ['no user verification', { userVerified: false }],
    ['nobody present', { userPresent: false }],
    ['a key of somebody else', { signedBy: new SoftPasskey() }],
    ['another user handle', { userHandle: 'AAAA' }],
    ['no user handle', { userHandle: null }],
    ['a passkey that became one that is backed up', { backupEligible: true }],
    ['a credential that nobody has', { credentialId: Buffer.alloc(20, 7) }],
  ]
  for (const [index, [what, bent]] of wrongUses.entries()) {
    test(`PKY-02, PKY-03: ${what} signs nobody in`, async () => {
      const { passkey } = await withPasskey(`wrong-use-${index}`)
      await isRefused(await signInBy(world.browser(), passkey, bent))
      assert.equal((await signInBy(world.browser(), passkey)).status, 200, 'the same passkey unbent')
    })
  }

  const statement = (entries: readonly (readonly [string, Uint8Array | number | readonly Uint8Array[]])[]) =>
    new Map(entries)
  const wrongMakings: readonly (readonly [string, Bent])[] = [
    ['another origin', { origin: 'https://evil.example' }],
    ['another RP ID', { rpId: 'evil.example' }],
    ['an answer that signs in', { type: 'webauthn.get' }],
    ['a challenge that we did not make', { challenge: 'A'.repeat(43) }],
    ['no user verification', { userVerified: false }],
    ['nobody present', { userPresent: false }],
    ['an algorithm that is not on the list', { algorithm: -65535 }],
    ['a credential id of more than 1023 bytes', { credentialId: Buffer.alloc(1024, 1) }],
    ['a format of its own', { attestation: { format: 'own', statement: new Map() } }],
    ['a certificate', { attestation: { format: 'packed', statement: statement([['x5c', [Buffer.alloc(9)]]]) } }],
    ['an Apple attestation', { attestation: { format: 'apple', statement: statement([['x5c', [Buffer.alloc(9)]]]) } }],
    [
      'a false signature of itself',
      {
        attestation: {
          format: 'packed',
          statement: statement([
            ['alg', -7],
            ['sig', Buffer.alloc(70)],
          ]),
        },
      },
    ],
  ]
  test('PKY-02: a passkey that was not made for us, here and by somebody who was seen, is not added', async () => {
    const browser = await signedUp(world, 'wrong-making', password)
    for (const [what, bent] of wrongMakings) {
      const response = await addPasskey(browser, new SoftPasskey(), bent)
      assert.ok([401, 422].includes(response.status), `${what}: ${response.status}`)
    }
    assert.equal(await passkeysOf('wrong-making'), 0)
  })

  test('PKY-01: a challenge is good once, also after a refusal', async () => {
    const { passkey } = await withPasskey('replayed')
    const browser = world.browser()
    const options = await optionsFor(browser, '/auth/passkeys/options')
    const credential = passkey.use(options)
    const send = () => browser.send('/auth/passkeys/sign-in', { json: { credential } })
    assert.equal((await send()).status, 200)
    await isRefused(await send())
    const others = await optionsFor(browser, '/auth/passkeys/options')
    const first = passkey.use(others, { userVerified: false })
    await isRefused(await browser.send('/auth/passkeys/sign-in', { json: { credential: first } }))
    const second = passkey.use(others)
    await isRefused(await browser.send('/auth/passkeys/sign-in', { json: { credential: second } }))
  })

  test('PKY-01: of ten who bring the same answer at once one gets in', async () => {
    const { passkey } = await withPasskey('at-once')
    const browser = world.browser()
    const credential = passkey.use(await optionsFor(browser, '/auth/passkeys/options'))
    const all = await Promise.all(
      Array.from({ length: 10 }, () => browser.send('/auth/passkeys/sign-in', { json: { credential } })),
    )
    assert.deepEqual(all.map(({ status }) => status).sort(), [200, ...Array<number>(9).fill(401)])
  })

  test('PKY-01: a challenge is good in the browser that asked for it, for its purpose and account, for five minutes', async () => {
    const { browser: owner, passkey } = await withPasskey('bound')
    const [mine, others] = [world.browser(), world.browser()]
    const stolen = passkey.use(await optionsFor(mine, '/auth/passkeys/options'))
    await optionsFor(others, '/auth/passkeys/options')
    await isRefused(await others.send('/auth/passkeys/sign-in', { json: { credential: stolen } }))
    await isRefused(await world.browser().send('/auth/passkeys/sign-in', { json: { credential: stolen } }))
    const forSignIn = z.object({ options: z.object({ challenge: z.string() }) })
    const { challenge } = forSignIn.parse(await optionsFor(owner, '/auth/passkeys/options')).options
    const added = await addPasskey(owner, new SoftPasskey(), { challenge })
    await isRefused(added)
    const made = await optionsFor(owner, '/settings/passkeys/options')
    const { challenge: forMaking } = forSignIn.parse(made).options
    await isRefused(await signInBy(owner, passkey, { challenge: forMaking }))
    const slow = world.browser()
    const late = passkey.use(await optionsFor(slow, '/auth/passkeys/options'))
    world.pass(minutes(5))
    await isRefused(await slow.send('/auth/passkeys/sign-in', { json: { credential: late } }))
  })

  test('PKY-01: a making that another account began in the same browser adds nothing', async () => {
    const first = await signedUp(world, 'shared-one', password)
    const options = await optionsFor(first, '/settings/passkeys/options')
    const second = await signedUp(world, 'shared-two', password)
    second.jar.set('mia_passkey', first.jar.get('mia_passkey') ?? '')
    const json = { credential: new SoftPasskey().make(options) }
    await isRefused(await second.send('/settings/passkeys', { json }))
  })

  test('PKY-03: a counter that goes back or stands still is refused, written down and told', async () => {
    const { browser, passkey } = await withPasskey('counted')
    await box.letters(world)
    assert.equal((await signInBy(world.browser(), passkey, { counter: 5 })).status, 200)
    for (const counter of [5, 4, 0]) await isRefused(await signInBy(world.browser(), passkey, { counter }))
    const page = await (await browser.get('/settings/activity')).text()
    assert.equal(page.match(/its counter went back/g)?.length, 3)
    const subjects = (await box.letters(world)).map(({ subject }) => subject)
    assert.equal(subjects.filter((subject) => subject.startsWith('A passkey was refused')).length, 3)
    assert.equal((await signInBy(world.browser(), passkey, { counter: 6 })).status, 200)
  })

  test('PKY-03: nobody without the key makes a passkey look copied', async () => {
    const { browser, passkey } = await withPasskey('not-copied')
    assert.equal((await signInBy(world.browser(), passkey, { counter: 5 })).status, 200)
    await isRefused(await signInBy(world.browser(), passkey, { counter: 1, signedBy: new SoftPasskey() }))
    assert.doesNotMatch(await (await browser.get('/settings/activity')).text(), /counter went back/)
  })

  test('LOG-03: a disabled account is answered as one that is not there, and is let in again', async () => {
    const { passkey } = await withPasskey('disabled')
    await write(
      world.auth,
      `UPDATE users SET is_active = ${world.auth.connection.kind === 'postgres' ? 'false' : '0'} WHERE username = 'disabled'`,
    )
    await isRefused(await signInBy(world.browser(), passkey, { counter: 3 }))
    const [row] = await rowsOf(
      world.auth,
      `SELECT counter FROM passkeys WHERE user_id = (SELECT id FROM users WHERE username = 'disabled')`,
    )
    assert.equal(Number(row?.['counter']), 0, 'nothing of it was kept')
    await write(
      world.auth,
      `UPDATE users SET is_active = ${world.auth.connection.kind === 'postgres' ? 'true' : '1'} WHERE username = 'disabled'`,
    )
    assert.equal((await signInBy(world.browser(), passkey, { counter: 3 })).status, 200)
  })

  test('PKY-04: a credential that one person has is nobody else’s', async () => {
    const { passkey } = await withPasskey('first-owner')
    const thief = await signedUp(world, 'second-owner', password)
    const copy = new SoftPasskey()
    await isRefused(await addPasskey(thief, copy, { credentialId: passkey.id }))
    assert.equal(await passkeysOf('second-owner'), 0)
  })

  test('PKY-04: the options of the sign-in are the same for everybody and name no credential', async () => {
    const { browser } = await withPasskey('enumerated')
    const shape = async (from: Browser, json: Record<string, string>) => {
      const response = await from.send('/auth/passkeys/options', { json })
      assert.equal(response.status, 200)
      const text = await response.text()
      const [, challenge = ''] = /"challenge":"([\w-]+)"/.exec(text) ?? []
      assert.equal(Buffer.from(challenge, 'base64url').length, 32, 'PKY-01: 16 random bytes at least')
      return text.replace(challenge, '')
    }
    const plain = await shape(world.browser(), {})
    assert.doesNotMatch(plain, /allowCredentials/)
    for (const username of ['enumerated', 'nobody-at-all']) {
      assert.equal(await shape(world.browser(), { username }), plain)
      assert.equal(await shape(browser, { username }), plain)
    }
  })

  test('M7, MFA-06: a passkey is both factors: no code is asked for, and it counts as step-up', async () => {
    const { browser, passkey } = await withPasskey('both-factors')
    await addAuthenticator(world, browser)
    const fresh = world.browser()
    const signedIn = await signInBy(fresh, passkey)
    assert.equal(signedIn.status, 200)
    assert.equal((await fresh.get('/settings')).status, 200)
    assert.equal((await fresh.send('/settings/recovery-codes', { json: {} })).status, 200)
  })

  test('PKY-05: adding and removing need a fresh proof; renaming does not', async () => {
    const { browser, id } = await withPasskey('stale')
    world.pass(minutes(11))
    for (const path of ['/settings/passkeys/options', '/settings/passkeys', `/settings/passkeys/${id}/remove`]) {
      assert.equal(await codeOf(await browser.send(path, { json: {} })), 'step_up_required', path)
    }
    const renamed = await browser.send(`/settings/passkeys/${id}/rename`, { form: { name: 'My <b>key</b>' } })
    assert.equal(renamed.headers.get('location'), '/settings/passkeys?done=renamed')
    assert.match(await (await browser.get('/settings/passkeys')).text(), /My &lt;b&gt;key&lt;\/b&gt;/)
  })

  test('P2: rename and remove are for the owner alone', async () => {
    const { id } = await withPasskey('owner-alone')
    const other = await signedUp(world, 'other-person', password)
    for (const path of [`/settings/passkeys/${id}/rename`, `/settings/passkeys/${id}/remove`]) {
      assert.equal((await other.send(path, { json: { name: 'mine' } })).status, 404)
    }
    assert.equal((await other.get(`/settings/passkeys/${id}`)).status, 404)
    assert.equal(await passkeysOf('owner-alone'), 1)
  })

  test('PKY-05, P2: the last way in stays; with another one it goes', async () => {
    const { browser, id } = await withPasskey('last-way')
    await write(world.auth, `UPDATE users SET password_hash = '!' WHERE username = 'last-way'`)
    const kept = await browser.send(`/settings/passkeys/${id}/remove`, { form: {} })
    assert.equal(kept.status, 409)
    assert.match(await kept.text(), /only way in/)
    assert.equal(await passkeysOf('last-way'), 1)
    assert.equal((await addPasskey(browser, new SoftPasskey())).status, 200)
    const both = await rowsOf(
      world.auth,
      `SELECT id FROM passkeys WHERE user_id = (SELECT id FROM users WHERE username = 'last-way')`,
    )
    const removals = await Promise.all(
      both.map((row) => browser.send(`/settings/passkeys/${String(row['id'])}/remove`, { json: {} })),
    )
    assert.deepEqual(removals.map(({ status }) => status).sort(), [200, 409], 'of two at once one stays')
  })

  test('MFA-07: a removed passkey signs nobody in, and what was open elsewhere ends', async () => {
    const { browser, passkey, id } = await withPasskey('remover')
    const elsewhere = world.browser()
    assert.equal((await signInBy(elsewhere, passkey)).status, 200)
    await box.letters(world)
    const removed = await browser.send(`/settings/passkeys/${id}/remove`, { form: {} })
    assert.equal(removed.headers.get('location'), '/settings/passkeys?done=removed')
    assert.equal((await elsewhere.get('/settings')).status, 303)
    assert.equal((await browser.get('/settings')).status, 200)
    await isRefused(await signInBy(world.browser(), passkey))
    const [letter] = await box.letters(world)
    assert.match(letter?.subject ?? '', /^A passkey was removed/)
    const activity = await (await browser.get('/settings/activity')).text()
    assert.match(activity, /Passkey removed.*Passkey added/s)
  })

  test('P1: the list says kind, sync, days and whether it was used here', async () => {
    const { browser, passkey, name } = await withPasskey('lister', { backupEligible: true })
    assert.equal(name, 'Firefox on Linux')
    const list = async (from: Browser) => (await from.get('/settings/passkeys')).text()
    assert.match(await list(browser), /Synced to your devices\. Added .*not used yet, made on this device/)
    const elsewhere = world.browser()
    assert.equal((await signInBy(elsewhere, passkey, { backupEligible: true })).status, 200)
    assert.match(await list(elsewhere), /last used <time[^>]*>\d+ \w+ \d{4}<\/time> on this device/)
    assert.doesNotMatch(await list(browser), /on this device/)
    const overview = await (await browser.get('/settings/security')).text()
    assert.match(overview, /1 passkey\..*href="\/settings\/passkeys">Change them/s)
  })

  test('LOG-09: a new passkey is told to the owner', async () => {
    await box.letters(world)
    await withPasskey('told')
    const subjects = (await box.letters(world)).map(({ to, subject }) => `${to} ${subject}`)
    // Beside the letter by which a new address is confirmed.
    assert.equal(subjects.at(-1), 'told@example.org A passkey was added (localhost)')
  })

  test('PKY-04: an account keeps one name at its authenticators, which is random, and they are told what they hold', async () => {
    const { browser, passkey } = await withPasskey('one-handle')
    const shape = z.object({
      options: z.object({
        user: z.object({ id: z.string() }),
        excludeCredentials: z.array(z.object({ id: z.string() })),
      }),
    })
    const { options } = shape.parse(await optionsFor(browser, '/settings/passkeys/options'))
    assert.equal(options.user.id, passkey.handle)
    assert.equal(Buffer.from(options.user.id, 'base64url').length, 32)
    assert.deepEqual(
      options.excludeCredentials.map(({ id }) => id),
      [passkey.id.toString('base64url')],
    )
  })

  test('PKY-01, LIM-01: one network fills no table with challenges; others, and whoever is signed in, still get theirs', async () => {
    const address = '198.51.100.7'
    const ask = (path: string, json: object, from = address) => world.browser({ address: from }).send(path, { json })
    const mine = await count(world.auth, 'passkey_challenges')
    for (let n = 0; n < 100; n++) {
      assert.equal((await ask('/auth/passkeys/options', {})).status, 200)
      assert.equal((await ask('/auth/register/options', { username: `fills-${n}` })).status, 200)
    }
    const refused = await ask('/auth/passkeys/options', {})
    assert.deepEqual([refused.status, problemShape.parse(await refused.json()).code], [429, 'too_many_attempts'])
    assert.ok(Number(refused.headers.get('retry-after')) > 0)
    assert.equal((await ask('/auth/register/options', { username: 'fills' })).status, 429)
    assert.equal(await count(world.auth, 'passkey_challenges'), mine + 200)
    assert.equal((await ask('/auth/passkeys/options', {}, '198.51.100.8')).status, 200)
    world.pass(minutes(6))
    assert.equal((await ask('/auth/passkeys/options', {})).status, 200)
  })

  test('PKY-01: challenges do not gather: ten for a browser, and what has expired goes', async () => {
    const browser = world.browser()
    for (let n = 0; n < 15; n++) await optionsFor(browser, '/auth/passkeys/options')
    assert.ok((await count(world.auth, 'passkey_challenges')) <= 60)
    world.pass(minutes(6))
    await world.auth.sweep()
    assert.equal(await count(world.auth, 'passkey_challenges'), 0)
  })
})

describe('P3: an address under which browsers have no passkeys', () => {
  for (const [baseUrl, words] of [
    [
      'http://192.168.1.5:8080',
      /Passkeys need https and a name such as chat\.example\.org\. This server’s address is http:\/\/192\.168\.1\.5:8080\./,
    ],
    ['https://192.168.1.5', /Passkeys need https and a name/],
    ['http://mia.home', /Passkeys need https and a name/],
  ] as const) {
    test(`${baseUrl}: the pages say so, offer nothing, and the routes refuse`, async () => {
      const world = await testAuth({ baseUrl })
      try {
        const browser = await signedUp(world, 'anna', password)
        const page = await (await browser.get('/settings/passkeys')).text()
        assert.match(page, words)
        assert.doesNotMatch(page, /data-passkey=/)
        assert.doesNotMatch(await (await world.browser().get('/auth/login')).text(), /data-passkey/)
        for (const path of ['/settings/passkeys/options', '/auth/passkeys/options']) {
          const response = await browser.send(path, { json: {} })
          assert.equal(response.status, 409)
          assert.equal(await codeOf(response), 'passkeys_unavailable')
        }
      } finally {
        await world.close()
      }
    })
  }

  test('PKY-02: passkeys of a former address stay in the list, with the name that they work under, and are no way in', async () => {
    const world = await testAuth()
    try {
      const browser = await signedUp(world, 'moved', password)
      assert.equal((await addPasskey(browser, new SoftPasskey())).status, 200)
      await write(world.auth, `UPDATE passkeys SET rp_id = 'old.example.org'`)
      assert.match(
        await (await browser.get('/settings/passkeys')).text(),
        /Works under <bdi>old\.example\.org<\/bdi> only\./,
      )
      assert.match(await (await browser.get('/settings/security')).text(), /None\. One signs you in/)
    } finally {
      await world.close()
    }
  })
})

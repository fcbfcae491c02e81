import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { rowsOf } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const german = { 'accept-language': 'de-CH, en;q=0.5' }

describe('X11: the language of a page', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ languages: ['en', 'de'] })
    await signedUp(world, 'anna')
  })
  after(() => world.close())

  test('is what the browser asks for, until somebody chooses', async () => {
    const browser = world.browser()
    const asked = await browser.get('/auth/login', german)
    assert.equal(asked.headers.get('vary'), 'cookie, accept-language')
    assert.match(await asked.text(), /<html lang="de"[\s\S]*<h1>Anmelden<\/h1>/)
    assert.match(await (await browser.get('/auth/login')).text(), /<html lang="en"[\s\S]*<h1>Sign in<\/h1>/)
    const chosen = await browser.send('/auth/language', { form: { language: 'en', next: '/auth/login' } })
    assert.equal(chosen.headers.get('location'), '/auth/login')
    assert.match(await (await browser.get('/auth/login', german)).text(), /<html lang="en"/)
  })

  test('is that of what goes wrong, by its code', async () => {
    const said = async (path: string, form: Record<string, string>) =>
      (await world.browser().send(path, { form, headers: german })).text()
    assert.match(
      await said('/auth/login', { username: 'anna', password: 'wrong' }),
      /Benutzername oder Passwort stimmt nicht/,
    )
    const short = await said('/auth/register', { username: 'anna', email: 'x', password: 'kurz' })
    assert.match(short, /<title>Fehler: Konto anlegen/)
    assert.doesNotMatch(short, /Use |Enter |Choose /)
  })

  test('is English for programs, whose contract is the code', async () => {
    const json = { username: 'anna', password: 'wrong' }
    const answer = await world.browser().send('/auth/login', { json, headers: german })
    assert.match(await answer.text(), /That user name or password is not right/)
  })

  test('is English throughout on a server that offers nothing else, whatever was chosen before', async () => {
    const plain = await testAuth()
    try {
      const text = await (await plain.browser().get('/auth/login', { ...german, cookie: 'mia_language=de' })).text()
      assert.match(text, /<html lang="en"[\s\S]*<h1>Sign in<\/h1>/)
      assert.doesNotMatch(text, /action="\/auth\/language"/)
    } finally {
      await plain.close()
    }
  })

  test('is that of the server for whoever wants none of its languages', async () => {
    const house = await testAuth({ languages: ['en', 'de'], language: 'de' })
    try {
      const text = await (await house.browser().get('/auth/login', { 'accept-language': 'fr' })).text()
      assert.match(text, /<html lang="de"[\s\S]*action="\/auth\/language"/)
    } finally {
      await house.close()
    }
  })

  test('a cookie or header that is no language counts as none', async () => {
    const page = await world
      .browser()
      .get('/auth/login', { cookie: 'mia_language=xx"><b>', 'accept-language': '"><b>' })
    const text = await page.text()
    assert.match(text, /<html lang="en"/)
    assert.doesNotMatch(text, /"><b>/)
  })
})

describe('X11: the language of a person', () => {
  const password = 'a walk by the river'
  const kept = (world: TestAuth, username: string) =>
    rowsOf(world.auth, 'SELECT language FROM users WHERE username = ?', [username])

  test('one that the server does not offer is not kept', async () => {
    const world = await testAuth()
    try {
      const browser = await signedUp(world, 'anna', password)
      await browser.send('/auth/language', { form: { language: 'de', next: '/' } })
      assert.deepEqual(await kept(world, 'anna'), [{ language: null }])
    } finally {
      await world.close()
    }
  })
})

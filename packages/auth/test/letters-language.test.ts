import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { administrator } from './support/administrator.ts'
import { letterBox } from './support/letters.ts'
import { password } from './support/second-factor.ts'
import { rowsOf } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const german = { 'accept-language': 'de' }

describe('X11: the language of letters', () => {
  const box = letterBox()
  let world: TestAuth
  before(async () => {
    world = await testAuth({ languages: ['en', 'de'], mail: box.mail, limits: { registrations: 1000 } })
  })
  after(() => world.close())

  const languageOf = async (username: string) =>
    (await rowsOf(world.auth, 'SELECT language FROM users WHERE username = ?', [username]))[0]?.['language']
  const choose = (browser: ReturnType<TestAuth['browser']>, language: string) =>
    browser.send('/auth/language', { form: { language, next: '/' } })
  const lastTo = async (username: string) =>
    (await box.letters(world)).filter(({ to }) => to === `${username}@example.org`).at(-1)

  test('what no language is, and who is not signed in, changes nobody', async () => {
    const browser = await signedUp(world, 'steady', password)
    const before = await languageOf('steady')
    for (const language of ['fr', '', 'de"><b>']) {
      assert.equal((await choose(browser, language)).status, 422, language)
    }
    assert.equal((await choose(world.browser(), 'de')).status, 303)
    assert.equal(await languageOf('steady'), before)
  })

  test('is that in which the account was made', async () => {
    const browser = world.browser()
    const json = { username: 'hanna', email: 'hanna@example.org', password }
    assert.equal((await browser.send('/auth/register', { json, headers: german })).status, 200)
    const letter = await lastTo('hanna')
    assert.match(letter?.subject ?? '', /^Bestätige deine Adresse für /)
    assert.match(letter?.text ?? '', /^Hallo hanna,/)
    assert.match(letter?.html ?? '', /<html lang="de">[\s\S]*Oder öffne diese Adresse:/)
  })

  test('is what the person has chosen since, and so is that of the pages on every device', async () => {
    const browser = await signedUp(world, 'otto', password)
    assert.match((await lastTo('otto'))?.subject ?? '', /^Confirm your address/)
    assert.equal((await choose(browser, 'de')).status, 303)
    const elsewhere = world.browser()
    await elsewhere.send('/auth/login', { json: { username: 'otto', password } })
    assert.match(await (await elsewhere.get('/settings/devices')).text(), /<html lang="de"[\s\S]*<h1><bdi>Geräte/)
    const sent = { current_password: password, new_password: 'another walk by the sea' }
    assert.equal((await elsewhere.send('/settings/password', { json: sent })).status, 200)
    const letter = await lastTo('otto')
    assert.match(letter?.subject ?? '', /^Dein Passwort wurde geändert – /)
    assert.match(letter?.text ?? '', /Das war ich nicht:/)
    assert.doesNotMatch(letter?.text ?? '', /\b(your|you|the)\b/)
  })

  test('is never that of a stranger who asks, nor of an administrator who acts', async () => {
    const browser = await signedUp(world, 'ida', password)
    await choose(browser, 'de')
    await box.letters(world)
    await world
      .browser()
      .send('/auth/forgot', { json: { email: 'ida@example.org' }, headers: { 'accept-language': 'en' } })
    assert.match((await lastTo('ida'))?.subject ?? '', /^Neues Passwort für /)
    const { browser: chief } = await administrator(world)
    const { id } = (await world.auth.admin.findUser('ida')) ?? assert.fail()
    const done = await chief.send(`/admin/people/${id}/disable`, { json: { reason: 'Asked for it' } })
    assert.equal(done.status, 200, await done.text())
    const letter = await lastTo('ida')
    assert.match(letter?.subject ?? '', /^Dein Konto wurde gesperrt – /)
    assert.match(letter?.text ?? '', /Grund: Asked for it/)
  })

  test('is that of the server for whoever has chosen none, and nothing is kept where there is one language', async () => {
    const inbox = letterBox()
    const house = await testAuth({ languages: ['de'], mail: inbox.mail })
    try {
      await signedUp(house, 'maria', password)
      const [letter] = await inbox.letters(house)
      assert.match(letter?.subject ?? '', /^Bestätige deine Adresse/)
      const [row] = await rowsOf(house.auth, `SELECT language FROM users WHERE username = 'maria'`)
      assert.equal(row?.['language'], null)
    } finally {
      await house.close()
    }
  })
})

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { settingsSections } from '@miachat/auth/views'
import { addAuthenticator, password } from './support/second-factor.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

describe('the pages of the settings', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth()
  })
  after(() => world.close())

  test('each section of the list is a page, closed to guests, that marks itself in the list', async () => {
    const browser = await signedUp(world, 'sections', password)
    for (const { path, label } of settingsSections) {
      const page = await browser.get(path)
      assert.equal(page.status, 200, path)
      const text = await page.text()
      assert.ok(text.includes(`<a href="${path}" aria-current="page">${label}</a>`), path)
      assert.equal(text.match(/aria-current="page"/g)?.length, 1, path)
      for (const other of settingsSections) assert.ok(text.includes(`href="${other.path}"`), `${path}: ${other.path}`)
      assert.equal((await world.browser().get(path)).headers.get('location')?.startsWith('/auth/login?'), true, path)
    }
  })

  test('A2: the overview says how old the password is, how the second step stands, how many codes are left, and what to do next', async () => {
    const browser = await signedUp(world, 'overview', password)
    const overview = async () => (await browser.get('/settings/security')).text()
    const before = await overview()
    assert.match(before, /Password.*Set on <time datetime="20.*href="#password">Change it/s)
    assert.match(before, /Off\. One step alone.*href="\/settings\/second-factor">Set it up/s)
    assert.doesNotMatch(before, /Recovery codes/)
    await addAuthenticator(world, browser)
    const after = await overview()
    assert.match(after, /On, with 1 authenticator.*href="\/settings\/second-factor">Change it/s)
    assert.match(after, /10 codes left.*href="\/settings\/second-factor#recovery-codes">Make new ones/s)
  })

  test('X5: a wrong current password shows the form again on its own page', async () => {
    const browser = await signedUp(world, 'mistyper', password)
    const form = { current_password: 'not this one', new_password: 'a walk by the sea' }
    const again = await browser.send('/settings/password', { form })
    assert.equal(again.status, 403)
    const text = await again.text()
    assert.match(text, /<title>Error: Security/)
    assert.match(text, /The current password is not right/)
    assert.doesNotMatch(text, /not this one|by the sea/)
  })
})

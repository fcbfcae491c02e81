import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { type OpenIdProvider, openIdProvider } from '../packages/auth/test/support/openid-provider.ts'
import { launchChromium } from './support/chromium.ts'
import { freePort } from './support/free-port.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'

const password = 'a walk by the river'
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

describe('sign-in by another service in a real browser', () => {
  let provider: OpenIdProvider
  let server: ServerProcess
  let browser: Browser
  before(async () => {
    const port = await freePort()
    provider = await openIdProvider([`http://localhost:${port}/auth/providers/home/callback`])
    const { issuer, client } = provider
    const home = { id: 'home', label: 'Our house', issuer, clientId: client.id, clientSecret: client.secret }
    server = await startServer({
      port,
      env: { LOG_LEVEL: 'error', PASSWORD_COST: '4', PROVIDERS: JSON.stringify([home]) },
    })
    browser = await launchChromium()
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
    await provider?.close()
  })

  async function inspect(page: Page, hasScript: boolean): Promise<void> {
    if (hasScript) {
      const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
      assert.deepEqual(found, [], page.url())
    }
    const over: unknown = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    assert.equal(over, 0, `${page.url()} scrolls sideways`)
    assert.equal(await page.locator('h1').count(), 1, page.url())
  }

  for (const javaScriptEnabled of [true, false]) {
    test(`OAU-01, OAU-06: first sign-in, settings, link, unlink, ${javaScriptEnabled ? 'with' : 'without'} script`, async () => {
      // The pages' own policy is in force: a redirect to the provider as the answer to a form would be stopped here.
      const context = await browser.newContext({
        baseURL: `http://localhost:${server.port}`,
        javaScriptEnabled,
        viewport: { width: 360, height: 740 },
      })
      const name = javaScriptEnabled ? 'marie' : 'pierre'
      provider.state.person = {
        sub: name,
        email: `${name}@example.org`,
        email_verified: true,
        preferred_username: name,
      }
      try {
        const page = await context.newPage()
        await page.goto('/auth/login?next=%2Fsettings%2Fsecurity')
        await inspect(page, javaScriptEnabled)
        await page.check('[name=remember_me]')
        await page.click('button:has-text("Continue with Our house")')
        await page.waitForURL('**/auth/welcome')
        assert.equal(await page.inputValue('[name=username]'), name)
        await inspect(page, javaScriptEnabled)
        await page.click('button:has-text("Create account")')
        await page.waitForURL('**/settings/security')
        const session = (await context.cookies()).find((cookie) => cookie.name.endsWith('session'))
        assert.ok((session?.expires ?? 0) > Date.now() / 1000 + 86_400, '“stay signed in” went along')
        await page.click('a[href="/settings/providers"]')
        await inspect(page, javaScriptEnabled)
        assert.match((await page.locator('main').textContent()) ?? '', new RegExp(`${name}@example\\.org, linked`))
        await page.click('button:has-text("Unlink")')
        await page.waitForURL('**/settings/providers?why=last_way_in**')
        await page.goto('/settings/security#password')
        await page.fill('[name=new_password]', password)
        await page.click('button:has-text("Set password")')
        await page.waitForURL('**/settings/security?done=password')
        await page.goto('/settings/providers')
        await page.click('button:has-text("Unlink")')
        await page.waitForURL('**/settings/providers?done=unlinked')
        await inspect(page, javaScriptEnabled)
        await page.click('button:has-text("Link Our house")')
        await page.waitForURL('**/settings/providers?done=linked')
        await page.context().clearCookies()
        await page.goto('/auth/login')
        await page.click('button:has-text("Continue with Our house")')
        await page.waitForURL((url) => url.pathname === '/')
        assert.match((await page.locator('body').textContent()) ?? '', new RegExp(name))
      } finally {
        await context.close()
      }
    })
  }

  test('OAU-07: who says no there is back at the sign-in page, with a word', async () => {
    const context = await browser.newContext({ baseURL: `http://localhost:${server.port}` })
    provider.state.saysNo = true
    try {
      const page = await context.newPage()
      await page.goto('/auth/login')
      await page.click('button:has-text("Continue with Our house")')
      await page.waitForURL('**/auth/login?why=provider_refused**')
      assert.match(
        (await page.locator('main').textContent()) ?? '',
        /Our house did not sign you in, or you stopped it there/,
      )
    } finally {
      provider.state.saysNo = false
      await context.close()
    }
  })
})

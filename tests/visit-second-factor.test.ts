import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { Secret, TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from './support/chromium.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'

const password = 'a walk by the river'
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

describe('two-step sign-in in a real browser at 360 px', () => {
  let server: ServerProcess
  let browser: Browser
  before(async () => {
    server = await startServer({ env: { LOG_LEVEL: 'error' } })
    browser = await launchChromium()
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  async function inspect(page: Page, hasScript: boolean): Promise<void> {
    if (hasScript) await inspectWithAxe(page)
    const over: unknown = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    assert.equal(over, 0, `${page.url()} scrolls sideways`)
    assert.equal(await page.locator('h1').count(), 1, page.url())
  }

  /** Axe is a script itself. */
  async function inspectWithAxe(page: Page): Promise<void> {
    const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
    assert.deepEqual(found, [], page.url())
  }

  async function signIn(page: Page, username: string): Promise<void> {
    await page.goto('/auth/login')
    await page.fill('[name=username]', username)
    await page.fill('[name=password]', password)
    await page.click('main button:has-text("Sign in")')
  }

  for (const javaScriptEnabled of [true, false]) {
    test(`M1 to M6: set up, signed in by a recovery code, then trusted, ${javaScriptEnabled ? 'with' : 'without'} script`, async () => {
      const context = await browser.newContext({
        baseURL: server.url,
        bypassCSP: true,
        javaScriptEnabled,
        viewport: { width: 360, height: 740 },
      })
      try {
        const page = await context.newPage()
        const username = `steps-${javaScriptEnabled}`
        await page.goto('/auth/register')
        await page.fill('[name=username]', username)
        await page.fill('[name=email]', `${username}@example.org`)
        await page.fill('[name=password]', password)
        await page.click('main form[action="/auth/register"] button[type=submit]:not([aria-pressed])')
        await page.goto('/settings')
        await page.click('a[href="/settings/second-factor"]')
        await inspect(page, javaScriptEnabled)
        await page.click('button:has-text("Add an authenticator")')
        await inspect(page, javaScriptEnabled)
        const secret = ((await page.locator('main code').first().textContent()) ?? '').replaceAll(' ', '')
        await page.fill('[name=code]', new TOTP({ secret: Secret.fromBase32(secret) }).generate())
        await page.click('button:has-text("Turn it on")')
        await inspect(page, javaScriptEnabled)
        const [code = ''] = ((await page.locator('pre').textContent()) ?? '').split('\n')
        await page.check('#field-saved')
        await page.click('button:has-text("Go on")')
        await inspect(page, javaScriptEnabled)
        await context.clearCookies()
        await signIn(page, username)
        await page.waitForURL(/second-factor/)
        await inspect(page, javaScriptEnabled)
        await page.fill('[name=code]', '000000')
        await page.click('main button:has-text("Sign in")')
        await inspect(page, javaScriptEnabled)
        await page.fill('[name=code]', code.replaceAll('-', ' '))
        await page.click('main button:has-text("Sign in")')
        await page.waitForURL(/settings\/second-factor/)
        await inspect(page, javaScriptEnabled)
        await page.goto('/settings/confirm')
        await inspect(page, javaScriptEnabled)
        await context.clearCookies()
        await signIn(page, username)
        await page.waitForURL(/second-factor/)
        const nextCode = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + 30_000 })
        await page.fill('[name=code]', nextCode)
        await page.check('[name=trust_device]')
        await page.click('main button:has-text("Sign in")')
        await page.waitForURL((url) => url.pathname === '/')
        await page.goto('/settings/second-factor')
        assert.equal(await page.locator('#trusted-devices .row').count(), 1, 'M6')
        await inspect(page, javaScriptEnabled)
        await context.clearCookies({ name: 'mia_session' })
        await signIn(page, username)
        await page.waitForURL((url) => url.pathname === '/')
        await page.goto('/settings/second-factor')
        await page.click('button:has-text("Stop trusting")')
        await page.waitForURL(/done=cut/)
        assert.equal(await page.locator('#trusted-devices').count(), 0)
        await inspect(page, javaScriptEnabled)
      } finally {
        await context.close()
      }
    })
  }
})

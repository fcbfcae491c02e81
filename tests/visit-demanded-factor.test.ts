import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { Secret, TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from './support/chromium.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'
import { virtualAuthenticator } from './support/virtual-authenticator.ts'

const password = 'a walk by the river'
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

describe('a second step that is demanded, in a real browser', () => {
  let server: ServerProcess
  let browser: Browser
  before(async () => {
    server = await startServer({ env: { LOG_LEVEL: 'error', SECOND_FACTOR_USERS_GRACE_DAYS: '0' } })
    browser = await launchChromium()
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  async function inspect(page: Page, name: string, hasScript: boolean): Promise<void> {
    if (hasScript) {
      const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
      assert.deepEqual(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
        [],
        page.url(),
      )
    }
    const over: unknown = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    assert.equal(over, 0, `${page.url()} scrolls sideways`)
    assert.equal(await page.locator('h1').count(), 1, page.url())
    const shots = process.env['SHOTS']
    if (shots !== undefined && hasScript) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
  }

  /** Signs up, and in again up to where a second step has to be set up. */
  async function stopped(page: Page, username: string): Promise<void> {
    await page.goto('/auth/register')
    await page.fill('[name=username]', username)
    await page.fill('[name=email]', `${username}@example.org`)
    await page.fill('[name=password]', password)
    await page.click('main form[action="/auth/register"] button[type=submit]:not([aria-pressed])')
    await page.waitForURL(/\/settings\/second-factor$/)
    await page.context().clearCookies()
    await signIn(page, username)
    await page.waitForURL('**/auth/enrol')
  }

  async function signIn(page: Page, username: string): Promise<void> {
    await page.goto('/auth/login')
    await page.fill('[name=username]', username)
    await page.fill('[name=password]', password)
    await page.click('main form[action="/auth/login"] button[type=submit]')
  }

  for (const { width, colorScheme } of [
    { width: 360, colorScheme: 'light' },
    { width: 1280, colorScheme: 'dark' },
  ] as const) {
    test(`M8: by a passkey, which has to see its person, and with its recovery codes, at ${width} px`, async () => {
      const context = await browser.newContext({
        baseURL: `http://localhost:${server.port}`,
        bypassCSP: true,
        viewport: { width, height: 740 },
        colorScheme,
      })
      await context.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = async () => false')
      const look = (page: Page, name: string) => inspect(page, `passkey-${name}-${width}-${colorScheme}`, true)
      try {
        const page = await context.newPage()
        const authenticator = await virtualAuthenticator(page)
        const username = `keyed-${width}`
        await stopped(page, username)
        await look(page, 'enrol')
        const make = page.getByRole('button', { name: 'Make a passkey instead' })
        await authenticator.recognises(false)
        await make.click()
        await page.locator('.passkey-said:has-text("cancelled")').waitFor()
        await look(page, 'cancelled')
        assert.equal((await authenticator.credentials()).length, 0)
        await authenticator.recognises(true)
        await make.click()
        await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor()
        const [code = ''] = ((await page.locator('#recovery-codes').textContent()) ?? '').split('\n')
        assert.equal((await authenticator.credentials()).length, 1)
        await page.check('#field-saved')
        await page.click('button:has-text("Go on")')
        await page.goto('/settings/second-factor')
        await page.getByText('After your password you are asked for your passkey. 10 recovery codes left.').waitFor()
        await look(page, 'second-factor')
        // By the passkey from now on.
        await context.clearCookies()
        await signIn(page, username)
        await page.waitForURL('**/auth/second-factor')
        await look(page, 'asked')
        await page.click('[data-passkey="second-factor"] button')
        await page.waitForURL((url) => !url.pathname.startsWith('/auth/'))
        // And by a recovery code where it is lost.
        await context.clearCookies()
        await signIn(page, username)
        await page.waitForURL('**/auth/second-factor')
        await page.fill('[name=code]', '000000')
        await page.click('button:has-text("Use a recovery code")')
        await page.locator('.field-wrong').waitFor()
        await look(page, 'wrong-code')
        await page.fill('[name=code]', code)
        await page.click('button:has-text("Use a recovery code")')
        await page.waitForURL('**/settings/passkeys?done=recovered')
        await look(page, 'recovered')
      } finally {
        await context.close()
      }
    })
  }

  test('M8: a security key without a PIN is no passkey, at the sign-in either', async () => {
    const context = await browser.newContext({ baseURL: `http://localhost:${server.port}` })
    try {
      const page = await context.newPage()
      const key = await virtualAuthenticator(page, 'noPin')
      await stopped(page, 'bare-key')
      await page.getByRole('button', { name: 'Make a passkey instead' }).click()
      await page.locator('.passkey-said:not(:empty)').waitFor()
      assert.equal((await key.credentials()).length, 0)
      assert.equal(new URL(page.url()).pathname, '/auth/enrol')
    } finally {
      await context.close()
    }
  })

  for (const { script, width, colorScheme } of [
    { script: true, width: 360, colorScheme: 'light' },
    { script: true, width: 1280, colorScheme: 'dark' },
    { script: false, width: 360, colorScheme: 'light' },
  ] as const) {
    test(`M8: a sign-in that stops until one is set up, at ${width} px, ${script ? 'with' : 'without'} script`, async () => {
      const context = await browser.newContext({
        baseURL: server.url,
        bypassCSP: true,
        javaScriptEnabled: script,
        viewport: { width, height: 740 },
        colorScheme,
      })
      const look = (page: Page, name: string) => inspect(page, `${name}-${width}-${colorScheme}`, script)
      try {
        const page = await context.newPage()
        const username = `asked-${width}-${script}`
        await page.goto('/auth/register')
        await page.fill('[name=username]', username)
        await page.fill('[name=email]', `${username}@example.org`)
        await page.fill('[name=password]', password)
        await page.click('main form[action="/auth/register"] button[type=submit]:not([aria-pressed])')
        await page.waitForURL(/\/settings\/second-factor$/)
        await look(page, 'inside')
        await context.clearCookies()
        await page.goto('/auth/login')
        await page.fill('[name=username]', username)
        await page.fill('[name=password]', password)
        await page.click('main button:has-text("Sign in")')
        await page.waitForURL('**/auth/enrol')
        await look(page, 'enrol')
        await page.click('button:has-text("Set up an authenticator")')
        await page.waitForURL(/\/auth\/enrol\/.+/)
        await look(page, 'qr')
        await page.fill('[name=code]', '000000')
        await page.click('button:has-text("Turn it on")')
        await page.locator('.field-wrong').waitFor()
        await look(page, 'wrong')
        const secret = ((await page.locator('main code').first().textContent()) ?? '').replaceAll(' ', '')
        await page.fill('[name=code]', new TOTP({ secret: Secret.fromBase32(secret) }).generate())
        await page.click('button:has-text("Turn it on")')
        await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor()
        await look(page, 'codes')
        await page.check('#field-saved')
        await page.click('button:has-text("Go on")')
        await page.goto('/settings')
        assert.equal(new URL(page.url()).pathname, '/settings')
        await page.goto('/auth/enrol')
        await look(page, 'ended')
      } finally {
        await context.close()
      }
    })
  }
})

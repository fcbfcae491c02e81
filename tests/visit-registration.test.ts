import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { Secret, TOTP } from 'otpauth'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchChromium } from './support/chromium.ts'
import { miachat } from './support/miachat-command.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'
import { virtualAuthenticator } from './support/virtual-authenticator.ts'

const password = 'a walk by the river'
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** Where pictures of the pages go, for whoever wants to look at them; nowhere without it. */
const pictures = process.env['VISIT_PICTURES']

const ways = [
  [360, 'light', true],
  [360, 'dark', false],
  [1280, 'dark', true],
  [1280, 'light', false],
] as const

describe('who gets an account, in a real browser', () => {
  let browser: Browser
  before(async () => {
    browser = await launchChromium()
  })
  after(() => browser?.close())

  async function withServer(registration: string, work: (server: ServerProcess) => Promise<void>): Promise<void> {
    const env = { LOG_LEVEL: 'info', PASSWORD_COST: '4', REGISTRATION: registration, LIMIT_REGISTRATIONS: '100' }
    const server = await startServer({ env })
    try {
      await work(server)
    } finally {
      await server.stop()
    }
  }

  async function inside(server: ServerProcess, options: BrowserContextOptions, work: (page: Page) => Promise<void>) {
    const context = await browser.newContext({
      // The name, and not the number, for passkeys.
      baseURL: `http://localhost:${server.port}`,
      bypassCSP: true,
      ...options,
    })
    try {
      await work(await context.newPage())
    } finally {
      await context.close()
    }
  }

  async function look(page: Page, hasScript: boolean, name: string): Promise<void> {
    // Axe is a script itself.
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
    if (pictures) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
  }

  async function register(page: Page, username: string): Promise<void> {
    await page.fill('[name=username]', username)
    await page.fill('[name=email]', `${username}@example.org`)
    await page.fill('[name=password]', password)
    await page.click('main form[action="/auth/register"] button[type=submit]')
    await page.waitForURL((url) => url.pathname !== '/auth/register')
  }

  async function signIn(page: Page, username: string): Promise<void> {
    await page.goto('/auth/login')
    await page.fill('[name=username]', username)
    await page.fill('[name=password]', password)
    await page.click('main button:has-text("Sign in")')
    await page.waitForURL((url) => url.pathname !== '/auth/login')
  }

  /** A second step, without which nothing of the administration opens. */
  async function addAuthenticator(page: Page): Promise<void> {
    await page.goto('/settings/second-factor')
    await page.click('button:has-text("Add an authenticator")')
    const secret = ((await page.locator('main code').first().textContent()) ?? '').replaceAll(' ', '')
    await page.fill('[name=code]', new TOTP({ secret: Secret.fromBase32(secret) }).generate())
    await page.click('button:has-text("Turn it on")')
    await page.check('#field-saved')
    await page.click('button:has-text("Go on")')
  }

  const mainText = async (page: Page) => (await page.locator('main').textContent()) ?? ''

  for (const [width, colorScheme, javaScriptEnabled] of ways) {
    const how = `${width}-${colorScheme}-${javaScriptEnabled ? 'script' : 'plain'}`
    const options = { javaScriptEnabled, colorScheme, viewport: { width, height: 800 } }

    test(`L9, ADM-01: the printed address makes the first administrator, once; approve and decline (${how})`, () =>
      withServer('approval', async (server) => {
        const [printed] = /http\S+\/auth\/first-administrator\?token=[\w-]{43}/.exec(server.stdout()) ?? []
        assert.ok(printed, server.stdout())
        const { pathname, search } = new URL(printed)
        await inside(server, options, async (page) => {
          await page.goto(`${pathname}${search}`)
          await look(page, javaScriptEnabled, `first-${how}`)
          await page.click('main a:has-text("Create an account")')
          await look(page, javaScriptEnabled, `first-register-${how}`)
          await register(page, 'olivia')
          assert.doesNotMatch(page.url(), /\/auth\/waiting/, 'the first administrator waits for nobody')
          await addAuthenticator(page)
          await page.goto('/admin/people')
          await look(page, javaScriptEnabled, `first-people-${how}`)
          await page.goto(`${pathname}${search}`)
          assert.match(await mainText(page), /This code does not work any more/)
          await look(page, javaScriptEnabled, `first-used-${how}`)

          // Two people register; each is led to the page that says to wait, and so is a sign-in.
          await inside(server, options, async (guest) => {
            for (const name of ['wanda', 'ulrich']) {
              await guest.goto('/auth/register')
              await register(guest, name)
              assert.equal(new URL(guest.url()).pathname, '/auth/waiting')
            }
            assert.match(await mainText(guest), /nobody has decided for 30 days, the account is deleted/)
            await look(guest, javaScriptEnabled, `waiting-${how}`)
            await signIn(guest, 'wanda')
            assert.equal(new URL(guest.url()).pathname, '/auth/waiting')
          })

          await page.goto('/admin/people')
          assert.match(await mainText(page), /2 accounts wait for your approval/)
          await page.click('main a:has-text("wait for your approval")')
          await look(page, javaScriptEnabled, `waiting-people-${how}`)
          await page.click('main a:has-text("wanda")')
          assert.match(await mainText(page), /Deleted if nobody approves it/)
          await look(page, javaScriptEnabled, `waiting-person-${how}`)
          await page.click('main a:has-text("Approve the account")')
          await look(page, javaScriptEnabled, `approve-${how}`)
          await page.click('main button:has-text("Approve the account")')
          await page.waitForSelector('.error-summary')
          await look(page, javaScriptEnabled, `approve-again-${how}`)
          await page.fill('[name=reason]', 'Known to us')
          await page.click('main button:has-text("Approve the account")')
          await page.waitForURL(/done=approve/)
          await look(page, javaScriptEnabled, `approved-${how}`)
          await page.goto('/admin/people?state=waiting')
          await page.click('main a:has-text("ulrich")')
          await page.click('main a:has-text("Decline the account")')
          await look(page, javaScriptEnabled, `decline-${how}`)
          await page.fill('[name=reason]', 'Nobody here knows you')
          await page.click('main button:has-text("Decline the account")')
          await page.waitForURL(/\/admin\/people\?done=decline/)
          await look(page, javaScriptEnabled, `declined-${how}`)
          assert.doesNotMatch(await mainText(page), /ulrich/)

          for (const part of ['health', 'limits']) {
            await page.goto(`/admin/${part}`)
            await look(page, javaScriptEnabled, `${part}-${how}`)
          }
          await inside(server, options, async (guest) => {
            await signIn(guest, 'wanda')
            assert.notEqual(new URL(guest.url()).pathname, '/auth/waiting')
          })
        })
      }))
  }

  test('R1, P4: an account by an invitation with a passkey and no password, and never a second one', () =>
    withServer('invitation', async (server) => {
      const made = await miachat(['user', 'invite'], {
        dataDir: server.dataDir,
        env: { BASE_URL: `http://localhost:${server.port}`, REGISTRATION: 'invitation' },
      })
      assert.equal(made.code, 0, made.stderr)
      const [link] = /http\S+\/auth\/register\?invitation=[\w-]{43}/.exec(made.stdout) ?? []
      assert.ok(link, made.stdout)
      const { pathname, search } = new URL(link)
      await inside(server, { viewport: { width: 360, height: 800 } }, async (page) => {
        await page.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = async () => false')
        const authenticator = await virtualAuthenticator(page)
        await page.goto('/auth/register')
        assert.match(await mainText(page), /By invitation only/)
        assert.equal(await page.locator('[data-passkey=sign-up]').count(), 0)
        await page.goto(`${pathname}${search}`)
        await look(page, true, 'invited-passkey')
        // A mistake first: the invitation must be there still on the form that comes back.
        await page.fill('[name=username]', 'x')
        await page.click('[data-passkey=sign-up] button')
        await page.waitForSelector('[data-passkey=sign-up] [role=status]:not(:empty)')
        assert.deepEqual(await authenticator.credentials(), [])
        await page.fill('[name=username]', 'by-invitation')
        await page.fill('[name=email]', 'by-invitation@example.org')
        await page.click('[data-passkey=sign-up] button')
        await page.waitForURL((url) => !url.pathname.startsWith('/auth/'))
        assert.equal((await authenticator.credentials()).length, 1)
        await page.goto('/settings/security')
        assert.match(await mainText(page), /1 passkey\./)
        // The page would notice that its session is gone, and lead away by itself.
        await page.goto('about:blank')
        await page.context().clearCookies()
        await page.goto(`${pathname}${search}`)
        assert.match(await mainText(page), /does not work any more/)
        await page.goto('/auth/login?next=/settings/passkeys')
        await page.click('[data-passkey=sign-in] button')
        await page.waitForURL((url) => url.pathname === '/settings/passkeys')
      })
    }))
})

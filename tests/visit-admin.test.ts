import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { Secret, TOTP } from 'otpauth'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchChromium } from './support/chromium.ts'
import { createClient } from './support/http-client.ts'
import { miachat } from './support/miachat-command.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'

const password = 'a walk by the river'
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** Where pictures of the pages go, for whoever wants to look at them; nowhere without it. */
const pictures = process.env['VISIT_PICTURES']

describe('the administration in a real browser', () => {
  let server: ServerProcess
  let browser: Browser
  before(async () => {
    server = await startServer({ env: { LOG_LEVEL: 'error', PASSWORD_COST: '4' } })
    browser = await launchChromium()
    for (const name of ['bruno', 'clara', 'dmitri']) await createClient(server.url).register(name, password)
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

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

  async function signIn(context: BrowserContext, username: string): Promise<Page> {
    const page = await context.newPage()
    await page.goto('/auth/login?next=/admin')
    await page.fill('[name=username]', username)
    await page.fill('[name=password]', password)
    await page.click('main button:has-text("Sign in")')
    return page
  }

  for (const [width, colorScheme, javaScriptEnabled] of [
    [360, 'light', true],
    [360, 'dark', false],
    [1280, 'dark', true],
    [1280, 'light', false],
  ] as const) {
    const how = `${width}-${colorScheme}-${javaScriptEnabled ? 'script' : 'plain'}`
    test(`ADM-02, AD1 to AD3: asked for a second step, then people and what can be done (${how})`, async () => {
      const chief = `chief-${how}`
      await createClient(server.url).register(chief, password)
      assert.equal((await miachat(['user', 'role', chief, 'admin'], { dataDir: server.dataDir })).code, 0)
      const context = await browser.newContext({
        baseURL: server.url,
        bypassCSP: true,
        javaScriptEnabled,
        colorScheme,
        viewport: { width, height: 800 },
      })
      try {
        const page = await signIn(context, chief)
        await page.waitForURL(/\/settings\/second-factor\?why=admin/)
        await look(page, javaScriptEnabled, `setup-${how}`)
        await page.click('button:has-text("Add an authenticator")')
        const secret = ((await page.locator('main code').first().textContent()) ?? '').replaceAll(' ', '')
        await page.fill('[name=code]', new TOTP({ secret: Secret.fromBase32(secret) }).generate())
        await page.click('button:has-text("Turn it on")')
        await page.check('#field-saved')
        await page.click('button:has-text("Go on")')

        await page.goto('/admin')
        await page.waitForURL(/\/admin\/people$/)
        await look(page, javaScriptEnabled, `people-${how}`)
        await page.click('summary:has-text("Filters")')
        await page.selectOption('[name=seen]', '7')
        await page.selectOption('[name=sort]', 'seen')
        await page.fill('[name=q]', 'clar')
        await page.click('main button:has-text("Search")')
        await look(page, javaScriptEnabled, `people-found-${how}`)
        await page.click('a:has-text("clara")')
        await look(page, javaScriptEnabled, `person-${how}`)
        await page.click('a:has-text("Disable the account")')
        await look(page, javaScriptEnabled, `act-${how}`)
        await page.click('button:has-text("Disable the account")')
        await page.waitForSelector('.error-summary')
        await look(page, javaScriptEnabled, `act-again-${how}`)
        await page.fill('[name=reason]', 'Asked for it herself')
        await page.click('button:has-text("Disable the account")')
        await page.waitForURL(/done=disable/)
        assert.match((await page.locator('main').textContent()) ?? '', /Reason: Asked for it herself/)
        await look(page, javaScriptEnabled, `disabled-${how}`)
        await page.click('a:has-text("Enable the account")')
        await page.fill('[name=reason]', 'Changed her mind')
        await page.click('button:has-text("Enable the account")')
        await page.waitForURL(/done=enable/)
        await page.click('a:has-text("Make a link for a new password")')
        await page.fill('[name=reason]', 'Asked by phone')
        await page.click('button:has-text("Make a link for a new password")')
        await page.waitForSelector('pre.command')
        await look(page, javaScriptEnabled, `link-${how}`)

        // AD2, AD3: one device of somebody, and the account.
        const tenant = `tenant-${how}`
        const theirs = createClient(server.url)
        await theirs.register(tenant, password)
        await page.goto(`/admin/people?q=${tenant}`)
        await page.click(`main a:has-text("${tenant}")`)
        await page.click('#devices a:has-text("Sign out")')
        await look(page, javaScriptEnabled, `device-${how}`)
        await page.fill('[name=reason]', 'A lost laptop')
        await page.click('main button:has-text("Sign out")')
        await page.waitForURL(/done=sessions-end/)
        await look(page, javaScriptEnabled, `device-ended-${how}`)
        await page.click('a:has-text("Delete the account")')
        await look(page, javaScriptEnabled, `delete-${how}`)
        await page.fill('[name=reason]', 'Moved away')
        await page.click('button:has-text("Delete the account")')
        await page.waitForURL(/done=delete/)
        await look(page, javaScriptEnabled, `deleted-${how}`)

        // AD5: pages as a user sees them, with nothing to press; links lead on within the preview.
        await page.goto('/admin/view-as')
        await look(page, javaScriptEnabled, `view-as-${how}`)
        await page.click('#user a:has-text("Home")')
        assert.match((await page.locator('main').textContent()) ?? '', /You see what a user sees.*Hello, Sample/s)
        await look(page, javaScriptEnabled, `view-as-home-${how}`)
        await page.click('main a:has-text("Continue")')
        assert.match((await page.locator('main').textContent()) ?? '', /I came home late/)
        assert.equal(await page.locator('button:not([disabled]), form[action], script').count(), 0)
        await look(page, javaScriptEnabled, `view-as-chat-${how}`)
        await page.click('a:has-text("Leave")')
        await page.click('#admin a:has-text("People")')
        await look(page, javaScriptEnabled, `view-as-people-${how}`)
        await page.click('.settings-nav a:has-text("Log")')
        await look(page, javaScriptEnabled, `view-as-log-${how}`)

        // AD4: the log of all accounts, of one, and as a file.
        await page.goto('/admin/log')
        await look(page, javaScriptEnabled, `log-${how}`)
        await page.click('summary:has-text("Filters")')
        await page.fill('[name=person]', 'clara')
        await page.selectOption('[name=event]', 'account_disabled')
        await page.fill('[name=from]', '2026-01-01')
        await page.click('main button:has-text("Search")')
        assert.match((await page.locator('main').textContent()) ?? '', /Reason: Asked for it herself/)
        assert.match((await page.locator('main').textContent()) ?? '', /fit together: nothing/)
        await look(page, javaScriptEnabled, `log-filtered-${how}`)
        await page.click('a:has-text("Export")')
        await look(page, javaScriptEnabled, `log-export-${how}`)
        const [file] = await Promise.all([page.waitForEvent('download'), page.click('main button:has-text("Export")')])
        assert.match(file.suggestedFilename(), /^account-log-.*\.csv$/)
        await page.goto('/admin/invitations')
        await look(page, javaScriptEnabled, `invitations-${how}`)
        await page.fill('[name=email]', 'nowhere')
        await page.click('main button:has-text("Invite")')
        await page.waitForSelector('.error-summary')
        await look(page, javaScriptEnabled, `invitations-wrong-${how}`)
        await page.fill('[name=email]', '')
        await page.click('main button:has-text("Invite")')
        const invitation = (await page.locator('pre.command').textContent()) ?? ''
        await look(page, javaScriptEnabled, `invitation-${how}`)
        await page.goto('/admin/invitations')
        await look(page, javaScriptEnabled, `invitations-open-${how}`)
        await page.goto('/admin/server')
        await look(page, javaScriptEnabled, `server-${how}`)
        await page.click('button:has-text("Send me a test letter")')
        await page.waitForURL(/done=written/)
        await look(page, javaScriptEnabled, `server-written-${how}`)
        await page.goto('/auth/waiting')
        await look(page, javaScriptEnabled, `waiting-${how}`)

        await context.clearCookies()
        const { pathname, search } = new URL(invitation)
        await page.goto(`${pathname}${search}`)
        await look(page, javaScriptEnabled, `invited-${how}`)
        await page.fill('[name=username]', `guest-${how}`)
        await page.fill('[name=email]', `guest-${how}@example.org`)
        await page.fill('[name=password]', password)
        await page.click('main button:has-text("Create account")')
        await page.waitForURL((url) => url.pathname !== '/auth/register')
        await context.clearCookies()
        await page.goto(`${pathname}${search}`)
        await page.waitForSelector('h1:has-text("does not work any more")')
        await look(page, javaScriptEnabled, `invitation-used-${how}`)
      } finally {
        await context.close()
      }
    })
  }
})

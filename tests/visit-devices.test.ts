import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchChromium } from './support/chromium.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'

const password = 'a walk by the river'
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

describe('devices in a real browser at 360 px', () => {
  let server: ServerProcess
  let browser: Browser
  before(async () => {
    // Two processes: what ends in one ends in the other.
    server = await startServer({ env: { LOG_LEVEL: 'error', WORKERS: '2' } })
    browser = await launchChromium()
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  const device = (javaScriptEnabled = true): Promise<BrowserContext> =>
    browser.newContext({
      baseURL: server.url,
      bypassCSP: true,
      javaScriptEnabled,
      viewport: { width: 360, height: 740 },
    })

  async function register(context: BrowserContext, username: string): Promise<Page> {
    const page = await context.newPage()
    await page.goto('/auth/register')
    await page.fill('[name=username]', username)
    await page.fill('[name=email]', `${username}@example.org`)
    await page.fill('[name=password]', password)
    await page.click('main form[action="/auth/register"] button[type=submit]:not([aria-pressed])')
    await page.waitForURL((url) => url.pathname === '/')
    return page
  }
  async function signIn(context: BrowserContext, username: string): Promise<Page> {
    const page = await context.newPage()
    await page.goto('/auth/login')
    await page.fill('[name=username]', username)
    await page.fill('[name=password]', password)
    await page.click('main button:has-text("Sign in")')
    await page.waitForURL((url) => url.pathname === '/')
    return page
  }
  async function inspect(page: Page): Promise<void> {
    const over: unknown = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    assert.equal(over, 0, `${page.url()} scrolls sideways`)
    assert.equal(await page.locator('h1').count(), 1, page.url())
  }
  async function inspectWithAxe(page: Page): Promise<void> {
    const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
    assert.deepEqual(found, [], page.url())
  }

  for (const hasScript of [true, false]) {
    test(`S1, S5, SES-08: named and signed out, ${hasScript ? 'with' : 'without'} script`, async () => {
      const contexts = [await device(hasScript), await device(hasScript)] as const
      try {
        const username = `devices-${hasScript}`
        const page = await register(contexts[0], username)
        const second = await signIn(contexts[1], username)
        await page.goto('/settings/devices')
        await inspect(page)
        if (hasScript) await inspectWithAxe(page)
        await page.locator('summary:has-text("Name it")').last().click()
        await page.locator('[name=name]').last().fill('The old laptop')
        await page.locator('button:has-text("Save")').last().click()
        await page.waitForSelector('.row-title:has-text("The old laptop"), li:has-text("The old laptop")')
        await inspect(page)
        await page.goto('/settings/access')
        await inspect(page)
        if (hasScript) await inspectWithAxe(page)
        await page.waitForSelector('button:has-text("Shut all but this browser")')
        await page.goto('/settings/devices')
        await page.click('button:has-text("Sign out The old laptop")')
        await page.waitForSelector('text=That device is signed out.')
        await inspect(page)
        if (hasScript) await second.waitForURL(/\/auth\/login/, { timeout: 2000 })
        else {
          await second.goto('/settings')
          assert.match(second.url(), /\/auth\/login/)
        }
      } finally {
        for (const context of contexts) await context.close()
      }
    })
  }

  for (const hasScript of [true, false]) {
    test(`S4: asked about a new device, which one button signs out, ${hasScript ? 'with' : 'without'} script`, async () => {
      const contexts = [await device(hasScript), await device(hasScript), await device(hasScript)] as const
      try {
        const username = `newcomer-${hasScript}`
        const page = await register(contexts[0], username)
        await signIn(contexts[1], username)
        await page.goto('/settings/devices')
        const question = page.locator('aside:has-text("A new device signed in to your account. Was it you?")')
        await question.waitFor()
        await page.waitForSelector('.badge:has-text("New")')
        await inspect(page)
        if (hasScript) await inspectWithAxe(page)
        await question.locator('button:has-text("It was me")').click()
        await question.waitFor({ state: 'detached' })
        assert.equal(new URL(page.url()).pathname, '/settings/devices', 'back where the question was answered')
        const third = await signIn(contexts[2], username)
        await page.goto('/')
        await inspect(page)
        await question.locator('button:has-text("Not me: sign it out")').click()
        await page.waitForSelector('text=That device is signed out.')
        assert.equal(new URL(page.url()).pathname, '/settings/security')
        await inspect(page)
        if (hasScript) await inspectWithAxe(page)
        await third.goto('/settings')
        assert.match(third.url(), /\/auth\/login/)
      } finally {
        for (const context of contexts) await context.close()
      }
    })
  }

  test('S2: other tabs of the same browser notice a sign-out; typed text stays, and a changed password ends nothing here', async () => {
    const context = await device()
    try {
      const page = await register(context, 'tabs')
      const typing = await context.newPage()
      await typing.goto('/characters/new')
      await typing.locator('main input[type=text], main input:not([type])').first().fill('A long story')
      await page.bringToFront()
      await page.goto('/settings/security')
      await page.fill('[name=current_password]', password)
      await page.fill('[name=new_password]', 'a walk by another river')
      await page.locator('main form[action="/settings/password"] button[type=submit]').click()
      await page.waitForSelector('[role=status]')
      await typing.waitForTimeout(1500)
      assert.equal(await typing.locator('[role=alert]').count(), 0, 'the new session of this browser counts')
      await context.request.post('/auth/logout', { headers: { origin: server.url }, form: {}, maxRedirects: 0 })
      await page.waitForURL(/\/auth\/login\?next=/, { timeout: 2000 })
      const alert = typing.locator('[role=alert]')
      await alert.waitFor({ timeout: 2000 })
      assert.match((await alert.textContent()) ?? '', /You were signed out\. What you typed is still here/)
      await inspectWithAxe(typing)
      assert.equal(await typing.locator('main input').first().inputValue(), 'A long story')
    } finally {
      await context.close()
    }
  })

  test('a sign-out in the tab itself leads where it always did', async () => {
    const context = await device()
    try {
      const page = await register(context, 'same-tab')
      await page.click('.menu-all summary')
      await page.locator('form[action="/auth/logout"] button:visible').click()
      await page.waitForURL((url) => url.pathname === '/auth/login')
      assert.doesNotMatch(page.url(), /next=/)
    } finally {
      await context.close()
    }
  })
})

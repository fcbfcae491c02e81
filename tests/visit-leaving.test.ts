import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from './support/chromium.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'

const password = 'a walk by the river'
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

describe('leaving, in a real browser at 360 px', () => {
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
    test(`E1, E2: everything taken along, deleted, and kept after all, ${javaScriptEnabled ? 'with' : 'without'} script`, async () => {
      const context = await browser.newContext({
        baseURL: server.url,
        bypassCSP: true,
        javaScriptEnabled,
        viewport: { width: 360, height: 740 },
      })
      try {
        const page = await context.newPage()
        const username = `leaves-${javaScriptEnabled}`
        await page.goto('/auth/register')
        await page.fill('[name=username]', username)
        await page.fill('[name=email]', `${username}@example.org`)
        await page.fill('[name=password]', password)
        await page.click('main form[action="/auth/register"] button[type=submit]:not([aria-pressed])')
        await page.goto('/settings/data')
        await inspect(page, javaScriptEnabled)
        await page.click('button:has-text("Make an archive")')
        // Without script the link is what a person presses; with it the page looks again by itself.
        for (
          let left = 50;
          left > 0 && (await page.locator('a:has-text("Download the archive")').count()) === 0;
          left--
        ) {
          if (javaScriptEnabled) await page.waitForTimeout(200)
          else await page.goto('/settings/data')
        }
        await inspect(page, javaScriptEnabled)
        const fetched = page.waitForEvent('download')
        await page.click('a:has-text("Download the archive")')
        assert.match((await fetched).suggestedFilename(), /^account-\d+\.zip$/)
        await page.click('a:has-text("Delete your account")')
        assert.match((await page.locator('main').textContent()) ?? '', /0 conversations with all messages/)
        await inspect(page, javaScriptEnabled)
        await page.fill('[name=username]', 'somebody else')
        await page.click('button:has-text("Delete my account")')
        await inspect(page, javaScriptEnabled)
        await page.fill('[name=username]', username)
        await page.click('button:has-text("Delete my account")')
        await page.waitForURL(/auth\/left/)
        await inspect(page, javaScriptEnabled)
        await page.click('a:has-text("To the sign-in")')
        await page.fill('[name=username]', username)
        await page.fill('[name=password]', password)
        await page.click('main form[action="/auth/login"] button:has-text("Sign in")')
        await page.waitForURL(/auth\/restore/)
        await inspect(page, javaScriptEnabled)
        await page.click('button:has-text("Keep my account")')
        await page.waitForURL((url) => url.pathname === '/')
        assert.equal((await page.goto('/settings'))?.status(), 200)
      } finally {
        await context.close()
      }
    })
  }
})

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from './support/chromium.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'

const password = 'a walk by the river'
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

describe('personal tokens in a real browser at 360 px', () => {
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

  for (const hasScript of [true, false]) {
    test(`S6: made, used by a program, revoked, ${hasScript ? 'with' : 'without'} script`, async () => {
      const context = await browser.newContext({
        baseURL: server.url,
        bypassCSP: true,
        javaScriptEnabled: hasScript,
        viewport: { width: 360, height: 740 },
      })
      try {
        const page = await context.newPage()
        const username = `tokens-${hasScript}`
        await page.goto('/auth/register')
        await page.fill('[name=username]', username)
        await page.fill('[name=email]', `${username}@example.org`)
        await page.fill('[name=password]', password)
        await page.click('main form[action="/auth/register"] button[type=submit]:not([aria-pressed])')
        await page.waitForURL((url) => url.pathname === '/')
        await page.goto('/settings/tokens')
        await inspect(page, hasScript)
        await page.click('button:has-text("Make the token")')
        await page.waitForSelector('text=Give it a name.')
        await inspect(page, hasScript)
        await page.fill('[name=name]', 'Backup at home')
        await page.check('[name=scope-characters]')
        await page.click('button:has-text("Make the token")')
        const token = (await page.locator('main pre').textContent()) ?? ''
        await inspect(page, hasScript)
        const send = (path: string, body: object) =>
          fetch(`${server.url}${path}`, {
            method: 'POST',
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          })
        const made = await send('/characters', { name: 'Ada' })
        assert.equal(made.status, 200, await made.text())
        assert.equal((await send('/chat', { example: 'any' })).status, 403)
        await page.click('a:has-text("I have copied it")')
        await page.waitForSelector('text=Last used just now')
        await inspect(page, hasScript)
        await page.click('button:has-text("Revoke")')
        await page.waitForSelector('text=The token is revoked.')
        assert.equal((await send('/characters', { name: 'Ada' })).status, 401)
        await inspect(page, hasScript)
      } finally {
        await context.close()
      }
    })
  }
})

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from './support/chromium.ts'
import { type MailServer, startMailServer } from './support/mail-server.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'

const password = 'a walk by the river'
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

async function inspect(page: Page, hasScript: boolean): Promise<void> {
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
}

const looks = [
  { hasScript: true, width: 360, colorScheme: 'light' },
  { hasScript: false, width: 360, colorScheme: 'dark' },
  { hasScript: true, width: 1280, colorScheme: 'dark' },
] as const

describe('the address of an account in a real browser', () => {
  let mail: MailServer
  let server: ServerProcess
  let folders: ServerProcess
  let browser: Browser
  before(async () => {
    mail = await startMailServer()
    const env = { LOG_LEVEL: 'error', PASSWORD_COST: '4' }
    server = await startServer({ env: { ...env, MAIL_URL: `smtp://127.0.0.1:${mail.port}` } })
    folders = await startServer({ env })
    browser = await launchChromium()
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
    await folders?.stop()
    await mail?.stop()
  })

  for (const [n, { hasScript, width, colorScheme }] of looks.entries()) {
    const how = `${width} px, ${colorScheme}, ${hasScript ? 'with' : 'without'} script`
    const options = { bypassCSP: true, javaScriptEnabled: hasScript, colorScheme, viewport: { width, height: 740 } }

    test(`V1, V2, V3, V4: confirmed by the code, changed by the link in another browser, ${how}`, async () => {
      const context = await browser.newContext({ ...options, baseURL: server.url })
      const elsewhere = await browser.newContext({ ...options, baseURL: server.url })
      try {
        const page = await context.newPage()
        const username = `ada-${n}`
        await register(page, username)
        await page.goto('/settings/address')
        await inspect(page, hasScript)
        await page.click('form[action="/settings/address/confirm"] button')
        await page.locator('#field-code-error').waitFor()
        await inspect(page, hasScript)
        const first = (await mail.next(`${username}@example.org`, /onfirm/)).parsed.text ?? ''
        await page.fill('[name=code]', /\b\d{4} ?\d{4}\b/.exec(first)?.[0] ?? '')
        await page.click('form[action="/settings/address/confirm"] button')
        await page.waitForSelector('text=It is confirmed.')
        await inspect(page, hasScript)
        await page.click('main a:has-text("Change the address")')
        await inspect(page, hasScript)
        await page.fill('[name=email]', `new-${username}@example.org`)
        await page.click('main button:has-text("Go on")')
        await page.waitForSelector('text=Confirm your new address')
        await inspect(page, hasScript)
        const second = (await mail.next(`new-${username}@example.org`, /onfirm/)).parsed.text ?? ''
        const link = new URL(/http\S+\/auth\/confirm-address\S+/.exec(second)?.[0] ?? '')
        const other = await elsewhere.newPage()
        await other.goto(link.pathname + link.search)
        await inspect(other, hasScript)
        await other.click('main button:has-text("Yes, confirm it")')
        await other.waitForSelector('text=Your address is confirmed')
        await inspect(other, hasScript)
        await other.goto('/settings')
        assert.equal(new URL(other.url()).pathname, '/auth/login', 'V4: nobody was signed in by the link')
        await page.goto('/settings/address')
        await page.waitForSelector(`text=new-${username}@example.org`)
        await inspect(page, hasScript)
        await mail.next(`${username}@example.org`, /address was changed/)
      } finally {
        await context.close()
        await elsewhere.close()
      }
    })

    test(`F3: letters that lie in a folder are said to lie there, ${how}`, async () => {
      const context = await browser.newContext({ ...options, baseURL: folders.url })
      try {
        const page = await context.newPage()
        await register(page, `bob-${n}`)
        await page.goto('/settings/address')
        await inspect(page, hasScript)
        assert.match(
          (await page.locator('#confirm').textContent()) ?? '',
          /Letters of this machine\. Its link works until/,
        )
      } finally {
        await context.close()
      }
    })
  }
})

async function register(page: Page, username: string): Promise<void> {
  await page.goto('/auth/register')
  await page.fill('[name=username]', username)
  await page.fill('[name=email]', `${username}@example.org`)
  await page.fill('[name=password]', password)
  await page.click('main form[action="/auth/register"] button[type=submit]:not([aria-pressed])')
  await page.waitForURL((url) => !url.pathname.startsWith('/auth/'))
}

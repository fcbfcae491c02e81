import assert from 'node:assert/strict'
import { networkInterfaces } from 'node:os'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from './support/chromium.ts'
import { freePort } from './support/free-port.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'

/** How another machine of the house would reach this one: browsers give such an address none of what localhost gets. */
const address = Object.values(networkInterfaces())
  .flatMap((some) => some ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address
const skip = address === undefined && 'this machine has no IPv4 address but its own'

describe('on the plain http address of a home network', { skip }, () => {
  let server: ServerProcess
  let browser: Browser
  let baseURL: string
  before(async () => {
    const port = await freePort()
    baseURL = `http://${address}:${port}`
    const env = { HOST: '0.0.0.0', BASE_URL: baseURL, ALLOW_HTTP: '1', LOG_LEVEL: 'error', PASSWORD_COST: '4' }
    server = await startServer({ port, env })
    browser = await launchChromium()
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  async function registerAndTalk(page: Page, username: string): Promise<void> {
    await page.goto('/chat')
    assert.equal(new URL(page.url()).pathname, '/auth/login')
    assert.match(
      (await page.textContent('main')) ?? '',
      /This page is not encrypted\. Others on this network can read what you type here, your password too\./,
    )
    await page.click('a:has-text("Create an account")')
    await page.fill('[name=username]', username)
    await page.fill('[name=email]', `${username}@example.org`)
    await page.fill('[name=password]', 'a walk by the river')
    await page.click('button:has-text("Create account")')
    await page.waitForURL(/\/chat$/)
    await page.goto('/chat/new')
    await page.click('main form[action="/chat"] button >> nth=0')
    await page.waitForURL(/\/chat\/[0-9a-f-]{36}/)
    await page.fill('textarea', 'Across the kitchen')
    await page.click('main form:has(textarea) button[type=submit]')
    await page.waitForSelector('article:has-text("Across the kitchen")')
    await page.waitForSelector('article:has-text("Practice reply")')
    await page.reload()
    await page.waitForSelector('article:has-text("Across the kitchen")')
    assert.equal(await page.locator('article').count(), 3, 'the greeting, the message, its reply')
  }

  for (const [name, javaScriptEnabled] of [
    ['with JavaScript', true],
    ['without JavaScript', false],
  ] as const) {
    test(`COO-01, X4: a person registers, says something and finds it after a reload, ${name}`, async () => {
      const context = await browser.newContext({ baseURL, javaScriptEnabled })
      try {
        const page = await context.newPage()
        const complaints: string[] = []
        page.on('pageerror', (error) => complaints.push(error.message))
        await registerAndTalk(page, javaScriptEnabled ? 'scripted' : 'plain')
        if (javaScriptEnabled) assert.equal(await page.evaluate('isSecureContext'), false, 'as on a phone in the house')
        const [session] = (await context.cookies()).filter(({ name }) => name.endsWith('session'))
        assert.deepEqual([session?.secure, session?.httpOnly, session?.sameSite], [false, true, 'Lax'])
        assert.deepEqual(complaints, [])
      } finally {
        await context.close()
      }
    })
  }
})

import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { z } from 'zod'
import { launchChromium } from './support/chromium.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'

const password = 'a walk by the river'
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const shots = process.env['LOOK_SHOTS']
const phone = { width: 360, height: 740 }
const desk = { width: 1280, height: 800 }
const begunShape = z.object({ device_code: z.string(), user_code: z.string(), verification_uri_complete: z.string() })

describe('a program is let in by its code, in a real browser (RFC 8628)', () => {
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

  async function inspect(page: Page, hasScript: boolean, name: string): Promise<void> {
    if (shots !== undefined) {
      await mkdir(shots, { recursive: true })
      await page.screenshot({ path: path.join(shots, `device-code-${name}-${hasScript}.png`), fullPage: true })
    }
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

  /** As a program without a browser. */
  const send = (address: string, json: object) =>
    fetch(`${server.url}${address}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'notes/1.0' },
      body: JSON.stringify(json),
    })
  const client_id = 'notes-on-the-command-line-with-a-name-as-long-as-any-may-be'
  const begin = async () => begunShape.parse(await (await send('/auth/api/device/code', { client_id })).json())
  const ask = (device_code: string) =>
    send('/auth/api/device/token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code,
      client_id,
    })

  for (const [hasScript, viewport, colorScheme] of [
    [true, phone, 'light'],
    [true, desk, 'dark'],
    [false, phone, 'dark'],
  ] as const) {
    const with_ = `${viewport.width} px, ${colorScheme}, ${hasScript ? 'with' : 'without'} script`
    test(`refused, ended and allowed, through the sign-in: ${with_}`, async () => {
      const look = { viewport, colorScheme, javaScriptEnabled: hasScript, bypassCSP: true }
      const context = await browser.newContext({ baseURL: server.url, ...look })
      try {
        const page = await context.newPage()
        const username = `program-${viewport.width}-${colorScheme}`
        const shot = (name: string) => inspect(page, hasScript, `${viewport.width}-${colorScheme}-${name}`)
        await page.goto('/auth/register')
        await page.fill('[name=username]', username)
        await page.fill('[name=email]', `${username}@example.org`)
        await page.fill('[name=password]', password)
        await page.click('main form[action="/auth/register"] button[type=submit]:not([aria-pressed])')
        await page.waitForURL((url) => url.pathname === '/')
        await context.clearCookies()

        const { device_code, user_code, verification_uri_complete } = await begin()
        await page.goto(new URL(verification_uri_complete).pathname + new URL(verification_uri_complete).search)
        await page.waitForURL((url) => url.pathname === '/auth/login')
        await page.fill('[name=username]', username)
        await page.fill('[name=password]', password)
        await page.click('#login-form button[type=submit]:not([aria-pressed])')
        await page.waitForURL((url) => url.pathname === '/auth/device')
        assert.equal(await page.inputValue('[name=user_code]'), user_code)
        await shot('given')
        await page.fill('[name=user_code]', 'BBBB-BBBB')
        await page.click('button:has-text("Go on")')
        await page.waitForSelector('text=No program waits with this code.')
        await shot('wrong')
        await page.fill('[name=user_code]', user_code.toLowerCase())
        await page.click('button:has-text("Go on")')
        await page.waitForSelector('text=not verified')
        const decision = page.url()
        await shot('asks')
        await page.click('button:has-text("Let it in")')
        await page.waitForSelector('h1:has-text("The program is let in")')
        await shot('allowed')
        assert.equal((await ask(device_code)).status, 200)
        await page.goto(decision)
        await page.waitForSelector('h1:has-text("This code has ended")')
        await shot('ended')

        // LOG-08: a yes asks who it is where that was not shown of late, and does nothing by itself afterwards.
        await page.goto('/settings/devices')
        await page.click('.step-up button')
        await page.waitForSelector('.step-up', { state: 'detached' })
        const third = await begin()
        await page.goto('/auth/device')
        await page.fill('[name=user_code]', third.user_code)
        await page.click('button:has-text("Go on")')
        await page.click('button:has-text("Let it in")')
        await page.waitForURL((url) => url.pathname === '/settings/confirm')
        await page.fill('[name=password]', password)
        await page.click('main button:has-text("Confirm")')
        await page.waitForSelector('text=press the button again')
        await shot('again')
        assert.equal((await ask(third.device_code)).status, 400)
        await page.click('button:has-text("Let it in")')
        await page.waitForSelector('h1:has-text("The program is let in")')
        assert.equal((await ask(third.device_code)).status, 200)

        const second = await begin()
        await page.goto('/auth/device')
        await shot('empty')
        await page.fill('[name=user_code]', second.user_code)
        await page.click('button:has-text("Go on")')
        await page.click('button:has-text("Refuse")')
        await page.waitForSelector('h1:has-text("The program is not let in")')
        await shot('refused')
        assert.equal(
          z.object({ error: z.string() }).parse(await (await ask(second.device_code)).json()).error,
          'access_denied',
        )

        await page.goto('/settings/devices')
        await page.waitForSelector('text=by a code that you allowed')
        await shot('devices')
      } finally {
        await context.close()
      }
    })
  }
})

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { Secret, TOTP } from 'otpauth'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchChromium, untilTrue } from './support/chromium.ts'
import { createClient } from './support/http-client.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'
import { virtualAuthenticator } from './support/virtual-authenticator.ts'

const password = 'a walk by the river'
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** Where pictures of the pages go, for whoever wants to look at them; nowhere without it. */
const pictures = process.env['VISIT_PICTURES']

describe('recovery codes, several authenticators and the invitation to make a passkey in a real browser', () => {
  let server: ServerProcess
  let browser: Browser
  before(async () => {
    server = await startServer({
      env: { LOG_LEVEL: 'error', MAIL_URL: 'none', PASSWORD_COST: '4', LIMIT_REGISTRATIONS: '100' },
    })
    browser = await launchChromium()
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  async function inside(options: BrowserContextOptions, work: (page: Page) => Promise<void>): Promise<void> {
    const context = await browser.newContext({
      baseURL: `http://localhost:${server.port}`,
      bypassCSP: true,
      viewport: { width: 360, height: 740 },
      ...options,
    })
    try {
      await work(await context.newPage())
    } finally {
      await context.close()
    }
  }

  async function look(page: Page, name: string, hasScript = true): Promise<void> {
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
    if (pictures) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
  }

  async function signIn(page: Page, username: string): Promise<void> {
    await page.goto('/auth/login')
    await page.fill('[name=username]', username)
    await page.fill('[name=password]', password)
    await page.click('main form[action="/auth/login"] button[type=submit]')
    await page.waitForURL((url) => url.pathname !== '/auth/login')
  }

  const codeOf = (secret: string, stepsLater = 0): string =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + stepsLater * 30_000 })

  /** Adds an authenticator under a name, and answers its key. */
  async function add(page: Page, name: string): Promise<string> {
    await page.goto('/settings/second-factor')
    await page.fill('[name=name]', name)
    await page.click('button:has-text("Add an authenticator")')
    const secret = ((await page.locator('main code').first().textContent()) ?? '').replaceAll(' ', '')
    await page.fill('[name=code]', codeOf(secret))
    await page.click('button:has-text("Turn it on")')
    return secret
  }

  for (const [width, colorScheme, javaScriptEnabled] of [
    [360, 'light', true],
    [1280, 'dark', true],
    [360, 'dark', false],
  ] as const) {
    const how = `${width}-${colorScheme}-${javaScriptEnabled ? 'script' : 'plain'}`
    test(`M2, M3, M9: codes saved, copied and printed; a second authenticator; new codes (${how})`, async () => {
      const username = `codes-${how}`
      await createClient(server.url).register(username, password)
      const options = { viewport: { width, height: 800 }, colorScheme, javaScriptEnabled, acceptDownloads: true }
      await inside(options, async (page) => {
        await signIn(page, username)
        await add(page, 'My phone')
        await page.waitForSelector('pre')
        await look(page, `codes-${how}`, javaScriptEnabled)
        const codes = ((await page.locator('pre').textContent()) ?? '').trim().split('\n')
        assert.equal(codes.length, 10)
        // M2: nothing goes on before they are said to be saved.
        await page.click('button:has-text("Go on")')
        assert.equal(await page.locator('pre').count(), 1)
        assert.equal(await page.evaluate('document.getElementById("field-saved").validity.valueMissing'), true)
        // M2: as a file.
        const [download] = await Promise.all([page.waitForEvent('download'), page.click('a[download]')])
        const file = await readFile(await download.path(), 'utf8')
        assert.deepEqual(file.trim().split('\n').slice(-10), codes)
        assert.match(file, new RegExp(`recovery codes of ${username}`))
        // M2: by copying and by printing, where there are scripts.
        for (const button of ['[data-copy]', '[data-print]']) {
          assert.equal(await page.locator(button).isVisible(), javaScriptEnabled, button)
        }
        if (javaScriptEnabled) {
          await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
          await page.click('[data-copy]')
          await page.waitForSelector('text=Copied.')
          assert.equal(await page.evaluate('navigator.clipboard.readText()'), `${codes.join('\n')}\n`)
          await page.evaluate('window.print = () => { document.title = "printed" }')
          await page.click('[data-print]')
          await untilTrue(page, 'document.title === "printed"')
        }
        await page.emulateMedia({ media: 'print' })
        if (pictures) await page.screenshot({ path: `${pictures}/paper-${how}.png`, fullPage: true })
        for (const hidden of ['.topbar', '.footer', '.actions', 'main form']) {
          assert.equal(await page.locator(hidden).first().isVisible(), false, `${hidden} on paper`)
        }
        assert.equal(await page.locator('.on-paper').isVisible(), true)
        await page.emulateMedia({ media: null })
        await page.check('#field-saved')
        await page.click('button:has-text("Go on")')
        await page.waitForURL(/\/settings\/second-factor/)
        // M9: a second authenticator, which brings no new codes; either signs in.
        const tablet = await add(page, 'My tablet')
        await page.waitForURL(/done=added/)
        assert.match((await page.locator('main').textContent()) ?? '', /2 authenticators and 10 recovery codes left/)
        await look(page, `two-${how}`, javaScriptEnabled)
        await page.context().clearCookies()
        await signIn(page, username)
        await page.fill('[name=code]', codeOf(tablet, 1))
        await page.click('main button:has-text("Sign in")')
        await page.waitForURL((url) => url.pathname === '/')
        // M3: few are left, and new ones take their place, after a step-up only.
        for (const code of codes.slice(0, 7)) {
          await page.context().clearCookies()
          await signIn(page, username)
          await page.fill('[name=code]', code)
          await page.click('main button:has-text("Sign in")')
          await page.waitForURL(/done=recovered/)
        }
        assert.match((await page.locator('#recovery-codes').textContent()) ?? '', /Only 3 codes are left/)
        await look(page, `few-${how}`, javaScriptEnabled)
        await page.click('.step-up button')
        await page.click('button:has-text("Make new recovery codes")')
        await page.waitForURL(/\/settings\/confirm/)
        await page.fill('[name=code]', codes[7] ?? '')
        await page.click('main button:has-text("Confirm")')
        await page.waitForURL(/\/settings\/second-factor/)
        await page.click('button:has-text("Make new recovery codes")')
        await page.waitForSelector('pre')
        const anew = ((await page.locator('pre').textContent()) ?? '').trim().split('\n')
        assert.equal(anew.length, 10)
        assert.equal(
          anew.some((code) => codes.includes(code)),
          false,
        )
      })
    })
  }

  for (const [width, colorScheme, javaScriptEnabled] of [
    [360, 'light', true],
    [1280, 'dark', true],
    [360, 'dark', false],
  ] as const) {
    const how = `${width}-${colorScheme}-${javaScriptEnabled ? 'script' : 'plain'}`
    test(`P4: invited at home after the registration; declined, or a passkey made (${how})`, async () => {
      await inside({ viewport: { width, height: 800 }, colorScheme, javaScriptEnabled }, async (page) => {
        if (javaScriptEnabled) await virtualAuthenticator(page)
        for (const [username, takes] of [
          [`declines-${how}`, false],
          [`takes-${how}`, true],
        ] as const) {
          await createClient(server.url).register(username, password)
          await signIn(page, username)
          await page.goto('/')
          await look(page, `invited-${how}`, javaScriptEnabled)
          if (takes && javaScriptEnabled) {
            await page.click('aside a:has-text("Make a passkey")')
            await page.click('[data-passkey=add] button')
            await page.waitForURL(/done=added/)
          } else {
            await page.click('aside button:has-text("Not now")')
          }
          await page.goto('/')
          assert.equal(await page.locator('aside:has-text("Not now")').count(), 0)
          await page.goto('about:blank')
          await page.context().clearCookies()
        }
      })
    })
  }
})

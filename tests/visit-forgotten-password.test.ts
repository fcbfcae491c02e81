import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from './support/chromium.ts'
import { type MailServer, startMailServer } from './support/mail-server.ts'
import { miachat } from './support/miachat-command.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'

const password = 'a walk by the river'
const better = 'two walks by the river'
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

describe('a forgotten password in a real browser', () => {
  let mail: MailServer
  let server: ServerProcess
  let folders: ServerProcess
  let mailless: ServerProcess
  let browser: Browser
  before(async () => {
    mail = await startMailServer()
    const env = { LOG_LEVEL: 'error', PASSWORD_COST: '4' }
    server = await startServer({ env: { ...env, MAIL_URL: `smtp://127.0.0.1:${mail.port}` } })
    folders = await startServer({ env })
    mailless = await startServer({ env: { ...env, MAIL_URL: 'none' } })
    browser = await launchChromium()
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
    await folders?.stop()
    await mailless?.stop()
    await mail?.stop()
  })

  for (const [n, { hasScript, width, colorScheme }] of looks.entries()) {
    const how = `${width} px, ${colorScheme}, ${hasScript ? 'with' : 'without'} script`
    const options = { bypassCSP: true, javaScriptEnabled: hasScript, colorScheme, viewport: { width, height: 740 } }

    test(`F1, F5, F6: by mail, ${how}`, async () => {
      const context = await browser.newContext({ ...options, baseURL: server.url })
      try {
        const page = await context.newPage()
        const username = `ada-${n}`
        await register(page, username)
        await context.clearCookies()
        await page.goto('/auth/login')
        await page.click('a[href="/auth/forgot"]')
        await inspect(page, hasScript)
        await page.click('main button:has-text("Send the link")')
        await page.locator('#field-email-error').waitFor()
        await inspect(page, hasScript)
        await page.fill('[name=email]', `${username}@example.org`)
        await page.click('main button:has-text("Send the link")')
        await page.waitForURL(/done=asked/)
        assert.match((await page.locator('h1').textContent()) ?? '', /Look into your mail/)
        await inspect(page, hasScript)
        const { text = '' } = (await mail.next(`${username}@example.org`, /^Set a new password/)).parsed
        const link = new URL(/http\S+\/auth\/reset\S+/.exec(text)?.[0] ?? '')
        await page.goto(link.pathname + link.search)
        assert.equal(await page.inputValue('[name=username][readonly]'), username)
        await inspect(page, hasScript)
        await page.fill('[name=new_password]', better)
        await page.click('main button:has-text("Set password")')
        await page.waitForURL(/done=reset/)
        await inspect(page, hasScript)
        assert.match((await page.locator('[role=status]').first().textContent()) ?? '', /Your password is set/)
        await page.fill('[name=username]', username)
        await page.fill('[name=password]', better)
        await page.click('main button:has-text("Sign in")')
        await page.waitForURL((url) => !url.pathname.startsWith('/auth/'))
        await context.clearCookies()
        await mail.next(`${username}@example.org`, /set by a one-time link/)
        await page.goto(link.pathname + link.search)
        await inspect(page, hasScript)
        await page.click('main button:has-text("Send a new link")')
        await page.waitForURL(/done=asked/)
        await mail.next(`${username}@example.org`, /^Set a new password/)
      } finally {
        await context.close()
      }
    })

    test(`F2, RST-09: without mail by a link of the command line, ${how}`, async () => {
      const context = await browser.newContext({ ...options, baseURL: mailless.url })
      try {
        const page = await context.newPage()
        const username = `ada-${n}`
        await register(page, username)
        await context.clearCookies()
        await page.goto('/auth/forgot')
        await inspect(page, hasScript)
        assert.equal(await page.locator('main form').count(), 0, 'nothing is asked for that this server cannot do')
        const command = ((await page.locator('main .command').textContent()) ?? '').replace('NAME', username)
        const { dataDir, port } = mailless
        const [, , ...words] = command.trim().split(' ')
        const { stdout } = await miachat(words, { dataDir, env: { PORT: String(port), MAIL_URL: 'none' } })
        const link = new URL(/http\S+\/auth\/reset\S+/.exec(stdout)?.[0] ?? '')
        await page.goto(link.pathname + link.search)
        await inspect(page, hasScript)
        await page.fill('[name=new_password]', better)
        await page.click('main button:has-text("Set password")')
        await page.waitForURL(/done=reset/)
        await page.goto(link.pathname + link.search)
        await inspect(page, hasScript)
        assert.equal(await page.locator('main form').count(), 0, 'no new link is offered where none can be sent')
      } finally {
        await context.close()
      }
    })

    test(`F3: letters in a folder, ${how}`, async () => {
      const context = await browser.newContext({ ...options, baseURL: folders.url })
      try {
        const page = await context.newPage()
        const username = `ada-${n}`
        await register(page, username)
        await context.clearCookies()
        await page.goto('/auth/forgot')
        await inspect(page, hasScript)
        await page.fill('[name=email]', username)
        await page.click('main button:has-text("Write the letter")')
        await page.waitForURL(/done=asked/)
        await inspect(page, hasScript)
        await page.click('main a[href="/outbox"]')
        await inspect(page, hasScript)
        await page.fill('[name=code]', 'x')
        await page.click('main button:has-text("Show the letters")')
        await page.locator('#field-code-error').waitFor()
        await inspect(page, hasScript)
        await page.fill('[name=code]', readFileSync(join(folders.dataDir, 'outbox', 'code'), 'utf8').trim())
        await page.click('main button:has-text("Show the letters")')
        // Beside the letter by which the address is confirmed, and those of the look before.
        const link = page.locator('a[href*="/auth/reset"]')
        const letter = page.locator('main article', { hasText: `${username}@example.org`, has: link })
        for (let tries = 0; tries < 50 && (await letter.count()) === 0; tries++) {
          await new Promise((resolve) => setTimeout(resolve, 100))
          await page.goto('/outbox')
        }
        await inspect(page, hasScript)
        await letter.locator('a:has-text("As a mail program shows it")').click()
        const over: unknown = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        )
        assert.equal(over, 0, 'the letter scrolls sideways')
        await page.click('a:has-text("Set a new password")')
        assert.equal(await page.inputValue('[name=username][readonly]'), username)
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

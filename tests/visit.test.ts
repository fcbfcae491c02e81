import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchChromium, untilTrue } from './support/chromium.ts'
import { repository } from './support/repository.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'

const fixtures = `${repository}/apps/miachat/test/fixtures/python-original`
const people: { username: string; password: string }[] = JSON.parse(readFileSync(`${fixtures}/users.json`, 'utf8'))
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

function personCalled(name: string) {
  const person = people.find(({ username }) => username === name)
  if (!person) throw new Error(`${name} is not among the people of the original`)
  return person
}

describe('a visit in a real browser', () => {
  let server: ServerProcess
  let browser: Browser
  before(async () => {
    // First the people of the Python original are taken over, as an operator would.
    const imported = await startServer({ args: ['import', `${fixtures}/miachat.db`], ready: null })
    assert.equal((await imported.ended).code, 0, imported.stderr())
    server = await startServer({ dataDir: imported.dataDir, env: { LOG_LEVEL: 'error' } })
    browser = await launchChromium()
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  /** Opens a window; what the page complains about fails the test. */
  async function visit(options: BrowserContextOptions, work: (page: Page) => Promise<void>): Promise<void> {
    const context = await browser.newContext({ baseURL: server.url, bypassCSP: true, ...options })
    try {
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(error.message))
      await work(page)
      assert.deepEqual(complaints, [])
    } finally {
      await context.close()
    }
  }

  /** No violation for axe, nothing to scroll sideways, one main heading. */
  async function inspect(page: Page): Promise<void> {
    const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
    assert.deepEqual(found, [], page.url())
    const over: unknown = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    assert.equal(over, 0, `${page.url()} scrolls sideways`)
    assert.equal(await page.locator('h1').count(), 1, page.url())
  }

  async function signIn(page: Page, username: string, password: string): Promise<void> {
    await page.fill('[name=username]', username)
    await page.fill('[name=password]', password)
    await page.click('main button:has-text("Sign in")')
  }

  /** From the start page: adds the first example, talks to it, and finds the talk again after a reload. */
  async function talk(page: Page, words: string): Promise<void> {
    await page.goto('/characters')
    await page.click('form[action*="examples"] button >> nth=0')
    await page.goto('/chat/new')
    await page.click('main form[action="/chat"] button >> nth=0')
    await page.waitForURL(/\/chat\/[0-9a-f-]{36}/)
    await page.fill('textarea', words)
    await page.click('form.composer button, main form:has(textarea) button[type=submit]')
    await page.waitForSelector(`article:has-text("${words}")`)
    await page.waitForSelector('article:has-text("Practice reply")')
    await page.goto(page.url().split('#')[0] ?? '')
    await page.waitForSelector(`article:has-text("${words}")`)
    assert.match((await page.textContent('main')) ?? '', /scripted, no AI model is connected/)
  }

  async function signOut(page: Page): Promise<void> {
    await page.goto('/')
    const button = page.locator('button:has-text("Sign out") >> nth=0')
    if (!(await button.isVisible())) await page.click('summary >> visible=true >> nth=0')
    await page.locator('button:has-text("Sign out") >> visible=true >> nth=0').click()
    await page.waitForURL(/\/auth\/login/)
    await page.goto('/settings')
    assert.equal(new URL(page.url()).pathname, '/auth/login', 'a page of one’s own is closed again')
  }

  for (const [name, options] of [
    ['at 360 px, dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
    ['at 1280 px', { viewport: { width: 1280, height: 800 } }],
  ] as const) {
    test(`a new person registers, looks at every page and signs out, ${name}`, async () => {
      await visit(options, async (page) => {
        const username = `new-${options.viewport.width}`
        await page.goto('/chat')
        assert.equal(new URL(page.url()).pathname, '/auth/login')
        await inspect(page)
        await page.click('a:has-text("Create an account")')
        await inspect(page)
        await page.fill('[name=username]', username)
        await page.fill('[name=email]', 'no address')
        await page.fill('[name=password]', 'a walk by the river')
        await page.click('button:has-text("Create account")')
        await page.waitForSelector('[aria-invalid=true]')
        assert.match(await page.title(), /^Error: /)
        assert.equal(await page.inputValue('[name=username]'), username, 'what was typed stays')
        assert.equal(await page.inputValue('[name=password]'), '', 'but never the password')
        await inspect(page)
        await page.fill('[name=email]', `${username}@example.org`)
        await page.fill('[name=password]', 'a walk by the river')
        await page.click('button:has-text("Create account")')
        await page.waitForURL(/\/chat$/)
        await talk(page, 'Good evening')
        await inspect(page)
        const paths = ['/', '/chat', '/characters', '/characters/new', '/personality', '/settings', '/config', '/docs']
        for (const path of paths) {
          const answer = await page.goto(path)
          assert.equal(answer?.status(), 200, path)
          assert.match((await page.textContent('body')) ?? '', new RegExp(username), `${path} knows who is signed in`)
          await inspect(page)
        }
        assert.equal((await page.goto('/nothing-here'))?.status(), 404)
        await inspect(page)
        await signOut(page)
      })
    })
  }

  test('X3, STO-03: a person of the Python original signs in with the old password, chats and signs out', async () => {
    await visit({ viewport: { width: 1280, height: 800 } }, async (page) => {
      const { username, password } = personCalled('elif9326')
      await page.goto('/settings')
      await signIn(page, username, `${password}?`)
      await page.waitForSelector('text=That user name or password is not right')
      await signIn(page, username, password)
      await page.waitForURL(/\/settings$/)
      assert.match((await page.textContent('main')) ?? '', /elif9326@example\.org/)
      await talk(page, 'I have been here before')
      await signOut(page)
    })
  })

  test('X13: without the server a page of ours says so, and the way back works', async () => {
    // A worker needs a secure context: this machine by its name is one.
    await visit({ baseURL: server.url.replace('127.0.0.1', 'localhost'), bypassCSP: false }, async (page) => {
      await page.goto('/auth/login')
      await page.evaluate('navigator.serviceWorker.ready')
      await untilTrue(page, 'caches.match("/offline").then((kept) => kept !== undefined)')
      await page.context().setOffline(true)
      await page.goto('/auth/register')
      await page.waitForSelector('h1:has-text("MiaChat cannot be reached")')
      assert.notEqual(await page.evaluate('getComputedStyle(document.body).backgroundColor'), 'rgba(0, 0, 0, 0)')
      await page.context().setOffline(false)
      await page.click('a:has-text("Try again")')
      await page.waitForSelector('h1:has-text("Create an account")')
    })
  })

  test('X4: the twin of the original does the same with JavaScript switched off', async () => {
    await visit({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } }, async (page) => {
      const { username, password } = personCalled('Mia1')
      await page.goto('/')
      await signIn(page, username, password)
      await page.waitForSelector('h1:has-text("Mia1")')
      await talk(page, 'Without any script')
      await page.goto('/settings')
      await page.click('summary >> visible=true >> nth=0')
      await page.click('button:has-text("Dark") >> visible=true')
      assert.equal(await page.getAttribute('html', 'data-bs-theme'), 'dark')
      await signOut(page)
    })
  })
})

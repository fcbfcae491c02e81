import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { pixels } from '../apps/miachat/test/support/pictures.ts'
import { launchChromium, untilTrue } from './support/chromium.ts'
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

describe('settings of the app in a real browser', () => {
  let server: ServerProcess
  let browser: Browser
  before(async () => {
    server = await startServer({ env: { LOG_LEVEL: 'error', PASSWORD_COST: '4' } })
    browser = await launchChromium()
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  async function visit(username: string, options: BrowserContextOptions, work: (page: Page) => Promise<void>) {
    const context = await browser.newContext({ bypassCSP: true, baseURL: server.url, ...options })
    try {
      const page = await context.newPage()
      await page.goto('/auth/register')
      await page.fill('[name=username]', username)
      await page.fill('[name=email]', `${username}@example.org`)
      await page.fill('[name=password]', password)
      await page.click('main form[action="/auth/register"] button[type=submit]:not([aria-pressed])')
      await page.waitForURL((url) => !url.pathname.startsWith('/auth/'))
      await work(page)
    } finally {
      await context.close()
    }
  }

  /** Begins to talk with a copy of Mia; answers the address. */
  async function talk(page: Page): Promise<string> {
    await page.goto('/chat/new')
    await page.click('main form[action="/chat"] button')
    await page.waitForSelector('[data-composer]')
    return page.url()
  }

  const save = (page: Page, path: string) => page.click(`form[action="${path}"] button[type=submit]`)
  const number = async (page: Page, expression: string): Promise<number> => Number(await page.evaluate(expression))

  for (const [n, { hasScript, width, colorScheme }] of looks.entries()) {
    const how = `${width} px, ${colorScheme}, ${hasScript ? 'with' : 'without'} script`
    const options = { javaScriptEnabled: hasScript, colorScheme, viewport: { width, height: 740 } }

    test(`A4, A8: what is chosen is seen on other pages, and can be taken back, ${how}`, () =>
      visit(`look-${n}`, options, async (page) => {
        const chat = await talk(page)
        const size = 'parseFloat(getComputedStyle(document.querySelector(".message-text")).fontSize)'
        const line = 'parseFloat(getComputedStyle(document.querySelector(".message-text")).lineHeight)'
        const column = 'document.querySelector(".thread-column").getBoundingClientRect().width'
        const former = [await number(page, size), await number(page, line), await number(page, column)]
        await page.goto('/settings/appearance')
        await inspect(page, hasScript)
        await page.selectOption('[name=text_size]', '150')
        await page.selectOption('[name=density]', 'compact')
        await page.selectOption('[name=message_width]', 'narrow')
        await page.selectOption('[name=motion]', 'less')
        await save(page, '/settings/appearance')
        await page.waitForSelector('text=Saved.')
        await inspect(page, hasScript)
        await page.goto(chat)
        const [wasSize = 0, wasLine = 0, wasColumn = 0] = former
        assert.equal(await number(page, size), wasSize * 1.5)
        assert.ok((await number(page, line)) < wasLine * 1.5, 'compact lines')
        // A phone has no room to be narrowed.
        if (width > 1000) assert.ok((await number(page, column)) < wasColumn * 1.2, 'narrow messages')
        await inspect(page, hasScript)
        await page.goto('/settings/appearance?done=saved')
        await page.click('form[action="/settings/undo"] button')
        await page.goto(chat)
        assert.deepEqual([await number(page, size), await number(page, line), await number(page, column)], former)
      }))

    test(`E3, A6: conversations are deleted and taken back, ${how}`, () =>
      visit(`parts-${n}`, options, async (page) => {
        const chat = await talk(page)
        const kept = new URL(chat).pathname
        await page.goto(`${kept}/delete`)
        await inspect(page, hasScript)
        await page.click(`form[action="${kept}/delete"] button`)
        await page.waitForSelector('text=For a minute you can take it back')
        await inspect(page, hasScript)
        await page.click('form[action="/chat/undelete"] button')
        await page.waitForSelector('text=It is back.')
        await page.goto('/settings/privacy')
        await inspect(page, hasScript)
        await page.selectOption('[name=days]', '30')
        await save(page, '/settings/privacy')
        await page.waitForSelector('text=Saved.')
        assert.equal(await page.locator('[name=days]').inputValue(), '30')
        await page.click('a[href="/chat/delete"]')
        await inspect(page, hasScript)
        await page.click('form[action="/chat/delete"] button')
        await page.waitForSelector('form[action="/chat/undelete"]')
        assert.equal((await page.goto(chat))?.status(), 404)
      }))

    test(`A1: another user name, ${how}`, () =>
      visit(`name-${n}`, options, async (page) => {
        await page.goto('/settings')
        await page.click('a[href="/settings/username"]')
        await inspect(page, hasScript)
        await page.fill('[name=username]', 'admin')
        await page.click('form[action="/settings/username"] button')
        await page.locator('#field-username-error').waitFor()
        await inspect(page, hasScript)
        await page.fill('[name=username]', `renamed-${n}`)
        await page.click('form[action="/settings/username"] button')
        await page.waitForSelector('text=Your user name is changed.')
        await inspect(page, hasScript)
        assert.match((await page.locator('header').textContent()) ?? '', new RegExp(`renamed-${n}`))
      }))

    test(`A1: a picture of oneself: refused, taken, cut, removed, ${how}`, () =>
      visit(`face-${width}-${hasScript}`, options, async (page) => {
        await page.goto('/settings')
        await page.getByRole('link', { name: 'Add a picture of yourself' }).click()
        await inspect(page, hasScript)
        const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'image/png', buffer })
        const choose = page.locator('input[type=file]')
        await choose.setInputFiles(file('no.png', Buffer.from('<svg/>')))
        await page.getByRole('button', { name: 'Upload' }).click()
        await page.locator('.field-error', { hasText: 'This is no JPEG, PNG or WebP picture.' }).waitFor()
        await inspect(page, hasScript)
        await choose.setInputFiles(file('me.png', await pixels(400, 300).png()))
        await page.getByRole('button', { name: 'Upload' }).click()
        await page.getByText('This is your picture now.').waitFor()
        await inspect(page, hasScript)
        const face = page.locator('img.avatar-large')
        assert.deepEqual(
          await page.evaluate(
            '[...document.querySelectorAll("img.avatar-large")].flatMap((image) => [image.naturalWidth, image.complete])',
          ),
          [256, true],
        )
        const before = await face.getAttribute('src')
        await page.getByLabel('Size of the circle').fill('50')
        if (hasScript) assert.equal(await page.locator('.crop-frame').getAttribute('r'), '75')
        await page.getByRole('button', { name: 'Save', exact: true }).click()
        await page.getByText('Saved.', { exact: true }).waitFor()
        assert.equal(await page.locator('.crop-frame').getAttribute('r'), '75')
        assert.notEqual(await face.getAttribute('src'), before)
        await page.goto('/')
        if (width > 1000) assert.equal(await page.locator('.menu-person img.avatar').isVisible(), true)
        await inspect(page, hasScript)
        await page.goto('/settings/picture')
        await page.getByRole('button', { name: 'Remove the picture' }).click()
        await page.getByText('The picture is removed.').waitFor()
        assert.equal(await page.locator('main img').count(), 0)
      }))

    test(`A5: times are shown or not, ${how}`, () =>
      visit(`times-${n}`, options, async (page) => {
        const chat = await talk(page)
        assert.equal(await page.locator('.message-by time').first().isVisible(), true)
        await page.goto('/settings/chat')
        await inspect(page, hasScript)
        await page.uncheck('[name=times]')
        await save(page, '/settings/chat')
        await page.waitForSelector('text=Saved.')
        await page.goto(chat)
        assert.equal(await page.locator('.message-by time').first().isVisible(), false)
      }))
  }

  test('A5: the key that sends, what is read out, and whether the thread goes along', () =>
    visit('keys', { viewport: { width: 1280, height: 500 } }, async (page) => {
      const chat = await talk(page)
      await page.goto('/settings/chat')
      await page.selectOption('[name=send_with]', 'ctrl-enter')
      await page.selectOption('[name=reading]', 'short')
      await page.uncheck('[name=follow]')
      await save(page, '/settings/chat')
      await page.waitForSelector('text=Saved.')
      await page.goto(chat)
      const box = page.locator('#composer-text')
      const answers = page.locator('[data-messages] .message-character .message-label')
      await box.fill('one')
      await box.press('Enter')
      await box.pressSequentially('two')
      assert.equal(await box.inputValue(), 'one\ntwo', 'Enter makes a line')
      await box.press('Control+Enter')
      await answers.nth(0).waitFor()
      assert.equal(await page.locator('[data-announcer]').textContent(), 'Mia: A reply has come.')
      const before = await number(page, 'document.querySelector("[data-thread]").scrollTop')
      await box.fill('a long text\n'.repeat(40))
      await box.press('Control+Enter')
      await answers.nth(1).waitFor()
      const now = await number(page, 'document.querySelector("[data-thread]").scrollTop')
      assert.ok(now < before - 100, 'the thread stays where it was read')
      assert.equal(await page.locator('[data-to-newest]').isVisible(), true)
    }))

  test('A4: somebody who wants no movement gets none', () =>
    visit('still', { viewport: { width: 1280, height: 740 }, reducedMotion: 'no-preference' }, async (page) => {
      const chat = await talk(page)
      const moves = async () => {
        await page.fill('#composer-text', 'hello')
        await page.press('#composer-text', 'Enter')
        await page.locator('.message-new').first().waitFor()
        return page.evaluate('getComputedStyle(document.querySelector(".message-new")).animationName')
      }
      assert.equal(await moves(), 'settle')
      await page.goto('/settings/appearance')
      await page.selectOption('[name=motion]', 'less')
      await save(page, '/settings/appearance')
      await page.waitForSelector('text=Saved.')
      await page.goto(chat)
      assert.equal(await moves(), 'none')
    }))

  test('A8: the browser asks before a page is left with changes that were not saved', () =>
    visit('guard', { viewport: { width: 360, height: 740 } }, async (page) => {
      let asked = 0
      page.on('dialog', async (dialog) => {
        asked += dialog.type() === 'beforeunload' ? 1 : 0
        await dialog.accept()
      })
      await page.goto('/settings')
      await page.fill('[name=display_name]', 'Ada')
      await page.click('.settings-nav a[href="/settings/chat"]')
      await page.waitForURL('**/settings/chat')
      assert.equal(asked, 1)
      await page.selectOption('[name=reading]', 'short')
      await save(page, '/settings/chat')
      await page.waitForSelector('text=Saved.')
      await page.goto('/settings')
      await untilTrue(page, 'document.readyState === "complete"')
      assert.equal(asked, 1, 'nothing is asked after saving')
    }))
})

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { samples, serveGallery } from '../apps/miachat/styles/gallery.ts'
import { launchChromium, untilTrue } from './support/chromium.ts'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const phone = { width: 360, height: 740 }
const smallest = { width: 320, height: 640 }
const desk = { width: 1280, height: 800 }

/** The tests are compiled without the browser's own types. */
interface TextBox {
  readonly selectionStart: number
  setSelectionRange(start: number, end: number): void
}

let browser: Browser
let gallery: Awaited<ReturnType<typeof serveGallery>>

before(async () => {
  gallery = await serveGallery()
  browser = await launchChromium()
})
after(async () => {
  await browser?.close()
  gallery?.close()
})

/** Opens a page whose every complaint (a refused style or script, an error) fails the test. */
async function withPage(options: BrowserContextOptions, work: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext(options)
  try {
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await work(page)
    assert.deepEqual(complaints, [])
  } finally {
    await context.close()
  }
}

const open = (page: Page, name: string, query = '') => page.goto(`${gallery.url}/${name}${query}`)

for (const [viewport, theme] of [
  [phone, 'light'],
  [desk, 'dark'],
] as const) {
  test(`4.8-1: every page at ${viewport.width} px, ${theme}: no axe violation`, async () => {
    await withPage({ viewport, bypassCSP: true }, async (page) => {
      for (const { name } of samples) {
        await open(page, name, `?theme=${theme}`)
        const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
        const found = violations.map(
          ({ id, nodes }) => `${name}: ${id} at ${nodes.map(({ target }) => target).join(', ')}`,
        )
        assert.deepEqual(found, [])
      }
    })
  })
}

test('4.8-2: nothing scrolls sideways at 320 px, nor with text twice as large', async () => {
  await withPage({ viewport: smallest }, async (page) => {
    for (const { name } of samples) {
      for (const query of ['', '?size=200']) {
        await open(page, name)
        if (query !== '') await page.evaluate('document.documentElement.style.fontSize = "200%"')
        const wider = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
        assert.equal(wider, 0, `${name}${query}`)
      }
    }
  })
})

test('4.8-3, HDR-01: nothing is refused by the policy; each page has one h1, one main, a language and a title; titles differ from page to page', async () => {
  await withPage({ viewport: desk }, async (page) => {
    const titles = new Map<string, string>()
    for (const { name, path } of samples) {
      await open(page, name)
      const found = await page.evaluate(
        '({ h1: [...document.querySelectorAll("h1")].filter((h) => h.checkVisibility()).length, main: document.querySelectorAll("main").length, lang: document.documentElement.lang })',
      )
      assert.deepEqual(found, { h1: 1, main: 1, lang: 'en' }, name)
      const title = await page.title()
      assert.match(title, /^.+ · MiaChat$/)
      assert.equal((titles.get(title) ?? path).split('?')[0], path, title)
      titles.set(title, path)
    }
  })
})

test('4.8-6: everything that Tab reaches shows an outline', async () => {
  await withPage({ viewport: phone }, async (page) => {
    for (const name of ['login', 'register-wrong', 'home', 'settings', 'chat', 'characters']) {
      await open(page, name)
      for (let stop = 0; stop < 40; stop++) {
        await page.keyboard.press('Tab')
        const seen = await page.evaluate(`(() => {
          const element = document.activeElement
          if (!element || element === document.body) return 'end'
          const drawn = (node, pseudo) => parseFloat(getComputedStyle(node, pseudo).outlineWidth) >= 2 && getComputedStyle(node, pseudo).outlineStyle !== 'none'
          return drawn(element) || drawn(element, '::after') || drawn(element.parentElement) ? 'seen' : element.outerHTML.slice(0, 120)
        })()`)
        if (seen === 'end') break
        assert.equal(seen, 'seen', name)
      }
    }
  })
})

test('4.8-7: targets are at least 24 px in each direction, the main action 44 px high', async () => {
  await withPage({ viewport: phone }, async (page) => {
    for (const { name } of samples) {
      await open(page, name)
      const small =
        await page.evaluate(`[...document.querySelectorAll('button, summary, select, input:not([type=hidden]), .btn')]
        .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('[aria-hidden=true]'))
        .map((element) => ({ box: element.getBoundingClientRect(), least: element.matches('.btn-primary') ? 44 : 24, html: element.outerHTML.slice(0, 100) }))
        .filter(({ box, least, html }) => box.height < least || (box.width < 24 && !html.includes('checkbox')))
        .map(({ html }) => html)`)
      assert.deepEqual(small, [], name)
    }
  })
})

test('X8: system follows the device without script; a choice wins over the device', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await withPage({ colorScheme, javaScriptEnabled: false }, async (page) => {
      const grounds: string[] = []
      for (const theme of ['system', 'light', 'dark']) {
        await open(page, 'login', `?theme=${theme}`)
        grounds.push(await page.evaluate<string>('getComputedStyle(document.body).backgroundColor'))
      }
      const [system, light, dark] = grounds
      assert.notEqual(light, dark)
      assert.equal(system, colorScheme === 'dark' ? dark : light)
    })
  }
})

test('X4: without script the menu opens, the button that shows a password is away, the summary has the focus', async () => {
  await withPage({ viewport: phone, javaScriptEnabled: false }, async (page) => {
    await open(page, 'home')
    await page.getByText('Menu', { exact: true }).click()
    assert.ok(await page.getByRole('link', { name: 'Settings' }).isVisible())
    assert.ok(await page.getByRole('button', { name: 'Sign out' }).isVisible())
    await open(page, 'register-wrong')
    assert.equal(await page.getByRole('button', { name: 'Show' }).count(), 0)
  })
})

test('X5: the summary gets the focus and its links lead into the fields', async () => {
  await withPage({ viewport: phone }, async (page) => {
    await open(page, 'register-wrong')
    assert.ok(await page.locator('[data-error-summary]').evaluate((summary) => summary.matches(':focus')))
    assert.match(await page.title(), /^Error: /)
    await page.getByRole('link', { name: 'Enter an e-mail address' }).click()
    assert.ok(await page.getByLabel('E-mail address').evaluate((input) => input.matches(':focus')))
  })
})

test('L2: showing a password keeps value and caret, and sending hides it again', async () => {
  await withPage({ viewport: phone }, async (page) => {
    await open(page, 'login')
    const password = page.getByLabel('Password', { exact: true })
    await password.fill('a long sentence')
    await password.evaluate((input: TextBox) => input.setSelectionRange(3, 3))
    const toggle = page.getByRole('button', { name: 'Show password' })
    await toggle.click()
    assert.equal(await password.getAttribute('type'), 'text')
    assert.equal(await password.evaluate((input: TextBox) => input.selectionStart), 3)
    assert.equal(await page.getByRole('button', { name: 'Hide password' }).getAttribute('aria-pressed'), 'true')
    const sent = await page.evaluate(`new Promise((resolve) => {
      const form = document.querySelector('form[data-once]')
      form.addEventListener('submit', (event) => { event.preventDefault(); setTimeout(() => resolve(form.password.type + ' ' + form.password.value)) })
      form.requestSubmit()
    })`)
    assert.equal(sent, 'password a long sentence')
  })
})

test('L6: Caps Lock is said while it is on', async () => {
  await withPage({ viewport: phone }, async (page) => {
    await open(page, 'login')
    const hint = page.locator('[data-caps-lock="field-password"]')
    const press = (on: boolean) =>
      page.evaluate(
        `document.getElementById('field-password').dispatchEvent(new KeyboardEvent('keydown', { key: 'a', bubbles: true, modifierCapsLock: ${on} }))`,
      )
    await press(true)
    assert.equal(await hint.textContent(), 'Caps Lock is on.')
    await press(false)
    assert.equal(await hint.textContent(), '')
  })
})

test('a form is sent once, and says so when the answer takes its time', async () => {
  await withPage({ viewport: phone }, async (page) => {
    await open(page, 'login')
    let requests = 0
    await page.route('**/auth/login', async (route) => {
      requests++
      await new Promise((resolve) => setTimeout(resolve, 700))
      await route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>in</title>' })
    })
    // What the button looks like meanwhile is kept where the next page can read it.
    await page.evaluate(`(() => {
      const button = document.querySelector('form[data-once] [type=submit]')
      const look = () => [button.textContent, button.getAttribute('aria-disabled'), button.offsetWidth]
      sessionStorage.idle = JSON.stringify(look())
      setInterval(() => { sessionStorage.busy = JSON.stringify(look()); button.form.requestSubmit() }, 50)
      button.click()
    })()`)
    await page.waitForFunction('document.title === "in"')
    const [idle, busy] = await page.evaluate<[string, string]>('[sessionStorage.idle, sessionStorage.busy]')
    const [, , width] = JSON.parse(idle)
    assert.deepEqual(JSON.parse(busy), ['Signing in…', 'true', width])
    assert.equal(requests, 1)
  })
})

test('R3: advice on a new password comes on a pause, in a live region, and is loaded when wanted', async () => {
  await withPage({ viewport: phone }, async (page) => {
    const loaded: string[] = []
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname))
    await open(page, 'register')
    assert.ok(!loaded.includes('/auth/assets/password-advice.js'))
    const advice = page.locator('[data-advice-for="password"]')
    assert.equal(await advice.getAttribute('role'), 'status')
    await page.getByLabel('Password', { exact: true }).pressSequentially('the lamp was still on', { delay: 20 })
    await untilTrue(page, 'document.querySelector("[data-advice-for=password] p") !== null')
    assert.ok(loaded.includes('/auth/assets/password-advice.js'))
    assert.ok(((await advice.textContent()) ?? '').length > 10)
  })
})

test('a menu closes on Escape and gives the focus back', async () => {
  await withPage({ viewport: desk }, async (page) => {
    await open(page, 'home')
    const menu = page.locator('.menu-person')
    await menu.locator('summary').click()
    assert.ok(await page.getByRole('button', { name: 'Sign out' }).isVisible())
    await page.getByRole('button', { name: 'Dark' }).focus()
    await page.keyboard.press('Escape')
    assert.equal(await menu.getAttribute('open'), null)
    assert.ok(await menu.locator('summary').evaluate((summary) => summary.matches(':focus')))
  })
})

test('forced colours and reduced motion: focus stays visible, nothing moves', async () => {
  await withPage({ viewport: phone, forcedColors: 'active', reducedMotion: 'reduce' }, async (page) => {
    await open(page, 'chat')
    await page.getByLabel('Message to Mia').focus()
    const shown = await page.evaluate(
      '({ outline: getComputedStyle(document.activeElement).outlineStyle, moving: document.getAnimations().length })',
    )
    assert.deepEqual(shown, { outline: 'solid', moving: 0 })
  })
})

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { nodeListener } from '@miachat/auth/node'
import type { BrowserContext, Browser as Chromium, Page } from 'playwright-core'
import { createAppLayout } from '../apps/miachat/src/views/layout.ts'
import { addPasskey, addSecurityKey, SoftPasskey } from '../packages/auth/test/support/authenticator.ts'
import { type Browser, createBrowser } from '../packages/auth/test/support/browser.ts'
import { codeIn, type Letter, letterBox } from '../packages/auth/test/support/letters.ts'
import { addressOf, type OpenIdProvider, openIdProvider } from '../packages/auth/test/support/openid-provider.ts'
import { addAuthenticator, codeOf, password } from '../packages/auth/test/support/second-factor.ts'
import { signedUp, type TestAuth, testAuth } from '../packages/auth/test/support/test-auth.ts'
import { launchChromium } from './support/chromium.ts'

/**
 * Every page of the library in the look of the app, filled by its own API: a new row of the route table is walked by itself,
 * for a guest, for somebody new and for somebody who has everything. `LOOK_SHOTS=FOLDER` keeps a picture of each.
 */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const phone = { width: 360, height: 740 }
const smallest = { width: 320, height: 640 }
const desk = { width: 1280, height: 800 }
const shots = process.env['LOOK_SHOTS']
const assets = path.resolve(import.meta.dirname, '../apps/miachat/src/public')
const types: Readonly<Record<string, string>> = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' }
const longName = 'Maximiliane-Friederike-von-Wolkenstein-Trostburg'
const html = { accept: 'text/html' }

interface Visit {
  readonly name: string
  readonly url: string
  readonly jar: ReadonlyMap<string, string>
}

const box = letterBox()
const visits: Visit[] = []
let provider: OpenIdProvider
let world: TestAuth
let chromium: Chromium
let server: Server
let baseUrl: string

before(async () => {
  server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  baseUrl = `http://localhost:${addressOf(server.address()).port}`
  provider = await openIdProvider([`${baseUrl}/auth/providers/home/callback`])
  const { issuer, client } = provider
  const home = { issuer, clientId: client.id, clientSecret: client.secret }
  world = await testAuth({
    baseUrl,
    layout: (assetUrl) => createAppLayout({ assetUrl, version: '0.1.0', help: 'Questions? Ask Ada.' }),
    siteName: 'MiaChat',
    mail: box.mail,
    languages: ['en', 'de'],
    providers: [
      { id: 'home', label: 'Home', ...home },
      { id: 'other', label: longName, ...home },
    ],
    tokenScopes: { characters: 'Read and change your characters', conversations: 'Read your conversations' },
  })
  const listener = nodeListener(world.auth.fetch)
  server.on('request', (request, response) => {
    const { pathname } = new URL(request.url ?? '/', baseUrl)
    if (!pathname.startsWith('/assets/')) return void listener(request, response)
    const file = path.join(assets, path.basename(pathname))
    const headers = { 'content-type': types[path.extname(file).slice(1)] ?? '', 'cache-control': 'max-age=600' }
    readFile(file).then(
      (bytes) => response.writeHead(200, headers).end(bytes),
      () => response.writeHead(404).end(),
    )
  })
  chromium = await launchChromium()
  await fill()
})
after(async () => {
  await chromium?.close()
  server?.closeAllConnections()
  server?.close()
  await world?.close()
  await provider?.close()
})

const jsonOf = async (response: Response) => JSON.parse(await response.text())
async function post(browser: Browser, url: string, json: object = {}): Promise<Response> {
  const response = await browser.send(url, { json })
  assert.ok(response.status < 400, `${url}: ${response.status} ${await response.clone().text()}`)
  return response
}
/** Path and query of the link to a page in a letter. */
function linkIn(letter: Letter | undefined, page: string): string {
  const found = [...(letter?.text ?? '').matchAll(/https?:\/\/\S+/g)].map(([url]) => new URL(url))
  const url = found.find(({ pathname }) => pathname === page)
  assert.ok(url, `no link to ${page} in ${letter?.text}`)
  return url.pathname + url.search
}
async function confirmAddress(browser: Browser): Promise<void> {
  await post(browser, '/settings/address/confirm', { code: codeIn((await box.letters(world)).at(-1)) })
}
/** To the provider and back. */
async function comeBack(browser: Browser, begin: string, name: string): Promise<void> {
  provider.state.person = { sub: name, preferred_username: name }
  const { redirect } = await jsonOf(await post(browser, begin))
  const { pathname, search } = await provider.visit(redirect)
  assert.equal((await browser.get(pathname + search, html)).status, 303)
}

/** People in all states, and the pages of each. */
async function fill(): Promise<void> {
  const fresh = await signedUp(world, 'fresh')
  const waits = await signedUp(world, 'waits')
  await post(waits, '/settings/address', { email: `${longName}@example.org` })
  const confirmLink = linkIn((await box.letters(world)).at(-1), '/auth/confirm-address')
  const jonas = await signedUp(world, 'jonas')
  await confirmAddress(jonas)
  for (const passkey of [new SoftPasskey(), new SoftPasskey()]) await addPasskey(jonas, passkey, { origin: baseUrl })
  await comeBack(jonas, '/settings/providers/home/link', longName)
  const { id: authenticator, secret } = await addAuthenticator(world, jonas, longName.slice(0, 40))
  const { id: securityKey } = await jsonOf(await addSecurityKey(jonas, new SoftPasskey(), { origin: baseUrl }))
  const begun = await jsonOf(await post(jonas, '/settings/authenticators', { name: 'A second phone' }))
  const made = { name: longName, days: 90, scopes: ['characters', 'conversations'] }
  for (const name of ['Backup at home', longName]) await post(jonas, '/settings/tokens', { ...made, name })
  world.pass(60_000)
  const trusting = createBrowser(world.fetch, baseUrl, { address: '2001:db8:85a3:8d3:1319:8a2e:370:7348' })
  await trusting.send('/auth/login', { form: { username: 'jonas', password } })
  await post(trusting, '/auth/second-factor', { code: codeOf(world, secret), trust_device: true })
  const [, undo] = await box.letters(world)
  const undoLink = linkIn(undo, '/auth/undo')
  const { url } = await world.auth.admin.resetLink((await world.auth.admin.findUser('jonas'))?.id ?? 0, 'a test')
  const resetLink = new URL(url).pathname + new URL(url).search

  await signedUp(world, 'ada')
  const adaId = (await world.auth.admin.findUser('ada'))?.id ?? 0
  await world.auth.admin.setRole(adaId, 'admin', 'a test')
  const ada = world.browser()
  await post(ada, '/auth/login', { username: 'ada', password })
  await addAuthenticator(world, ada)

  const leaver = await signedUp(world, 'leaver')
  await post(leaver, '/settings/delete', { username: 'leaver', password })
  const back = world.browser()
  await back.send('/auth/login', { form: { username: 'leaver', password } })
  const second = world.browser()
  await second.send('/auth/login', { form: { username: 'jonas', password } })
  const welcome = world.browser()
  await comeBack(welcome, '/auth/providers/home', 'newcomer')

  const jonasId = (await world.auth.admin.findUser('jonas'))?.id ?? 0
  const { passkeys } = await jsonOf(await jonas.get('/settings/passkeys', { accept: 'application/json' }))
  const devices = await (await jonas.get('/settings/devices', html)).text()
  const [, session = ''] = /\/settings\/sessions\/([^/]+)\/end/.exec(devices) ?? []
  const guest = world.browser()
  const program = await post(guest, '/auth/api/device/code', { client_id: longName })
  const { user_code } = await jsonOf(program)
  const { redirect: asking } = await jsonOf(await post(jonas, '/auth/device', { user_code }))
  /** What stands for the parameters of a row: a new row with one adds its own here, or its page is a 404. */
  const parts: readonly (readonly [RegExp, string])[] = [
    [/^\/admin\/people\/:id/, `/admin/people/${jonasId}`],
    [/sessions\/:part/, `sessions/${session}`],
    [/authenticators\/:part/, `authenticators/${authenticator}`],
    [/authenticators\/:id/, `authenticators/${begun.id}`],
    [/security-keys\/:(id|part)/, `security-keys/${securityKey}`],
    [/passkeys\/:(id|part)/, `passkeys/${passkeys[0].id}`],
    [/:\w+/, 'none'],
  ]
  const add = (name: string, address: string, browser: Browser): number =>
    visits.push({ name, url: address, jar: browser.jar })
  for (const { method, path: row } of world.auth.routes) {
    if (method !== 'GET' || row.startsWith('/auth/assets/')) continue
    const url = parts.reduce((address, [part, value]) => address.replace(part, value), row)
    if (row.startsWith('/admin')) add('ada', url, ada)
    else if (row.startsWith('/auth')) add('guest', url, guest)
    else {
      add('jonas', url, jonas)
      if (lists.has(row)) add('fresh', url, fresh)
    }
  }
  add('waits', '/settings/address', waits)
  for (const query of ['', '?user_code=BDWP-HQPK', '?done=allowed', '?done=refused']) {
    add('jonas', `/auth/device${query}`, jonas)
  }
  add('jonas', asking, jonas)
  for (const link of [confirmLink, undoLink, resetLink]) add('guest', link, guest)
  add('second', '/auth/second-factor', second)
  add('back', '/auth/restore', back)
  add('welcome', '/auth/welcome', welcome)
}

/** What looks otherwise while there is nothing in it. */
const lists: ReadonlySet<string> = new Set(
  ['access', 'devices', 'passkeys', 'providers', 'second-factor', 'tokens'].map((name) => `/settings/${name}`),
)

/** Rows whose answer is no page, or leads to one. */
const noPages: ReadonlySet<string> = new Set([
  '/auth/api/me',
  '/auth/api/check',
  '/auth/session/events',
  '/settings/export',
  '/settings/export/none',
  '/auth/providers/none/callback',
  '/admin',
])

/** Opens each page on a phone. */
async function walk(inspect: (page: Page, name: string) => Promise<void>, language: 'en' | 'de' = 'en'): Promise<void> {
  const contexts = new Map<ReadonlyMap<string, string>, BrowserContext>()
  for (const { name, url, jar } of visits) {
    if (noPages.has(url)) continue
    let context = contexts.get(jar)
    if (!context) {
      context = await chromium.newContext({ viewport: phone, baseURL: baseUrl, bypassCSP: true })
      const cookies = [...jar, ['mia_theme', 'light'] as const, ['mia_language', language] as const]
      await context.addCookies(cookies.map(([key, value]) => ({ name: key, value, domain: 'localhost', path: '/' })))
      contexts.set(jar, context)
    }
    const page = await context.newPage()
    const answer = await page.goto(url)
    assert.equal(answer?.status(), 200, `${name} ${url}`)
    await inspect(page, `${name}${new URL(page.url()).pathname.replaceAll('/', '-')}`)
    await page.close()
  }
  for (const context of contexts.values()) await context.close()
}

async function photograph(page: Page, name: string): Promise<void> {
  if (shots === undefined) return
  await mkdir(shots, { recursive: true })
  await page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: true })
}
async function complaintsOf(axe: AxeBuilder): Promise<string[]> {
  const { violations } = await axe.analyze()
  return violations.map(({ id, nodes }) => `${id} at ${nodes.map(({ target }) => target).join(', ')}`)
}

test('4.8-1, 4.8-2, 4.8-7: every page of the account: no axe violation in light and dark, one heading, targets of 24 px, nothing scrolls sideways', async () => {
  await walk(async (page, name) => {
    assert.deepEqual(await complaintsOf(new AxeBuilder({ page }).withTags(tags)), [], name)
    const shape = await page.evaluate(
      '({ h1: document.querySelectorAll("h1").length, main: document.querySelectorAll("main").length, lang: document.documentElement.lang })',
    )
    assert.deepEqual(shape, { h1: 1, main: 1, lang: 'en' }, name)
    const small =
      await page.evaluate(`[...document.querySelectorAll('button, summary, select, input:not([type=hidden]), .btn')]
      .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('[aria-hidden=true]'))
      .map((element) => ({ box: element.getBoundingClientRect(), least: element.matches('.btn-primary') ? 44 : 24, html: element.outerHTML.slice(0, 100) }))
      .filter(({ box, least, html }) => box.height < least || (box.width < 24 && !html.includes('checkbox')))
      .map(({ html }) => html)`)
    assert.deepEqual(small, [], name)
    await photograph(page, `${name}-360-light`)

    await page.setViewportSize(desk)
    await page.evaluate('document.documentElement.dataset.bsTheme = "dark"')
    assert.deepEqual(await complaintsOf(new AxeBuilder({ page }).withRules(['color-contrast'])), [], `${name}, dark`)
    await photograph(page, `${name}-1280-dark`)

    await refuseSideways(page, name)
  })
})

test('X11, 4.8-2: the same pages in German: longer words scroll nothing sideways, and the page says its language', async () => {
  await walk(async (page, name) => {
    assert.equal(await page.evaluate('document.documentElement.lang'), 'de', name)
    await photograph(page, `${name}-360-german`)
    if (shots !== undefined) {
      await page.setViewportSize(desk)
      await photograph(page, `${name}-1280-german`)
    }
    await refuseSideways(page, name)
  }, 'de')
})

/** The smallest phone, and there twice the size of text (WCAG 1.4.10, 1.4.4). */
async function refuseSideways(page: Page, name: string): Promise<void> {
  await page.setViewportSize(smallest)
  for (const size of ['100%', '200%']) {
    await page.evaluate(`document.documentElement.style.fontSize = "${size}"`)
    const wider = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    assert.equal(wider, 0, `${name} at 320 px, ${size}`)
  }
}

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { Secret, TOTP } from 'otpauth'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchChromium, untilTrue } from './support/chromium.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'
import { virtualAuthenticator } from './support/virtual-authenticator.ts'

const password = 'a walk by the river'
/** Where pictures of the pages go, for whoever wants to look at them; nowhere without it. */
const pictures = process.env['VISIT_PICTURES']
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

describe('passkeys in a real browser', () => {
  let server: ServerProcess
  let browser: Browser
  before(async () => {
    server = await startServer({ env: { LOG_LEVEL: 'error', LIMIT_REGISTRATIONS: '100' } })
    browser = await launchChromium()
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  async function inside(
    work: (page: Page) => Promise<void>,
    { autofill = false, ...options }: BrowserContextOptions & { autofill?: boolean } = {},
  ): Promise<void> {
    const context = await browser.newContext({
      baseURL: `http://localhost:${server.port}`,
      viewport: { width: 360, height: 740 },
      ...options,
    })
    try {
      // The virtual authenticator would choose from the autofill list by itself, before anybody has pressed a button.
      if (!autofill)
        await context.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = async () => false')
      await work(await context.newPage())
    } finally {
      await context.close()
    }
  }

  async function register(page: Page, username: string): Promise<void> {
    await page.goto('/auth/register')
    await page.fill('[name=username]', username)
    await page.fill('[name=email]', `${username}@example.org`)
    await page.fill('[name=password]', password)
    await page.click('main form[action="/auth/register"] button[type=submit]')
    await page.waitForURL((url) => !url.pathname.startsWith('/auth/'))
  }

  async function add(page: Page): Promise<void> {
    await page.goto('/settings/passkeys')
    await page.click('[data-passkey=add] button')
    await page.waitForURL(/done=added/)
  }

  /** An authenticator app, whose recovery codes the person has been shown. */
  async function addAuthenticator(page: Page): Promise<void> {
    await page.goto('/settings/second-factor')
    await page.click('button:has-text("Add an authenticator")')
    const secret = ((await page.locator('main code').first().textContent()) ?? '').replaceAll(' ', '')
    await page.fill('[name=code]', new TOTP({ secret: Secret.fromBase32(secret) }).generate())
    await page.click('button:has-text("Turn it on")')
    await page.waitForSelector('pre')
  }

  /** The session's cookie goes, so that the next page is a stranger's; the authenticator stays with the page. */
  async function signOut(page: Page): Promise<void> {
    // A page that is open would notice, and lead to the sign-in by itself.
    await page.goto('about:blank')
    await page.context().clearCookies()
  }

  async function picture(page: Page, name: string): Promise<void> {
    if (pictures) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
  }

  async function inspect(page: Page): Promise<void> {
    const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
      [],
      page.url(),
    )
    const over: unknown = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    assert.equal(over, 0, `${page.url()} scrolls sideways`)
  }

  test('P1, P2, L3: add, sign in by button, rename, remove', async () => {
    await inside(
      async (page) => {
        const authenticator = await virtualAuthenticator(page)
        await register(page, 'by-button')
        await page.goto('/settings/passkeys')
        await inspect(page)
        await add(page)
        await inspect(page)
        const [credential] = await authenticator.credentials()
        assert.equal(credential?.isResidentCredential, true)
        await signOut(page)
        await page.goto('/auth/login?next=/settings/passkeys')
        await inspect(page)
        await page.click('[data-passkey=sign-in] button')
        await page.waitForURL((url) => url.pathname === '/settings/passkeys')
        await page.click('.rows a')
        await inspect(page)
        await page.fill('[name=name]', 'My laptop')
        await page.click('button:has-text("Save name")')
        await page.waitForURL(/done=renamed/)
        assert.equal(await page.locator('.row-title').textContent(), 'My laptop')
        await page.click('.rows a')
        await page.click('button:has-text("Remove passkey")')
        await page.waitForURL(/done=removed/)
        assert.equal(await page.locator('.rows').count(), 0)
      },
      { bypassCSP: true },
    )
  })

  test('L3: sign in from the autofill list, under the policy of the pages', async () => {
    await inside(
      async (page) => {
        const complaints: string[] = []
        page.on('console', (message) => {
          if (message.type() === 'error') complaints.push(message.text())
        })
        await virtualAuthenticator(page)
        await register(page, 'by-autofill')
        await add(page)
        await signOut(page)
        // The virtual authenticator answers what waits for the list as if its entry had been chosen.
        await page.goto('/auth/login?next=/settings/passkeys')
        await page.waitForURL((url) => url.pathname === '/settings/passkeys')
        assert.deepEqual(complaints, [])
      },
      { autofill: true },
    )
  })

  test('L3: the button ends what waits for the autofill list, and asks by itself', async () => {
    await inside(
      async (page) => {
        // A list of the browser from which nobody chooses.
        await page.addInitScript(`{
          const get = navigator.credentials.get.bind(navigator.credentials)
          navigator.credentials.get = (options) =>
            options.mediation !== 'conditional'
              ? get(options)
              : new Promise((_, reject) => {
                  document.title = 'waits'
                  options.signal.onabort = () => {
                    sessionStorage.setItem('ended', 'yes')
                    reject(options.signal.reason)
                  }
                })
        }`)
        await virtualAuthenticator(page)
        await register(page, 'by-both')
        await add(page)
        await signOut(page)
        await page.goto('/auth/login?next=/settings/passkeys')
        await untilTrue(page, 'document.title === "waits"')
        await page.click('[data-passkey=sign-in] button')
        await page.waitForURL((url) => url.pathname === '/settings/passkeys')
        await untilTrue(page, 'sessionStorage.getItem("ended") === "yes"')
      },
      { autofill: true },
    )
  })

  test('R8: an account without a password; a name that is taken is said at its field', async () => {
    await inside(
      async (page) => {
        const authenticator = await virtualAuthenticator(page)
        await page.goto('/auth/register')
        await inspect(page)
        await page.fill('[name=username]', 'x')
        await page.click('[data-passkey=sign-up] button')
        await page.waitForSelector('[data-passkey=sign-up] [role=status]:not(:empty)')
        assert.deepEqual(await authenticator.credentials(), [])
        await page.fill('[name=username]', 'without-word')
        await page.fill('[name=email]', 'without-word@example.org')
        await page.click('[data-passkey=sign-up] button')
        await page.waitForURL((url) => !url.pathname.startsWith('/auth/'))
        await page.goto('/settings/security')
        await inspect(page)
        assert.match((await page.locator('main').textContent()) ?? '', /None\. Nobody can guess it\..*1 passkey\./s)
        await signOut(page)
        await page.goto('/auth/register')
        await page.fill('[name=username]', 'without-word')
        await page.fill('[name=email]', 'another@example.org')
        await page.click('[data-passkey=sign-up] button')
        await page.waitForSelector('text=That user name is taken.')
        // The browser is told to forget the passkey that has no account.
        while ((await authenticator.credentials()).length > 1) await page.waitForTimeout(50)
        await page.goto('/auth/login?next=/settings/passkeys')
        await page.click('[data-passkey=sign-in] button')
        await page.waitForURL((url) => url.pathname === '/settings/passkeys')
      },
      { bypassCSP: true },
    )
  })

  test('M4, X9: the second step of a sign-in and the step-up by passkey', async () => {
    await inside(
      async (page) => {
        await virtualAuthenticator(page)
        await register(page, 'second-step')
        await add(page)
        await addAuthenticator(page)
        await signOut(page)
        await page.goto('/auth/login?next=/settings/passkeys')
        await page.fill('[name=username]', 'second-step')
        await page.fill('[name=password]', password)
        await page.click('main form[action="/auth/login"] button[type=submit]')
        await page.waitForURL(/second-factor/)
        await inspect(page)
        await page.click('[data-passkey=second-factor] button')
        await page.waitForURL((url) => url.pathname === '/settings/passkeys')
        await page.click('.step-up button')
        await page.waitForURL((url) => url.pathname.startsWith('/settings'))
        await page.goto('/settings/passkeys')
        await page.click('[data-passkey=add] button')
        await page.waitForURL(/settings\/confirm/)
        await inspect(page)
        await page.click('[data-passkey=step-up] button')
        await page.waitForURL((url) => url.pathname === '/settings/passkeys')
        assert.equal(await page.locator('.step-up').isVisible(), true)
      },
      { bypassCSP: true },
    )
  })

  test('P3: already there, not recognised, copied: each is said in words, and nobody is signed in', async () => {
    await inside(async (page) => {
      const authenticator = await virtualAuthenticator(page)
      await register(page, 'refused')
      await add(page)
      await page.click('[data-passkey=add] button')
      await page.waitForSelector('text=This device already has a passkey for your account.')
      await signOut(page)
      await page.goto('/auth/login')
      await authenticator.recognises(false)
      await page.click('[data-passkey=sign-in] button')
      await page.waitForSelector('text=It was cancelled, or took too long. Nothing has changed.')
      await authenticator.recognises(true)
      const [credential] = await authenticator.credentials()
      await page.click('[data-passkey=sign-in] button')
      await page.waitForURL((url) => !url.pathname.startsWith('/auth/'))
      await authenticator.setCounter(credential?.credentialId ?? '', 0)
      await signOut(page)
      await page.goto('/auth/login')
      await page.click('[data-passkey=sign-in] button')
      await page.waitForSelector('text=That passkey was not accepted.')
    })
  })

  for (const [kind, colorScheme] of [
    ['noPin', 'light'],
    ['u2f', 'dark'],
  ] as const) {
    test(`M5: a security key that knows no PIN does after the password, and for nothing else (${kind})`, async () => {
      await inside(
        async (page) => {
          const name = `holds-${kind}`.toLowerCase()
          const authenticator = await virtualAuthenticator(page, kind)
          await register(page, name)
          // It cannot be a passkey: nobody would be seen.
          await page.goto('/settings/passkeys')
          await page.click('[data-passkey=add] button')
          await page.waitForSelector('[data-passkey=add] [role=status]:not(:empty)')
          assert.deepEqual(await authenticator.credentials(), [])
          await addAuthenticator(page)
          await page.goto('/settings/second-factor')
          await inspect(page)
          await page.click('[data-passkey=add-key] button')
          await page.waitForURL(/done=key-added/)
          await inspect(page)
          await picture(page, `security-keys-${kind}`)
          assert.equal((await authenticator.credentials()).length, 1)
          await page.click('[data-passkey=add-key] button')
          await page.waitForSelector('text=This key already belongs to your account.')

          await signOut(page)
          await page.goto('/auth/login?next=/settings/second-factor')
          await page.fill('[name=username]', name)
          await page.fill('[name=password]', password)
          await page.click('main form[action="/auth/login"] button[type=submit]')
          await page.waitForURL(/second-factor/)
          await inspect(page)
          await picture(page, `security-key-asked-${kind}`)
          await page.click('button:has-text("Use a security key instead")')
          await page.waitForURL((url) => url.pathname === '/settings/second-factor')

          await page.click('.step-up button')
          await page.waitForURL((url) => url.pathname.startsWith('/settings'))
          await page.goto('/settings/second-factor')
          await page.click('#security-keys .rows a')
          await inspect(page)
          await picture(page, `security-key-${kind}`)
          await page.fill('[name=name]', 'On my key ring')
          await page.click('button:has-text("Save name")')
          await page.waitForURL(/done=key-renamed/)
          assert.equal(await page.locator('#security-keys .row-title').textContent(), 'On my key ring')
          await page.click('#security-keys .rows a')
          await page.click('button:has-text("Remove security key")')
          await page.waitForURL(/settings\/confirm/)
          await inspect(page)
          await page.click('button:has-text("Confirm with a security key")')
          await page.waitForURL((url) => url.pathname.startsWith('/settings/security-keys/'))
          await page.click('button:has-text("Remove security key")')
          await page.waitForURL(/done=key-removed/)
          assert.equal(await page.locator('#security-keys .rows').count(), 0)
        },
        { bypassCSP: true, colorScheme },
      )
    })
  }

  test('P3: under another name of this machine the page says why there are none', async () => {
    await inside(
      async (page) => {
        await virtualAuthenticator(page)
        await register(page, 'by-number')
        await page.goto('/settings/passkeys')
        await page.click('[data-passkey=add] button')
        await page.waitForSelector(
          'text=Passkeys need https and a name such as chat.example.org. You opened http://127.0.0.1',
        )
      },
      { baseURL: server.url },
    )
  })

  test('Without script the pages say what is missing, and passkeys can be renamed and removed', async () => {
    await inside(
      async (page) => {
        await register(page, 'no-script')
        await page.goto('/settings/passkeys')
        assert.equal(await page.locator('[data-passkey-without]').isVisible(), true)
        assert.equal(await page.locator('[data-passkey] button').isVisible(), false)
      },
      { javaScriptEnabled: false },
    )
  })
})

import { existsSync } from 'node:fs'
import { env } from 'node:process'
import { type Browser, chromium, type Page } from 'playwright-core'
import { installDebianPackage } from './debian-package.ts'

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

// No sandbox, since containers run as root; the pages under test are our own. No word to the outside.
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The path of this machine's Chromium or Chrome: CHROMIUM_PATH, else a usual place; undefined where there is none. */
export function findChromium(): string | undefined {
  const chosen = env['CHROMIUM_PATH']
  if (chosen) {
    if (!existsSync(chosen)) throw new Error(`CHROMIUM_PATH says ${chosen}, but no file is there`)
    return chosen
  }
  return places.find((place) => existsSync(place))
}

/** The path of Chromium, installed now where it is missing and that is possible; throws an Error that says what to run. */
export async function ensureChromium(): Promise<string> {
  const found = findChromium()
  if (found) return found
  await installDebianPackage('Chromium', ['chromium', 'fonts-liberation'])
  const installed = findChromium()
  if (!installed) throw new Error('Chromium was installed, but is in none of the usual places; set CHROMIUM_PATH')
  return installed
}

/** A headless Chromium with a profile that vanishes; the caller closes it. `args` are further command line flags. */
export async function launchChromium(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: await ensureChromium(), args: [...flags, ...args] })
}

/**
 * Waits until an expression, or what it promises, is true in the page, for 30 seconds at most. Each look is the driver's
 * own: the pages' policy forbids `eval`, by which `waitForFunction` looks from the second time on.
 */
export async function untilTrue(page: Page, expression: string): Promise<void> {
  const end = Date.now() + 30_000
  while (!(await page.evaluate(expression))) {
    if (Date.now() > end) throw new Error(`It did not come true: ${expression}`)
    await page.waitForTimeout(50)
  }
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchChromium } from '../../tests/support/chromium.ts'
import { median } from '../cpu.ts'
import { type Line, milliseconds } from '../goal.ts'
import { startMiaChat } from './app.ts'

const VISITS = 5
const SLOWED = 4

/** The front end: a first visit to the sign-in page, in Chromium on a processor slowed four times. */
export async function frontEnd(): Promise<Line[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  const server = await startMiaChat(folder)
  const browser = await launchChromium()
  const paints: number[] = []
  const bytes: number[] = []
  try {
    for (let visit = 0; visit <= VISITS; visit++) {
      const context = await browser.newContext()
      const page = await context.newPage()
      const session = await context.newCDPSession(page)
      await session.send('Network.enable')
      await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWED })
      let transferred = 0
      session.on('Network.loadingFinished', ({ encodedDataLength }) => {
        transferred += encodedDataLength
      })
      await page.goto(`${server.url}/auth/login`, { waitUntil: 'networkidle' })
      const paint: unknown = await page.evaluate(
        'performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null',
      )
      // The first visit also fills the server's own caches.
      if (visit > 0 && typeof paint === 'number') {
        paints.push(paint)
        bytes.push(transferred)
      }
      await context.close()
    }
  } finally {
    await browser.close()
    await server.stop()
    rmSync(folder, { recursive: true })
  }
  const kilobytes = median(bytes) / 1000
  return [
    {
      goal: 'FE',
      what: `first paint of the sign-in page, processor slowed ${SLOWED} times`,
      limit: milliseconds(1000),
      ours: milliseconds(median(paints)),
      ratio: median(paints) / 1000,
      wanted: { kind: '<=', value: 1, stretch: 0.5 },
    },
    {
      goal: 'FE',
      what: 'transferred at a first visit, all files',
      limit: '60 kB',
      ours: `${kilobytes.toFixed(1)} kB`,
      ratio: kilobytes / 60,
      wanted: { kind: '<=', value: 1, stretch: 0.5 },
    },
  ]
}

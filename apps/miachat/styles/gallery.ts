/**
 * The gallery: every page with sample data, under the same policy as the real server, on this machine only.
 *
 *     node --conditions=miachat-source apps/miachat/styles/gallery.ts              serves it
 *     node --conditions=miachat-source apps/miachat/styles/gallery.ts FOLDER [NAME]  writes screenshots
 */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import path from 'node:path'
import { defaultLayout, html, renderHtml, type Theme, themes } from '@miachat/auth/views'
import { launchChromium } from '../../../tests/support/chromium.ts'
import { createAppLayout } from '../src/views/layout.ts'
import { guestPages } from './gallery-guests.ts'
import { memberPages } from './gallery-members.ts'
import type { Sample } from './gallery-samples.ts'

/** Every page that is drawn, in the states that matter. */
export const samples: readonly Sample[] = [...guestPages, ...memberPages]

const root = path.resolve(import.meta.dirname, '../../..')
const folders: Readonly<Record<string, string>> = {
  '/auth/assets/': path.join(root, 'packages/auth/src/http/public'),
  '/assets/': path.join(root, 'apps/miachat/src/public'),
}
const types: Readonly<Record<string, string>> = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' }
const appLayout = createAppLayout({ version: '0.1.0', help: 'Questions? Ask Ada, who runs this server.' })

/** The policy of HDR-01, so that a forbidden style or script shows here first. */
const policy = (nonce: string) =>
  `default-src 'none'; style-src 'self'; script-src 'nonce-${nonce}'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`

/** The finished text of one sample. */
export async function renderSample(sample: Sample, theme: Theme, nonce: string, layout = appLayout): Promise<string> {
  const { name, user, ...page } = sample
  return renderHtml(layout({ ...page, user: user === null ? null : { username: user }, theme, nonce }))
}

/** Serves the gallery on a free port of 127.0.0.1. */
export async function serveGallery(port = 0): Promise<{ readonly url: string; readonly close: () => void }> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The gallery has no port')
  return { url: `http://127.0.0.1:${address.port}`, close: () => server.close(() => {}).closeAllConnections() }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const folder = Object.keys(folders).find((prefix) => url.pathname.startsWith(prefix))
  if (folder !== undefined) {
    const file = path.basename(url.pathname)
    const bytes = await readFile(path.join(folders[folder] ?? '', file)).catch(() => null)
    response.writeHead(bytes === null ? 404 : 200, {
      'content-type': types[path.extname(file).slice(1)] ?? 'text/plain',
    })
    response.end(bytes)
    return
  }
  // The pages of people who are signed in listen here for the end of their session.
  if (url.pathname === '/auth/session/events') {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 60000\n\n')
    return
  }
  const nonce = randomBytes(16).toString('base64')
  const theme = themes.find((known) => known === url.searchParams.get('theme')) ?? 'light'
  const [, name, look] = url.pathname.split('/')
  const sample = samples.find((candidate) => candidate.name === name)
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy(nonce) })
  response.end(
    sample === undefined
      ? await renderHtml(contents())
      : await renderSample(sample, theme, nonce, look === 'library' ? defaultLayout : appLayout),
  )
}

function contents() {
  return html`<!doctype html><html lang="en"><meta charset="utf-8"><title>Gallery</title><link rel="stylesheet" href="/assets/app.css">
<main><h1>Gallery</h1><ul>${samples.map(({ name }) => html`<li><a href="/${name}">${name}</a> <a href="/${name}?theme=dark">dark</a> <a href="/${name}/library">library's own look</a></li>`)}</ul></main></html>`
}

const sizes = [
  { width: 320, height: 640 },
  { width: 360, height: 740 },
  { width: 1280, height: 800 },
] as const

async function photograph(folder: string, only: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const gallery = await serveGallery()
  const browser = await launchChromium()
  try {
    for (const viewport of sizes) {
      const page = await browser.newPage({ viewport })
      for (const { name } of samples.filter((sample) => sample.name.startsWith(only))) {
        for (const theme of ['light', 'dark']) {
          await page.goto(`${gallery.url}/${name}?theme=${theme}`)
          await page.screenshot({ path: path.join(folder, `${name}-${viewport.width}-${theme}.png`), fullPage: true })
        }
      }
      await page.close()
    }
  } finally {
    await browser.close()
    gallery.close()
  }
}

if (import.meta.main) {
  const [folder, only = ''] = process.argv.slice(2)
  if (folder === undefined) console.log(`The gallery is at ${(await serveGallery(8099)).url}`)
  else await photograph(folder, only)
}

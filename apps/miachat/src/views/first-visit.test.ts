import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { loginView, renderHtml } from '@miachat/auth/views'
import { createAppLayout } from './layout.ts'

const root = path.resolve(import.meta.dirname, '../../../..')
const folders = { '/auth/assets/': 'packages/auth/src/http/public', '/assets/': 'apps/miachat/src/public' }

function fileOf(address: string): string {
  const [prefix, folder] = Object.entries(folders).find(([start]) => address.startsWith(start)) ?? []
  if (prefix === undefined || folder === undefined) throw new Error(`${address} is not served from here`)
  return path.join(root, folder, address.slice(prefix.length))
}

test('HDR-04: a first visit to the sign-in page loads our own files only, 60 kB at most', async () => {
  const body = loginView({ rememberDays: 30, sharedMinutes: 15, registrationOpen: true })
  const page = {
    title: 'Sign in',
    body,
    user: null,
    theme: 'system',
    nonce: 'n',
    path: '/auth/login',
    room: 'form',
  } as const
  const text = await renderHtml(createAppLayout()(page))
  const loaded = [...text.matchAll(/<(?:script|link|img)[^>]* (?:src|href)="([^"]+)"/g)].map(
    ([, address = '']) => address,
  )
  assert.deepEqual(loaded.toSorted(), [
    '/assets/app.css',
    '/assets/app.js',
    '/assets/favicon.svg',
    '/assets/mia.svg',
    '/auth/assets/auth.js',
  ])
  const files = await Promise.all(loaded.map((address) => readFile(fileOf(address))))
  const size = [Buffer.from(text), ...files].reduce((sum, file) => sum + gzipSync(file).length, 0)
  assert.ok(size <= 60_000, `${size} bytes`)
})

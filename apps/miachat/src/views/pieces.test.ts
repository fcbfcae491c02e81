import assert from 'node:assert/strict'
import { test } from 'node:test'
import { relativeTime, renderHtml, row } from '@miachat/auth/views'
import fc from 'fast-check'
import { errorPage, waitWords } from './error-pages.ts'
import { createAppLayout } from './layout.ts'
import { avatar, monogram, tintOf } from './pieces.ts'

const now = Date.UTC(2026, 10, 22, 20, 30)
const ago = async (seconds: number) =>
  (await renderHtml(relativeTime(now - seconds * 1000, now))).replace(/<[^>]*>/g, '')

test('a face keeps its colour, one of eight, and all eight are used', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.integer()), (id) => /^[1-8]$/.test(String(tintOf(id)))))
  assert.equal(tintOf('a'), tintOf('a'))
  assert.equal(new Set(Array.from({ length: 200 }, (_, id) => tintOf(id))).size, 8)
})

test('a monogram is one whole letter in any script', () => {
  const names = { ' mia': 'M', '«Ärger»': 'Ä', ليلى: 'ل', '👩‍👩‍👧 family': 'F', '👩‍👩‍👧': '👩‍👩‍👧', '': '?', '  ': '?' }
  for (const [name, letter] of Object.entries(names)) assert.equal(monogram(name), letter, name)
})

test('RED-03: names, pictures and words of people are text', async () => {
  const hostile = `"><img src=x onerror="alert(1)">`
  const face = { id: hostile, name: hostile, image: hostile }
  const layout = createAppLayout()
  const pieces = [
    row({ lead: avatar(face), title: hostile, href: hostile, text: hostile }),
    errorPage({ status: 404, title: hostile, detail: hostile, requestId: hostile }),
    layout({
      title: hostile,
      body: avatar(face),
      user: { username: hostile },
      theme: 'dark',
      nonce: '',
      path: hostile,
    }),
  ]
  for (const piece of pieces) assert.doesNotMatch(await renderHtml(piece), /<img src=x|onerror="alert/)
})

test('relative times grow with their distance and end in a date', async () => {
  assert.equal(await ago(20), 'just now')
  assert.equal(await ago(90), '1 minute ago')
  assert.equal(await ago(7200), '2 hours ago')
  assert.equal(await ago(86_400), 'yesterday')
  assert.equal(await ago(40 * 86_400), '13 October 2026')
})

test('waiting as long as the page says is always enough', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200_000 }), (seconds) => {
      const [count, word = ''] = waitWords(seconds).split(' ')
      const size = word.startsWith('second') ? 1 : word.startsWith('minute') ? 60 : 3600
      return Number(count) * size >= seconds
    }),
  )
  assert.equal(waitWords(1), '1 second')
  assert.equal(waitWords(240), '4 minutes')
})

test('the navigation marks where one is, below an address too, and nothing else', async () => {
  const layout = createAppLayout()
  const base = { title: 'Chat', body: avatar({ id: 1, name: 'M' }), theme: 'system', nonce: 'n' } as const
  const marked = async (path: string) => {
    const text = await renderHtml(layout({ ...base, user: { username: 'mia' }, path }))
    return [...text.matchAll(/href="([^"]*)" aria-current="page"/g)].map(([, href]) => href)
  }
  assert.deepEqual(await marked('/chat/7?x=1'), ['/chat', '/chat'])
  assert.deepEqual(await marked('/'), ['/', '/'])
  assert.deepEqual(await marked('/chatter'), [])
})

test('HDR-02: a guest learns no version', async () => {
  const layout = createAppLayout({ version: '9.9.9' })
  const page = {
    title: 'T',
    body: avatar({ id: 1, name: 'M' }),
    user: null,
    theme: 'system',
    nonce: 'n',
    path: '/',
  } as const
  assert.doesNotMatch(await renderHtml(layout(page)), /9\.9\.9/)
})

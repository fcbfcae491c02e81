import assert from 'node:assert/strict'
import { test } from 'node:test'
import { english, words } from '../src/words/words.ts'
import { administrator, idOf } from './support/administrator.ts'
import { assertGerman, onlyEnglish } from './support/german.ts'
import { letterBox } from './support/letters.ts'
import { signedUp, testAuth } from './support/test-auth.ts'

const html = { accept: 'text/html' }
const phrases = onlyEnglish(english, words.de)

test('X11: every page of the administration is German to who has chosen so, and what it refuses, too', async () => {
  const world = await testAuth({ languages: ['en', 'de'], mail: letterBox().mail })
  try {
    const { browser } = await administrator(world)
    await signedUp(world, 'anna', 'a walk by the river')
    const anna = `/admin/people/${await idOf(world, 'anna')}`
    await browser.send('/auth/language', { form: { language: 'de', next: '/' } })
    const acts = world.auth.routes.filter(
      ({ method, path }) => method === 'GET' && path.startsWith('/admin/people/:id/'),
    )
    assert.ok(acts.length > 10)
    const paths = [
      ...['people', 'invitations', 'log', 'log/export', 'view-as', 'server', 'health', 'limits'].map(
        (p) => `/admin/${p}`,
      ),
      anna,
      ...acts.filter(({ path }) => !path.includes(':part')).map(({ path }) => path.replace('/admin/people/:id', anna)),
      '/admin/people?done=disable',
      '/admin/people?q=nobody-like-this&state=disabled',
      '/admin/log?person=anna',
      '/admin/server?done=written',
      '/admin/invitations?done=sent',
      '/admin/view-as?role=admin&page=%2Fadmin%2Fpeople',
      '/admin/view-as?role=user&page=%2Fsettings%2Fsecurity',
    ]
    for (const path of paths) {
      const page = await browser.get(path, html)
      assert.ok([200, 404].includes(page.status), `${path} ${page.status}`)
      assertGerman(await page.text(), phrases, path)
    }
    for (const [path, form] of [
      [`${anna}/disable`, { reason: '' }],
      [`${anna}/disable`, { reason: 'x'.repeat(201) }],
      [`${anna}/disable`, { reason: 'a\nb' }],
      ['/admin/invitations', { email: 'anna@example.org', days: '7' }],
      ['/admin/invitations', { email: 'no address', days: '7' }],
      ['/admin/invitations', { email: '', days: '99' }],
      ['/admin/log/export', { person: 'nobody-like-this', format: 'csv' }],
      ['/admin/log/export', { from: 'yesterday', format: 'csv' }],
    ] as const) {
      const refused = await browser.send(path, { form, headers: html })
      assert.equal(refused.status === 409 ? 422 : refused.status, 422, path)
      assertGerman(await refused.text(), phrases, path)
    }
    for (const path of [`${anna}/disable`, '/admin/invitations']) {
      const form = path === '/admin/invitations' ? { email: '', days: '7' } : { reason: 'Darum' }
      const done = await browser.send(path, { form, headers: html })
      const next = done.headers.get('location')
      assertGerman(next === null ? await done.text() : await (await browser.get(next, html)).text(), phrases, path)
    }
  } finally {
    await world.close()
  }
})

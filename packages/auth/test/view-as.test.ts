import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { html as markup } from '@miachat/auth/views'
import { administrator } from './support/administrator.ts'
import type { Browser } from './support/browser.ts'
import { password } from './support/second-factor.ts'
import { count } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const html = { accept: 'text/html' }

describe('AD5: pages as somebody of another role sees them', () => {
  let world: TestAuth
  let chief: Browser
  before(async () => {
    world = await testAuth({
      previews: (person) => [
        {
          path: '/notes',
          label: 'Notes',
          view: () => ({
            title: 'Notes',
            body: markup`<h1>Notes of ${person.username}</h1><form method="post" action="/notes"><button>Add</button></form><a href="/notes/1">One</a>`,
          }),
        },
      ],
    })
    chief = (await administrator(world)).browser
    await signedUp(world, 'real-person', password)
  })
  after(() => world.close())

  const pageOf = async (path: string) => {
    const answer = await chief.get(path, html)
    assert.equal(answer.status, 200, path)
    return { text: await answer.text(), policy: answer.headers.get('content-security-policy') ?? '' }
  }
  const listed = async () =>
    [...(await pageOf('/admin/view-as')).text.matchAll(/href="(\/admin\/view-as\?[^"]+)"/g)].map(([, href]) =>
      `${href}`.replaceAll('&amp;', '&'),
    )

  test('ADM-01: nobody else looks; a role or page that is none is not there', async () => {
    const person = world.browser()
    await person.send('/auth/login', { json: { username: 'real-person', password } })
    assert.equal((await person.get('/admin/view-as?role=admin&page=/admin/people', html)).status, 403)
    assert.equal((await world.browser().get('/admin/view-as?role=user&page=/notes', html)).status, 303)
    for (const query of [
      'role=owner&page=/notes',
      'role=&page=/notes',
      'role=user',
      'role=user&page=/admin/people',
      'role=user&page=/settings/password',
      'role=user&page=https://evil.example/',
      'role=__proto__&page=/notes',
      'role=user&page=%00',
    ]) {
      assert.equal((await chief.get(`/admin/view-as?${query}`, html)).status, 404, query)
    }
    assert.equal((await chief.send('/admin/view-as', { form: { role: 'user', page: '/notes' } })).status, 405)
  })

  test('each page is drawn for somebody who is nobody, shows nobody’s data, and nothing of it goes anywhere', async () => {
    const rows = async () => [await count(world.auth, 'audit_events'), await count(world.auth, 'sessions')]
    const before = await rows()
    const addresses = await listed()
    assert.equal(addresses.length, 6 + 8)
    for (const address of addresses) {
      const { text, policy } = await pageOf(address)
      assert.match(text, /made-up data\. Nothing here can be pressed\./, address)
      assert.doesNotMatch(text, /real-person|chief/, address)
      assert.doesNotMatch(text, /<script|<form[^>]* action=|<(button|input|select|textarea)(?! disabled)/, address)
      const nonce = /nonce-([^']+)'/.exec(policy)?.[1] ?? assert.fail('no policy')
      assert.ok(!text.includes(nonce))
      for (const [, href = ''] of text.matchAll(/<a\b[^>]* href="([^"]*)"/g)) {
        assert.ok(/^#|^\/admin\/view-as(\?|$)/.test(href), `${address} leads to ${href}`)
        if (href.startsWith('/')) assert.equal((await chief.get(href.replaceAll('&amp;', '&'), html)).status, 200, href)
      }
    }
    assert.deepEqual(await rows(), before)
  })

  test('a host’s own pages are among them; each role sees its own', async () => {
    const addresses = await listed()
    const of = (role: string) => addresses.filter((address) => address.includes(`role=${role}`))
    assert.ok(of('user').some((address) => address.endsWith('page=%2Fnotes')))
    assert.ok(!of('user').some((address) => address.includes('%2Fadmin')))
    assert.ok(of('admin').some((address) => address.endsWith('page=%2Fadmin%2Fpeople')))
    const { text } = await pageOf(of('user').find((address) => address.endsWith('notes')) ?? '')
    assert.match(text, /Notes of sample/)
    assert.match(text, /<a>One<\/a>/)
    assert.doesNotMatch(text, /Administration/)
    const asAdmin = await pageOf(of('admin').find((address) => address.endsWith('notes')) ?? '')
    assert.match(asAdmin.text, /Administration/)
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { route } from './route.ts'
import { createRouteTable } from './route-table.ts'

const row = (method: 'GET' | 'POST', path: string) =>
  route({ method, path, summary: path, handle: () => new Response() })
const table = [
  row('GET', '/settings'),
  row('POST', '/settings'),
  row('POST', '/settings/sessions/:id/end'),
  row('POST', '/settings/sessions/end-others'),
  row('GET', '/chat/:id'),
]
const lookup = createRouteTable(table)

describe('finding a row', () => {
  test('SES-12: a row is closed unless it says otherwise', () => {
    for (const { access } of table) assert.equal(access, 'session')
  })

  for (const path of [
    '',
    '*',
    '/',
    '//settings',
    '/settings/',
    '/SETTINGS',
    '/%73ettings',
    '/settings;x',
    '/./settings',
    '/settings/.',
    '/settings%20',
    '/settings%00',
    '/settings\\',
    '/chat/',
    '/chat/a/b',
    '/chat/a%2fb',
    '/chat/%2e%2e',
    '/__proto__',
    '/constructor',
    '/settings/sessions//end',
  ]) {
    test(`SES-12: ${JSON.stringify(path)} is nothing`, () => assert.equal(lookup('GET', path), null))
  }

  test('ERR-01: another method is told which there are', () => {
    assert.deepEqual(lookup('DELETE', '/settings'), { kind: 'methods', allow: 'GET, HEAD, POST' })
    assert.deepEqual(lookup('GET', '/settings/sessions/end-others'), { kind: 'methods', allow: 'POST' })
    assert.deepEqual(lookup('get', '/settings'), { kind: 'methods', allow: 'GET, HEAD, POST' })
  })

  test('an exact row comes before one with parameters; HEAD is GET', () => {
    const exact = lookup('POST', '/settings/sessions/end-others')
    assert.ok(exact?.kind === 'found' && exact.match.route === table[3])
    const pattern = lookup('POST', '/settings/sessions/__proto__/end')
    assert.ok(pattern?.kind === 'found' && pattern.match.route === table[2])
    assert.equal(pattern.match.params['id'], '__proto__')
    const head = lookup('HEAD', '/chat/7')
    assert.ok(head?.kind === 'found' && head.match.params['id'] === '7')
  })

  test('a row that is there twice is a mistake of ours', () => {
    assert.throws(() => createRouteTable([row('GET', '/a'), row('GET', '/a')]), /twice/)
    assert.throws(() => createRouteTable([row('GET', '/a/:x'), row('GET', '/a/:x')]), /twice/)
  })
})

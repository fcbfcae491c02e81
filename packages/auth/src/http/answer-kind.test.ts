import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { wantsJson } from './answer-kind.ts'

const CHROME = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8'

describe('SES-12: who is a program', () => {
  const rows: readonly (readonly [string, string | null, boolean])[] = [
    ['/chat', null, false],
    ['/chat', '', false],
    ['/chat', '*/*', false],
    ['/chat', CHROME, false],
    ['/chat', 'text/html', false],
    ['/chat', 'application/json, text/html', false],
    ['/chat', 'application/json;q=0.5, text/html', false],
    ['/chat', 'application/json;q=0', false],
    ['/chat', 'application/json;q=x', false],
    ['/chat', 'application/*;q=0.5, text/*', false],
    ['/chat', 'image/png', false],
    ['/apiary', '*/*', false],
    ['/chat', 'application/json', true],
    ['/chat', 'text/event-stream', true],
    ['/chat', 'APPLICATION/JSON', true],
    ['/chat', 'application/json, */*;q=0.1', true],
    ['/chat', 'text/html;q=0.2, application/json;q=0.3', true],
    ['/chat', 'application/*', true],
    ['/api/characters', CHROME, true],
    ['/auth/api/me', CHROME, true],
    ['/auth/api/', null, true],
  ]
  for (const [path, accept, json] of rows) {
    test(`${path} with Accept ${accept} is ${json ? 'a program' : 'a browser'}`, () => {
      assert.equal(wantsJson(path, new Headers(accept === null ? {} : { accept })), json)
    })
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { whereLine, whereToGo } from './start-notes.ts'

test('the start says one address where people open what it listens at, and both where a proxy stands between', () => {
  const line = (baseUrl: string, host: string, port = 8080) => whereLine(whereToGo({ baseUrl, host, port }))
  const local = 'http://localhost:8080'
  for (const host of ['127.0.0.1', 'localhost', '::1']) assert.equal(line(local, host), `MiaChat listens at ${local}`)
  assert.equal(line('http://192.0.2.7', '192.0.2.7', 80), 'MiaChat listens at http://192.0.2.7')
  const behind = 'https://chat.example.org'
  assert.equal(line(behind, '127.0.0.1'), `People open ${behind}; MiaChat listens at 127.0.0.1:8080`)
  assert.equal(line(behind, '::'), `People open ${behind}; MiaChat listens at [::]:8080`)
  assert.equal(line(local, '127.0.0.1', 3000), `People open ${local}; MiaChat listens at 127.0.0.1:3000`)
  assert.equal(
    line('https://localhost:8080', '127.0.0.1'),
    `People open https://localhost:8080; MiaChat listens at 127.0.0.1:8080`,
  )
  assert.equal(line(local, '0.0.0.0'), `People open ${local}; MiaChat listens at 0.0.0.0:8080`)
})

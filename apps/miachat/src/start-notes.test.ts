import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from './config.ts'
import { noteLines, startNotes, whereLine, whereToGo } from './start-notes.ts'

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

test('ADM-01: the start says how a server gets its first administrator, once it has been asked for', () => {
  const secrets = { keys: [], file: '/d/k', made: false, warnings: [] }
  const config = readConfig({ DATA_DIR: '/d' }, null, '/x')
  const address = 'http://localhost:8080/auth/first-administrator?token=x'
  assert.ok(noteLines(startNotes(config, secrets, address)).includes(`\n    ${address}\n`))
  assert.doesNotMatch(noteLines(startNotes(config, secrets, null)), /administer/)
})

test('the start says where letters go, and never with which password', () => {
  const said = (MAIL_URL: string) =>
    noteLines(
      startNotes(
        readConfig({ DATA_DIR: '/d', MAIL_URL }, null, '/x'),
        {
          keys: [],
          file: '/d/k',
          made: false,
          warnings: [],
        },
        null,
      ),
    )
  assert.match(said(''), /^ {2}mail: into \/d\/outbox, shown at http:\/\/localhost:8080\/outbox$/m)
  const smtp = said('smtp://ada:hush@mail.example')
  assert.match(smtp, /^ {2}mail: by mail\.example, port 587$/m)
  assert.ok(!smtp.includes('hush'))
  assert.doesNotMatch(said('none'), /mail/)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from '../config.ts'
import { parseMailUrl } from './mail-way.ts'

const serverOf = (text: string) => {
  const url = parseMailUrl(text)
  assert.ok(url?.kind === 'smtp', text)
  return url.server
}

test('MAIL_URL: another machine is spoken to over an encrypted connection unless it is said otherwise', () => {
  assert.deepEqual(serverOf('smtp://mail.example'), { host: 'mail.example', port: 587, tls: 'started', login: null })
  assert.deepEqual(serverOf('smtps://mail.example/'), { host: 'mail.example', port: 465, tls: 'always', login: null })
  assert.equal(serverOf('smtp://mail:25?tls=none').tls, 'none')
  for (const here of ['localhost', '127.0.0.1', '[::1]']) assert.equal(serverOf(`smtp://${here}:2525`).tls, 'none')
  assert.equal(serverOf('smtp://[::1]').host, '::1')
  assert.equal(serverOf('smtp://localhost.example.org').tls, 'started')
})

test('MAIL_URL: user and password are percent-encoded', () => {
  const login = { user: 'chat@mail.example', password: 'p@ss/w:ord' }
  assert.deepEqual(serverOf('smtp://chat%40mail.example:p%40ss%2Fw%3Aord@mail.example').login, login)
})

test('MAIL_URL: what is none of the forms is refused, and never shown', () => {
  for (const bad of [
    'smtp:mail.example',
    'smtp://',
    'http://mail.example',
    'smtp://mail.example/path',
    'smtp://mail.example?tls=maybe',
    'smtp://mail.example#x',
    'smtps://mail.example?tls=none',
    'smtp://user@mail.example',
    'smtp://:hush@mail.example',
    'smtp://user:hu%ZZsh@mail.example',
    'smtp://user:hush@ma il',
    'smtp://mail.example:99999',
    'outbox:',
    'outbox/x',
    'NONE',
  ]) {
    assert.equal(parseMailUrl(bad), null, bad)
    assert.throws(
      () => readConfig({ MAIL_URL: bad }, null, '/x'),
      (error: Error) => error.message.startsWith('MAIL_URL must be smtp://') && !error.message.includes('hush'),
    )
  }
})

const mailOf = (variables: Record<string, string>) => readConfig({ DATA_DIR: '/d', ...variables }, null, '/x')

test('F3: letters go into a folder only while developing where nobody else reaches the server', () => {
  assert.deepEqual(mailOf({}).mail, { kind: 'outbox', folder: '/d/outbox', from: 'MiaChat <miachat@localhost>' })
  for (const variables of [
    { HOST: '0.0.0.0' },
    { BASE_URL: 'https://chat.example' },
    { NODE_ENV: 'production', SECRET_KEY: 'k'.repeat(40) },
    { MAIL_URL: 'none' },
  ]) {
    assert.deepEqual(mailOf(variables).mail, { kind: 'none' })
  }
  const chosen = mailOf({ MAIL_URL: 'outbox:letters', BASE_URL: 'https://chat.example' })
  assert.deepEqual(chosen.mail, { kind: 'outbox', folder: '/x/letters', from: 'MiaChat <miachat@chat.example>' })
  assert.match(chosen.warnings.join(), /MAIL_URL is outbox: nobody gets a letter/)
})

test('MAIL_FROM: one setting is enough where the user of the mail server is an address', () => {
  const fromOf = (variables: Record<string, string>) => {
    const { mail, warnings } = mailOf({ MAIL_URL: 'smtp://mail.example', ...variables })
    assert.ok(mail.kind === 'smtp')
    return { from: mail.from, warns: warnings.some((line) => line.startsWith('Letters come from')) }
  }
  const site = { BASE_URL: 'https://chat.example' }
  assert.deepEqual(fromOf(site), { from: 'MiaChat <miachat@chat.example>', warns: false })
  const login = { ...site, MAIL_URL: 'smtp://tea%40house.example:x@mail.example' }
  assert.deepEqual(fromOf(login), { from: 'MiaChat <tea@house.example>', warns: false })
  assert.equal(fromOf({ ...site, SITE_NAME: 'Tea, "House" <b@c>' }).from, 'Tea House b c <miachat@chat.example>')
  assert.equal(fromOf({ ...site, SITE_NAME: '<>' }).from, 'miachat@chat.example')
  assert.deepEqual(fromOf({}), { from: 'MiaChat <miachat@localhost>', warns: true })
  assert.equal(fromOf({ BASE_URL: 'https://192.0.2.1' }).warns, true)
  assert.equal(fromOf({ MAIL_FROM: 'a@b.example' }).from, 'a@b.example')
  assert.throws(() => mailOf({ MAIL_FROM: 'a@b.example, c@d.example' }), /MAIL_FROM must be an address/)
})

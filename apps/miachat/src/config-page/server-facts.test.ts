import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from '../config.ts'
import { english } from '../words/words.ts'
import { serverFacts } from './server-facts.ts'

const { config: say } = english
const versions = { product: '0.1.0', node: '24.21.0', database: 'SQLite 3.53.4' }
const textOf = (variables: Record<string, string>, keyFile: string | null) =>
  JSON.stringify(serverFacts(readConfig(variables, null, '/somewhere'), keyFile, versions, say))

const secretly = {
  DATABASE_URL: 'postgres://mia:hush@db.internal:5432/chats',
  SECRET_KEY: 'hush-hush-this-is-the-key-of-the-server',
  METRICS_TOKEN: 'hush-hush-hush-hush',
  PROVIDERS: '[{"kind":"github","clientId":"chat","clientSecret":"hush-hush"}]',
}

test('ADM-03: a public server tells no path, host or version of what lies below it', () => {
  const variables = { BASE_URL: 'https://chat.example.org', DATA_DIR: '/srv/secret-place' }
  for (const text of [
    textOf({ ...variables, ...secretly }, null),
    textOf(variables, '/srv/secret-place/secret-key'),
    textOf({ ...variables, BASE_URL: 'http://mia.home', ALLOW_HTTP: '1' }, '/srv/secret-place/secret-key'),
  ]) {
    for (const told of ['/srv', 'secret-place', 'hush', 'internal', '5432', '24.21', '3.53']) {
      assert.ok(!text.includes(told), `${told} in ${text}`)
    }
  }
})

test('AUD-02: no secret is shown on this machine either', () => {
  const text = textOf(secretly, null)
  assert.ok(!text.includes('hush'))
  assert.ok(text.includes('PostgreSQL at db.internal:5432/chats'))
})

test('On this machine the page says where everything lies', () => {
  const text = textOf({ DATA_DIR: '/home/me/data' }, '/home/me/data/secret-key')
  for (const told of ['/home/me/data/miachat.db', '/home/me/data/secret-key', '24.21.0']) {
    assert.ok(text.includes(told), told)
  }
})

test('CF8: a value that a variable has fixed names that variable and no other', () => {
  const facts = serverFacts(readConfig({ SESSION_IDLE_MINUTES: '5' }, null, '/'), null, versions, say).flatMap(
    (group) => group.facts,
  )
  const session = facts.find((fact) => fact.label === 'A session ends')
  assert.deepEqual([session?.fixed, session?.settings], [true, ['SESSION_IDLE_MINUTES']])
  assert.match(session?.value ?? '', /After 5 minutes without use, and after 1 day/)
  assert.equal(facts.find((fact) => fact.label === 'Processes')?.fixed, false)
})

test('P5: the page says where the address makes passkeys impossible', () => {
  const passkeys = (variables: Record<string, string>) =>
    serverFacts(readConfig(variables, null, '/'), null, versions, say)
      .flatMap((group) => group.facts)
      .find((fact) => fact.label === 'Passkeys')?.value
  assert.equal(passkeys({ BASE_URL: 'https://chat.example.org' }), 'For the name chat.example.org')
  assert.equal(passkeys({}), 'For the name localhost')
  assert.match(passkeys({ BASE_URL: 'https://192.168.1.5' }) ?? '', /IP address/)
  assert.match(passkeys({ BASE_URL: 'http://mia.home', ALLOW_HTTP: '1' }) ?? '', /without https/)
})

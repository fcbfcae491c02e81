import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { importsOf } from './support/source-text.ts'

const isTest = (path: string): boolean => path.endsWith('.test.ts')
const sources = globSync('{packages,apps}/*/src/**/*.ts')
  .filter((path) => !isTest(path))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }))
const where = (pattern: RegExp): string[] => sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path)

test('STO-04: texts of queries are never put together from values', () => {
  assert.ok(sources.length > 100, 'the sources were found')
  // Migrations are constant texts with the words of the two dialects.
  assert.deepEqual(
    where(/\bsql\.raw\(/).filter((path) => !/db\/migrate\.ts$/.test(path)),
    [],
  )
  // Words of our own only: names of our own tables and columns, and the word before COMMIT.
  const ownWords = ['copy-store.ts', 'python-file-store.ts', 'transaction-queue.ts']
  assert.deepEqual(
    where(/\.(prepare|exec)\(\s*`[^`]*\$\{/).filter((path) => !ownWords.some((name) => path.endsWith(`/${name}`))),
    [],
  )
})

test('DEP-03: cryptography comes from Node, jose and bcrypt; chance for secrets never from Math.random', () => {
  const packages = sources
    .flatMap((source) => importsOf(source))
    .filter(({ specifier, target }) => target === undefined && !/^[.#/]/.test(specifier))
    .map(({ specifier }) =>
      specifier.startsWith('node:')
        ? 'node'
        : specifier
            .split('/')
            .slice(0, specifier.startsWith('@') ? 2 : 1)
            .join('/'),
    )
  assert.ok(packages.length > 100)
  const known = [
    'node',
    '@miachat/auth',
    '@hono/node-server',
    // What authenticators of passkeys say (WebAuthn).
    '@simplewebauthn/server',
    'bcrypt',
    'bowser',
    'hono',
    // Pictures that people upload: their size by their head, then drawn anew.
    'image-size',
    '@napi-rs/image',
    'jose',
    'kysely',
    // The codes of authenticators (RFC 6238, with its vectors among our tests), and drawing QR codes.
    'otpauth',
    'uqr',
    // Archives of what people have here: Node has no ZIP writer.
    'fflate',
    // Files of places, where an operator has set one: reads the format of MaxMind DB, imported at the first look.
    'mmdb-lib',
    // Letters by SMTP; its TLS is Node's.
    'nodemailer',
    // OpenID Connect and OAuth 2.0; what it takes and refuses is among our tests.
    'openid-client',
    'pg',
    'prom-client',
    'zod',
  ]
  assert.deepEqual(
    [...new Set(packages)].filter((name) => !known.includes(name)),
    [],
  )
  // The pause between two looks at a limit may be any.
  assert.deepEqual(
    where(/Math\.random/).filter((path) => !/limits\/limits\.ts$/.test(path)),
    [],
  )
})

test('RFR-07: no script of a page keeps a token, and none reads the session', () => {
  const scripts = globSync('{packages,apps}/*/src/**/public/*.js')
  assert.ok(scripts.length > 2, 'the scripts were found')
  for (const path of scripts) {
    assert.doesNotMatch(readFileSync(path, 'utf8'), /access_token|refresh_token|document\.cookie|\bBearer\b/, path)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type House, houseRules } from './support/house-rules.ts'
import { codeOnly, importsOf } from './support/source-text.ts'

const auth = 'packages/auth/src'
const app = 'apps/miachat/src'

/** A made-up house of the files given. */
function house(files: Record<string, string>): House {
  return {
    files: Object.entries(files).map(([path, text]) => ({ path, text })),
    map: 'lib/  db/  audit/ users/ sessions/ sign-in/ http/ frameworks/',
    packages: {
      'packages/auth': { dependencies: ['kysely', 'zod'], doors: ['.', './hono'], doorFiles: ['src/index.ts'] },
      'apps/miachat': { dependencies: ['@miachat/auth', 'kysely'], doors: [], doorFiles: [] },
    },
    testPackages: ['fast-check', 'zod'],
  }
}

const from = (specifier: string) => `import { x } from '${specifier}'`

type Case = { offends: Record<string, string>[]; holds: Record<string, string>[] }

const cases: Record<string, Case> = {
  'a room imports only rooms below it': {
    offends: [
      { [`${auth}/users/user.ts`]: from('../sign-in/finish.ts') },
      { [`${auth}/users/user.ts`]: from('../http/site.ts') },
      { [`${auth}/users/user.ts`]: `import type { Site } from '../http/site.ts'` },
      { [`${auth}/lib/clock.ts`]: from('../users/user.ts') },
      { [`${auth}/lib/clock.ts`]: `export * from '../db/tables.ts'` },
      { [`${auth}/db/open-database.ts`]: `const { x } = await import('../sessions/sessions.ts')` },
      { [`${auth}/sign-in/finish.ts`]: from('../http/site.ts') },
      { [`${auth}/http/site.ts`]: from('../frameworks/hono.ts') },
      { [`${auth}/http/pages/login.ts`]: from('../../create-auth.ts') },
      { [`${auth}/create-auth.ts`]: from('./frameworks/hono.ts') },
    ],
    holds: [
      { [`${auth}/users/user.ts`]: `${from('../db/tables.ts')}\n${from('../sessions/sessions.ts')}` },
      { [`${auth}/sign-in/finish.ts`]: from('../users/user.ts') },
      { [`${auth}/http/pages/login.ts`]: from('../../sign-in/finish.ts') },
      { [`${auth}/frameworks/hono.ts`]: from('../index.ts') },
      { [`${auth}/index.ts`]: from('./http/site.ts') },
      { [`${auth}/users/user.test.ts`]: from('../sign-in/finish.ts') },
      { [`${auth}/users/user.ts`]: `// import { x } from '../http/site.ts'` },
    ],
  },
  'every room is drawn in ARCHITECTURE.md': {
    offends: [{ [`${auth}/cellar/barrel.ts`]: '' }],
    holds: [{ [`${auth}/users/user.ts`]: '', [`${auth}/index.ts`]: '' }],
  },
  'a workspace is entered by its doors, and the library never imports the app': {
    offends: [
      { [`${app}/main.ts`]: from('@miachat/auth/src/sessions/sessions.ts') },
      { [`${app}/main.ts`]: from('@miachat/auth/express') },
      { [`${app}/main.ts`]: from('../../../packages/auth/src/index.ts') },
      { [`${auth}/users/user.ts`]: from('../../../../apps/miachat/src/config.ts') },
      { [`${auth}/users/user.ts`]: from('miachat') },
      { [`${auth}/users/user.ts`]: from('@miachat/auth') },
      { [`${auth}/users/user.ts`]: from('../../../../tests/support/postgres.ts') },
    ],
    holds: [
      { [`${app}/main.ts`]: from('@miachat/auth') },
      { [`${app}/main.ts`]: from('@miachat/auth/hono') },
      { [`${auth}/users/user.test.ts`]: from('../../../../tests/support/postgres.ts') },
    ],
  },
  'a package that is imported is named in the package.json of the workspace': {
    offends: [
      { [`${auth}/users/user.ts`]: from('lodash') },
      { [`${auth}/users/user.ts`]: from('fast-check') },
      { [`${auth}/users/user.ts`]: `await import('@scope/name/part')` },
      { [`${app}/main.ts`]: from('zod') },
    ],
    holds: [
      { [`${auth}/users/user.ts`]: from('zod/mini') },
      { [`${auth}/users/user.ts`]: from('node:path') },
      { [`${auth}/users/user.ts`]: `import type { X } from 'express'` },
      { [`${auth}/users/user.test.ts`]: from('fast-check') },
    ],
  },
  'no import cycles': {
    offends: [
      { [`${auth}/users/a.ts`]: from('./b.ts'), [`${auth}/users/b.ts`]: from('./a.ts') },
      {
        [`${auth}/users/a.ts`]: from('./b.ts'),
        [`${auth}/users/b.ts`]: `export { x } from '../sessions/c.ts'`,
        [`${auth}/sessions/c.ts`]: `import '../users/b.ts'`,
      },
      { [`${auth}/users/a.ts`]: from('./a.ts') },
    ],
    holds: [
      { [`${auth}/users/a.ts`]: from('./b.ts'), [`${auth}/users/b.ts`]: `import type { X } from './a.ts'` },
      { [`${auth}/users/a.ts`]: from('./b.ts'), [`${auth}/users/b.ts`]: `await import('./a.ts')` },
      {
        [`${auth}/users/a.ts`]: `${from('./b.ts')}\n${from('./c.ts')}`,
        [`${auth}/users/b.ts`]: from('./c.ts'),
        [`${auth}/users/c.ts`]: '',
      },
    ],
  },
  'SQL stands in stores, migrations and db/': {
    offends: [
      { [`${auth}/users/user.ts`]: `import { sql } from 'kysely'` },
      { [`${auth}/users/user.ts`]: `import { DatabaseSync } from 'node:sqlite'` },
      { [`${app}/cli/backup.ts`]: `import pg from 'pg'` },
      { [`${auth}/users/user.ts`]: 'await sql`DELETE FROM users`' },
      { [`${auth}/users/user.ts`]: 'await sql<{ id: number }>`SELECT 1`' },
      { [`${auth}/users/user.ts`]: `db.selectFrom('users')` },
      { [`${auth}/users/user.ts`]: `db\n  .deleteFrom('users')` },
      { [`${app}/main.ts`]: `connection.prepare('SELECT 1')` },
    ],
    holds: [
      { [`${auth}/users/user-store.ts`]: `import { sql } from 'kysely'\ndb.selectFrom('users')` },
      { [`${auth}/db/open-database.ts`]: `connection.prepare('SELECT 1')` },
      { [`${app}/characters/character-migrations.ts`]: `import { sql } from 'kysely'` },
      { [`${auth}/users/user.ts`]: `import type { Kysely } from 'kysely'\n// sql\`SELECT 1\`` },
    ],
  },
  'the environment is read in one file': {
    offends: [
      { [`${auth}/users/user.ts`]: `const port = process.env['PORT']` },
      { [`${app}/cli/serve.ts`]: `process.env.PORT` },
      { [`${app}/main.ts`]: `process['env']` },
      { [`${app}/main.ts`]: `const { argv, env } = process` },
      { [`${app}/main.ts`]: `import { argv, env } from 'node:process'` },
      { [`${app}/main.ts`]: 'const where = `port \u0024{process.env.PORT}`' },
    ],
    holds: [
      { [`${app}/config.ts`]: `process.env['PORT']` },
      {
        [`${app}/cli/serve.ts`]: `process.argv.slice(2)\n// process.env is read elsewhere\nconst hint = 'process.env'`,
      },
      { [`${app}/config.test.ts`]: `process.env['PORT'] = '1'` },
    ],
  },
  'no inner room sees a request': {
    offends: [
      { [`${auth}/sessions/sessions.ts`]: `export function check(request: Request) {}` },
      { [`${auth}/sign-in/finish.ts`]: `return new Response('hello')` },
      { [`${auth}/audit/audit.ts`]: `import type { Context } from 'hono'` },
      { [`${auth}/lib/log.ts`]: `import http from 'node:http'` },
    ],
    holds: [
      { [`${auth}/http/site.ts`]: `export function answer(request: Request): Response {}` },
      { [`${auth}/sessions/sessions.ts`]: `type SessionRequest = { id: string }\n// A Request never comes here` },
    ],
  },
  'what a start does without is loaded later': {
    offends: [
      { [`${auth}/users/user-store.ts`]: `import { type Kysely, sql } from 'kysely'` },
      { [`${auth}/tokens/access-token.ts`]: `import 'jose'` },
    ],
    holds: [
      { [`${auth}/users/user-store.ts`]: `import type { Kysely } from 'kysely'` },
      { [`${auth}/users/user-store.ts`]: `const { sql } = await import('kysely')` },
      { [`${app}/cli/copy-store.ts`]: from('kysely') },
      { [`${auth}/users/user-store.test.ts`]: from('kysely') },
    ],
  },
  'sessions start in one place': {
    offends: [
      { [`${auth}/sign-in/register.ts`]: `await sessions.start(trx, { userId })` },
      { [`${auth}/http/pages/login.ts`]: `await deps.sessions?.start(trx, { userId })` },
      { [`${auth}/sign-in/token-sign-in.ts`]: `await tokens.startFamily(trx, { userId })` },
      { [`${app}/main.ts`]: `const { start } = sessions` },
      { [`${auth}/users/user.ts`]: from('../sessions/session-store.ts') },
      { [`${auth}/sign-in/finish.ts`]: `${from('../tokens/token-store.ts')}\nsessions.start(trx)` },
      { [`${auth}/sign-in/finish.ts`]: `await sessions.begin(trx)` },
    ],
    holds: [
      { [`${auth}/sign-in/finish.ts`]: `await sessions.start(trx, { userId })\nawait tokens.startFamily(trx)` },
      { [`${auth}/sessions/sessions.ts`]: `${from('./session-store.ts')}\nreturn { async start(trx) {} }` },
      { [`${auth}/sessions/sessions.test.ts`]: `await sessions.start(trx, { userId })` },
      { [`${app}/main.ts`]: `server.start()` },
    ],
  },
  'no file is longer than 400 lines but lists': {
    offends: [{ [`${auth}/users/user.ts`]: 'x\n'.repeat(401) }],
    holds: [{ [`${auth}/users/user.ts`]: 'x\n'.repeat(400), [`${auth}/users/user.test.ts`]: '' }],
  },
  'the compiler is never silenced': {
    offends: [
      { [`${auth}/users/user.ts`]: 'const x: any = 1' },
      { [`${auth}/users/user.ts`]: 'call(x as any)' },
      { [`${auth}/users/user.ts`]: 'type X = Map<string, any>' },
      { [`${auth}/users/user.ts`]: '// @ts-ignore\nx()' },
      { [`${auth}/users/user.ts`]: '/* @ts-expect-error */ x()' },
      { [`${auth}/users/user.test.ts`]: '// @ts-nocheck' },
    ],
    holds: [
      { [`${auth}/users/user.ts`]: `// as any reader sees: any of them\nconst word: string = ': any'\nz.any()` },
      { [`${auth}/users/user.test.ts`]: '// @ts-expect-error a secret is no string\nshow(secret)' },
    ],
  },
  'the name of a file stands alone': {
    offends: [{ [`${auth}/users/index.ts`]: '' }, { [`${app}/utils.ts`]: '' }, { [`${auth}/users/types.ts`]: '' }],
    holds: [{ [`${auth}/index.ts`]: '', [`${auth}/users/account-types.ts`]: '' }],
  },
}

test('Every rule of the house has cases', () => assert.deepEqual(Object.keys(cases), Object.keys(houseRules)))

for (const [name, { offends, holds }] of Object.entries(cases)) {
  test(`The rule "${name}" sees every offence and nothing else`, () => {
    const rule = houseRules[name] ?? (() => [])
    for (const files of offends) {
      const offences = rule(house(files))
      assert.notEqual(offences.length, 0, `not seen: ${JSON.stringify(files)}`)
      assert.ok(
        offences.every((offence) => Object.keys(files).some((path) => offence.includes(path.replace(/\/[^/]*$/, '')))),
      )
    }
    for (const files of holds) assert.deepEqual(rule(house(files)), [])
  })
}

test('An offence names file, line and reason', () => {
  const [offence] =
    houseRules['a room imports only rooms below it']?.(
      house({ [`${auth}/users/user.ts`]: `\nimport {\n  x,\n} from '../http/site.ts'` }),
    ) ?? []
  assert.equal(offence, `${auth}/users/user.ts:4 imports ../http/site.ts: users must not know http`)
})

for (const [text, code] of [
  [`a // b 'c'\nd`, 'a         \nd'],
  ['a /* b\n"c */ d', 'a     \n      d'],
  [`'a\\'b' + "c//d"`, `'    ' + "    "`],
  ['`a \u0024{b + `c \u0024{{ d }.d} e`} f` + g', '`  \u0024{b + `  \u0024{{ d }.d}  `}  ` + g'],
  [`x = /['"\`/]/g.test(y) // z`, `x = /      /g.test(y)     `],
  [`x = a / b / c + 'd'`, `x = a / b / c + ' '`],
  ['return /a\\/b/', 'return /    /'],
] as const) {
  test(`Only code is left of ${JSON.stringify(text)}`, () => assert.equal(codeOnly(text), code))
}

test('Whatever a text holds, its lines and columns stay where they are', () => {
  const pieces = fc.constantFrom(
    '`',
    '${',
    '}',
    '{',
    '"',
    "'",
    '/',
    '//',
    '/*',
    '*/',
    '\\',
    '\n',
    'a',
    ' ',
    '[',
    ']',
    '=',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      const text = parts.join('')
      const code = codeOnly(text)
      assert.equal(code.length, text.length)
      for (const [at, character] of [...code].entries()) assert.ok(character === text[at] || character === ' ')
      assert.equal(code.split('\n').length, text.split('\n').length)
    }),
  )
})

test('Imports of every spelling are read', () => {
  const text = `#!/usr/bin/env node
import a, { type B } from './a.ts'
import type { C } from '../c.ts'; import * as d from "d"
export type { E } from './e.ts'
export * from './f.ts'
import './g.ts'
const h = await import('./h.ts')
import type from './i.ts'
const text = "import x from 'nowhere'"
import {
  j,
} from './j.ts'`
  const found = importsOf({ path: 'packages/x/src/room/file.ts', text })
  assert.deepEqual(
    found.map(({ specifier, line, typeOnly, dynamic }) => [line, specifier, typeOnly, dynamic]),
    [
      [2, './a.ts', false, false],
      [3, '../c.ts', true, false],
      [3, 'd', false, false],
      [4, './e.ts', true, false],
      [5, './f.ts', false, false],
      [6, './g.ts', false, false],
      [7, './h.ts', false, true],
      [8, './i.ts', false, false],
      [12, './j.ts', false, false],
    ],
  )
  assert.equal(found[1]?.target, 'packages/x/src/c.ts')
  assert.equal(found[2]?.target, undefined)
})

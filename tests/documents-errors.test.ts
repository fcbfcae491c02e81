import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { errorCodes, fieldCodes } from '../packages/auth/src/lib/errors.ts'

const page = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8')
const [, codes = '', ofFields = ''] = page.split(/^## Codes.*$/m)
const rows = (part: string) =>
  [...part.matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)].map(([, code, next]) => [code, next?.trim()])

test('docs/errors.md lists every error code with its status, and no other', () => {
  assert.deepEqual(
    rows(codes),
    Object.entries(errorCodes).map(([code, { status }]) => [code, String(status)]),
  )
})

test('docs/errors.md lists every code of a field with its meaning, and no other', () => {
  assert.deepEqual(rows(ofFields), Object.entries(fieldCodes))
})

test('every code of a field that the library writes stands in the table', () => {
  const known = new Set<string>([...Object.keys(fieldCodes), ...Object.keys(errorCodes)])
  const sources = globSync('packages/auth/src/**/*.ts', {
    exclude: (path) => path.endsWith('.test.ts') || path.includes('/words/'),
  })
  const written = sources.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/\bcode: '(\w+)'/g)].map(([, code]) => `${code} in ${path}`),
  )
  assert.ok(written.length > 5, 'the codes were found')
  assert.deepEqual(
    written.filter((entry) => !known.has(entry.split(' ')[0] ?? '')),
    [],
  )
})

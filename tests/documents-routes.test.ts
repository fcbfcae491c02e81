import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { createAuth } from '@miachat/auth'

test('http/routes.ts lists every address of the library, and no other', async () => {
  const auth = await createAuth({
    database: new DatabaseSync(':memory:'),
    secret: 's'.repeat(32),
    baseUrl: 'http://localhost',
  })
  const source = readFileSync(new URL('../packages/auth/src/http/routes.ts', import.meta.url), 'utf8')
  const listed = [...source.matchAll(/^ \* {5}(GET|POST) +(.*)$/gm)].flatMap(([, method, line = '']) =>
    [...line.matchAll(/(?<!\w)\/(?:auth|settings|admin)\S*/g)].map(([path]) => `${method} ${path}`),
  )
  const rows = auth.routes.filter(({ path }) => !path.startsWith('/auth/assets/'))
  assert.deepEqual(
    listed.filter((line) => !line.includes('/auth/assets/')).sort(),
    rows.map(({ method, path }) => `${method} ${path}`).sort(),
  )
  await auth.close()
})

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { createAuth } from '@miachat/auth'
import { repository } from './support/repository.ts'

const library = join(repository, 'packages/auth')
const pages = ['docs/embedding.md', 'packages/auth/README.md'].map((path) => ({
  path,
  text: readFileSync(join(repository, path), 'utf8'),
}))
const database = new DatabaseSync(':memory:')
const auth = await createAuth({ database, secret: 's'.repeat(32), baseUrl: 'http://localhost' })
after(() => auth.close())

/** Without indentation, which is another one inside of a program. */
const lines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .trim()

for (const { path, text } of pages) {
  test(`${path} shows only code that tests execute`, () => {
    const blocks = [...text.matchAll(/^```(\w*) ?(\S*)\n(.*?)^```$/gms)]
    const programs = blocks.filter(([, language]) => language !== 'sh')
    assert.ok(programs.length > 1)
    for (const [, , source = '', code = ''] of programs) {
      assert.ok(source !== '' && existsSync(join(library, source)), `from which file is this?\n${code}`)
      const whole = `\n${lines(readFileSync(join(library, source), 'utf8'))}\n`
      assert.ok(whole.includes(`\n${lines(code)}\n`), `${source} does not hold\n${code}`)
    }
  })

  test(`${path} names only functions that there are`, () => {
    const tables = [...text.matchAll(/^\| (`.*?) \|/gm)].map(([, cell = '']) => cell)
    const names = tables.flatMap((cell) => [...cell.matchAll(/`(\w+)/g)].map(([, name = '']) => name))
    assert.ok(names.length > 5)
    assert.deepEqual(
      names.filter((name) => !(name in auth)),
      [],
    )
  })
}

test('README.md shows the example as it is', () => {
  const readme = readFileSync(join(repository, 'README.md'), 'utf8')
  const shown = /^```ts (\S+)\n(.*?)^```$/ms.exec(readme)
  assert.equal(shown?.[2], readFileSync(join(library, shown?.[1] ?? ''), 'utf8'))
})

test('the examples of the guide are all of them', () => {
  const [guide] = pages
  for (const name of [
    'hono',
    'express',
    'fastify',
    'node',
    'guards',
    'own-sqlite',
    'own-postgres',
    'own-fields',
    'mail',
  ]) {
    assert.ok(guide?.text.includes(`examples/${name}.ts`), name)
  }
})

test('the README of the library lists its tables', () => {
  const made = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'").all()
  assert.ok(made.length > 8)
  for (const { name } of made) assert.ok(pages[1]?.text.includes(`\`${name}\``), String(name))
})

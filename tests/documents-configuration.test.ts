import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { settingNames, settings } from '../apps/miachat/src/settings-table.ts'

const page = readFileSync(new URL('../docs/configuration.md', import.meta.url), 'utf8')
const [ours = '', ofNode = ''] = page.split('## Of Node itself')
const rows = [...ours.matchAll(/^\| `([A-Z_]+)` \| (.+?) \| (.+) \|$/gm)].map(([, name = '', fallback, meaning]) => ({
  name,
  fallback,
  meaning,
}))

test('docs/configuration.md lists every setting once, and none that does not exist', () => {
  assert.deepEqual(rows.map(({ name }) => name).sort(), [...settingNames].sort())
})

for (const name of settingNames) {
  test(`docs/configuration.md says of ${name} what the program does`, () => {
    const { fallback, meaning, ...setting } = settings[name]
    const row = rows.find((one) => one.name === name)
    const without = 'without' in setting ? setting.without : `\`${fallback}\``
    assert.deepEqual([row?.fallback, row?.meaning], [without, meaning])
  })
}

test('Every variable that another guide names is a setting, or one of Node’s', () => {
  const known = new Set<string>([
    ...settingNames,
    ...[...ofNode.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name = '']) => name),
  ])
  for (const guide of ['operations', 'command-line', 'upgrading', 'migrating-from-python']) {
    const text = readFileSync(new URL(`../docs/${guide}.md`, import.meta.url), 'utf8')
    const named = [...text.matchAll(/\b([A-Z][A-Z_]{3,})=/g)].map(([, name = '']) => name)
    assert.deepEqual(
      named.filter((name) => !known.has(name)),
      [],
      guide,
    )
  }
})

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { MigrationSet } from '@miachat/auth'
import { migrationSets } from '../apps/miachat/src/database-start.ts'
import { changedMigrations, hashesOf } from './support/migration-hashes.ts'
import { releasedMigrations } from './support/released-migrations.ts'

const set = (...texts: string[]): MigrationSet => ({
  name: 'things',
  migrations: texts.map((text, n) => ({
    number: n + 1,
    name: `number ${n + 1}`,
    statements: (d) => [`CREATE TABLE ${text} (id ${d.countingKey})`, 'CREATE INDEX by_id ON things (id)'],
  })),
})

test('STO-02: a released migration is what it was when it was released', () => {
  assert.deepEqual(changedMigrations(migrationSets, releasedMigrations), [])
})

test('STO-02: whatever has been released is frozen', () => {
  const listed = new Set(releasedMigrations.map(({ migration }) => migration))
  assert.equal(listed.size, releasedMigrations.length, 'each is listed once')
  // A heading like "## 1.0.0 (2027-01-31)"; until there is one, nobody has a database that a change would miss.
  const isReleased = /^## \[?\d/m.test(readFileSync(new URL('../CHANGELOG.md', import.meta.url), 'utf8'))
  const first = hashesOf(migrationSets).filter(({ migration }) => / 1 /.test(migration))
  if (isReleased) for (const { migration } of first) assert.ok(listed.has(migration), `${migration} is not frozen`)
})

test('STO-02: the check sees a change of words, of order and of number, on either database', () => {
  const released = hashesOf([set('one', 'two')])
  assert.deepEqual(
    released.map(({ migration }) => migration),
    ['things 1 sqlite', 'things 1 postgres', 'things 2 sqlite', 'things 2 postgres'],
  )
  assert.equal(new Set(released.map(({ sha256 }) => sha256)).size, 4)
  assert.deepEqual(changedMigrations([set('one', 'two')], released), [])
  assert.deepEqual(changedMigrations([set('one', 'two', 'three')], released), [], 'the next one is no change')
  assert.deepEqual(changedMigrations([set('one', 'twoo')], released), ['things 2 sqlite', 'things 2 postgres'])
  assert.deepEqual(changedMigrations([set('two', 'one')], released).length, 4)
  assert.deepEqual(changedMigrations([set('one')], released), ['things 2 sqlite', 'things 2 postgres'])
  const swapped: MigrationSet = {
    name: 'things',
    migrations: set('one').migrations.map((m) => ({ ...m, statements: (d) => m.statements(d).toReversed() })),
  }
  assert.equal(changedMigrations([swapped], released).length, 4)
  const [first] = hashesOf(migrationSets)
  assert.ok(first)
  const wrong = { ...first, sha256: first.sha256.replace(/^./, (sign) => (sign === '0' ? '1' : '0')) }
  assert.deepEqual(changedMigrations(migrationSets, [first, wrong]), ['auth 1 sqlite'])
})

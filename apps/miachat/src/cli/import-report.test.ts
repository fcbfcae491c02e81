import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ImportDecision, PersonImported } from '@miachat/auth'
import { importReport } from './import-report.ts'

const person = (changes: Partial<PersonImported> & { decisions: readonly ImportDecision[] }): PersonImported => ({
  source: {
    sourceId: '7',
    username: ' odd\u202e ',
    email: null,
    passwordHash: '$2b$12$secret',
    createdAt: null,
    lastLogin: null,
    isActive: true,
  },
  outcome: 'imported',
  userId: 9,
  username: ' odd\u202e ',
  email: null,
  isActive: true,
  signsInWith: ['odd\u202e'],
  ...changes,
})

test('a row that needed a decision is told with its name as it stands, harmless for a terminal', () => {
  const lines = importReport([person({ decisions: ['name_has_blanks_around', 'address_missing'] })], 'old.db', false)
  assert.equal(lines[0], 'id 7, name " odd\\u202e ", address none')
  assert.equal(lines[2], '  There is no address; the account has none.')
  assert.equal(lines[3], '  Signs in with "odd\\u202e" and the old password.')
  assert.match(lines.join('\n'), /"old\.db" holds 1 person: 1 is taken over\. 1 row above needed a decision\./)
  assert.doesNotMatch(lines.join('\n'), /secret/)
})

test('who cannot sign in is told how to get in', () => {
  const words = (changes: Partial<PersonImported> & { decisions: readonly ImportDecision[] }) =>
    importReport([person(changes)], 'old.db', false).join('\n')
  assert.match(words({ decisions: ['hash_unknown'] }), /Gets in with a link .*: miachat user reset-link --id 9$/m)
  assert.match(words({ decisions: ['active_unknown'], isActive: false }), /disabled\. .*: miachat user enable --id 9$/m)
  assert.match(words({ decisions: ['id_taken'], userId: null }), /this one has a new one\.$/m)
})

test('ordinary rows and rows of an earlier import are counted, not told', () => {
  const rows = [person({ decisions: [] }), person({ decisions: [], outcome: 'before' })]
  assert.deepEqual(importReport(rows, 'old.db', true), [
    '"old.db" holds 2 people: 1 would be taken over, 1 was taken over before. Everybody keeps the old password.',
    'This was a dry run: nothing was changed.',
  ])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { days } from '@miachat/auth'
import { backupFinding, diskFinding, permissionFindings, workersCheck } from './machine-checks.ts'

test('a disk that is nearly full is told before it is full', () => {
  assert.deepEqual(
    [0, 49_000_000, 51_000_000, 499_000_000, 501_000_000].map((free) => diskFinding(free, '/d').level),
    ['problem', 'problem', 'warning', 'warning', 'ok'],
  )
})

test('SEC-01: a key file that others can read is a problem; a folder is a warning with the command', () => {
  const file = { isFolder: false, isKey: true, owner: 1, stats: { mode: 0o100644, uid: 1 } }
  const [key] = permissionFindings('/d/secret-key', file)
  assert.deepEqual([key?.level, key?.text.includes('chmod 600 /d/secret-key')], ['problem', true])
  const [folder] = permissionFindings('/d', { ...file, isFolder: true, isKey: false, stats: { mode: 0o40755, uid: 1 } })
  assert.deepEqual([folder?.level, folder?.text.includes('chmod 700 /d')], ['warning', true])
  assert.deepEqual(permissionFindings('/d', { ...file, stats: { mode: 0o100600, uid: 1 } }), [])
})

test('a file of another user is a problem: the server could not write it', () => {
  const [found] = permissionFindings('/d/miachat.db', {
    isFolder: false,
    isKey: false,
    owner: 1,
    stats: { mode: 0o100600, uid: 0 },
  })
  assert.equal(found?.level, 'problem')
})

test('backups that are missing or old are told, not on the first day', () => {
  const now = days(1000)
  const level = (newest: number | null, made: number) => backupFinding({ newest, made, now, folder: '/b' }).level
  assert.equal(level(null, now - days(2)), 'warning')
  assert.equal(level(null, now - days(0.5)), 'ok')
  assert.equal(level(now - days(8), 0), 'warning')
  assert.equal(level(now - days(6), 0), 'ok')
})

test('more workers than processors are told', () => {
  assert.deepEqual([workersCheck(3, 2).level, workersCheck(2, 2).level], ['warning', 'ok'])
})

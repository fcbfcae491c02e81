import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

/** What the README tells people to type: the lines of its shell blocks that begin with an installation. */
const typed = [...read('README.md').matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
  .flatMap(([, block = '']) => block.trim().split('\n'))
  .filter((line) => line.startsWith('npm ci'))

test('README.md has one line that runs MiaChat and one that tests it, and no other', () => {
  assert.deepEqual(typed, ['npm ci && npm start', 'npm ci && npm test'])
})

test('Continuous integration runs the very line with which README.md tests, and nothing else', () => {
  const commands = read('.ci/run')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  const last = commands.pop() ?? ''
  assert.equal(/^exec timeout [^']*bash -c '([^']*)'$/.exec(last)?.[1], typed[1])
  assert.equal(commands.length, 2)
  assert.match(commands.join('\n'), /^set -euo pipefail\ncd "[^"]*"[^"]*"[^"]*"$/)
})

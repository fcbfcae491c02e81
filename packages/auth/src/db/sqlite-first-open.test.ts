import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'

const rounds = 30

/** Opens one new file after the other, each at the very moment that its siblings do. */
const program = `
  const { openDatabase } = await import(${JSON.stringify(new URL('./open-database.ts', import.meta.url).href)})
  const [folder, start] = process.argv.slice(1)
  for (let round = 0; round < ${rounds}; round++) {
    while (Date.now() < Number(start) + round * 80) await new Promise((go) => setTimeout(go, Math.random() * 3))
    const database = await openDatabase('sqlite:' + folder + '/' + round + '.db')
    await new Promise((go) => setTimeout(go, 20))
    await database.close()
  }`

test('STO-02: programs that open one new file at once all get in: none is told that it is locked', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'first-open-'))
  const start = String(Date.now() + 1500)
  const programs = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', program, folder, start], {
      stdio: ['ignore', 'ignore', 'pipe'],
    }),
  )
  assert.deepEqual(await Promise.all(programs.map(({ stderr }) => text(stderr))), ['', '', '', ''])
  rmSync(folder, { recursive: true })
})

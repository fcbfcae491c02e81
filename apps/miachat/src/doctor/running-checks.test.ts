import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { HostText } from '@miachat/auth'
import { readConfig } from '../config.ts'
import { createRunningChecks } from './running-checks.ts'

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'miachat-running-'))
})
after(() => rmSync(folder, { recursive: true }))

const key = { id: 'a', firstUsedAt: Date.parse('2026-05-04'), neededUntil: null, seals: false }
const inEnglish = (text: HostText): string => (typeof text === 'string' ? text : text.en)
async function look(variables: Record<string, string>, warnings: readonly string[], known = [key]) {
  const lines = await createRunningChecks(
    readConfig({ DATA_DIR: folder, ...variables }, null, folder),
    { warnings },
    { list: async () => known },
  )()
  return lines.map(({ level, topic, text }) => ({ level, topic: inEnglish(topic), text: inEnglish(text) }))
}
const away = { BASE_URL: 'https://chat.example.org', HOST: '0.0.0.0', NODE_ENV: 'production' }

test('AD8: where others reach the server no path stands on the page, and a warning leads to the doctor', async () => {
  writeFileSync(join(folder, 'miachat.db'), '')
  mkdirSync(join(folder, 'backups'), { recursive: true })
  const lines = await look(away, [`The key file ${folder}/secret-key is weak.`])
  const text = JSON.stringify(lines)
  assert.ok(!text.includes(folder), text)
  const warned = lines.find(({ topic, level }) => topic === 'key' && level === 'warning')
  assert.match(warned?.text ?? '', /There is a warning\. "miachat doctor"/)
})

test('AD8: where only this machine reaches it the whole sentences stand there', async () => {
  const lines = await look({}, [`The key file ${folder}/secret-key is weak.`])
  assert.ok(lines.some(({ level, text }) => level === 'warning' && text.includes(`${folder}/secret-key is weak`)))
})

test('AD8: version, age of the key, disk, backups and processes are told', async () => {
  const lines = await look(away, [])
  const topics = lines.map(({ topic }) => topic)
  for (const topic of ['version', 'age of the key', 'disk', 'backups', 'workers'])
    assert.ok(topics.includes(topic), topic)
  assert.match(lines.find(({ topic }) => topic === 'version')?.text ?? '', /^MiaChat .* on Node \d+\./)
  assert.match(lines.find(({ topic }) => topic === 'age of the key')?.text ?? '', /In use since 2026-05-04/)
  const unknown = await look(away, [], [])
  assert.ok(!unknown.some(({ topic }) => topic === 'age of the key'), 'a key that nothing is known of is not told of')
})

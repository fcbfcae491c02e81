import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createJsonLog, createTerminalLog, oneLine } from './log.ts'

function jsonLog(level: 'debug' | 'info' | 'warn' | 'error' = 'debug') {
  const lines: string[] = []
  return { log: createJsonLog(level, (line) => lines.push(line)), lines }
}

/** Line ends, terminal commands and marks that turn text around, in places where a client can put them. */
const hostile = [
  'curl\r\n{"level":"info","event":"sign_in","result":"ok"}',
  '\u001b[2J\u001b]0;title\u0007',
  '\u009b31m',
  'a\u2028b\u2029c',
  '\u202egnp.exe',
  'tag\u{e0041}',
  '\u0000\u007f\ufeff',
]

test('AUD-03: nothing that a client sends starts a line or reaches the terminal', () => {
  const { log, lines } = jsonLog()
  for (const text of hostile) log('info', 'sign_in', { user_agent: text, detail: { path: text } })
  assert.equal(lines.length, hostile.length)
  for (const [index, line] of lines.entries()) {
    assert.match(line, /^[^\p{Cc}\p{Cf}\u2028\u2029]*\n$/u)
    // Encoded, not lost: whoever reads the JSON gets what came.
    assert.equal(JSON.parse(line).user_agent, hostile[index])
  }
})

test('AUD-03: any text in any field gives one line of JSON', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { log, lines } = jsonLog()
      log('warn', 'sign_in', { name: text })
      assert.equal(lines.length, 1)
      assert.match(lines[0] ?? '', /^[^\p{Cc}\p{Cf}\u2028\u2029]*\n$/u)
      assert.equal(JSON.parse(lines[0] ?? '').name, text)
    }),
  )
})

test('AUD-03: a terminal gets the same care', () => {
  const lines: string[] = []
  const log = createTerminalLog('info', (line) => lines.push(line))
  for (const text of hostile) log('warn', 'sign_in', { user_agent: text })
  assert.equal(lines.length, hostile.length)
  for (const line of lines) assert.match(line, /^[^\p{Cc}\p{Cf}\u2028\u2029]*\n$/u)
})

test('AUD-02: fields of secrets are crossed out, wherever somebody puts them', () => {
  const { log, lines } = jsonLog()
  const secrets = { password: 'hush', refresh_token: 'hush', token: 'hush', new_password: 'hush' }
  log('info', 'mistake', {
    ...secrets,
    detail: { ...secrets, cookie: 'hush', authorization: 'hush', deeper: [secrets] },
  })
  createTerminalLog('debug', (line) => lines.push(line))('info', 'mistake', { ...secrets, detail: secrets })
  assert.equal(lines.length, 2)
  assert.ok(!lines.join('').includes('hush'), lines.join(''))
})

test('AUD-01: a line has its time in UTC, its level, its event and its fields', () => {
  const { log, lines } = jsonLog()
  log('warn', 'sign_in', { result: 'failed', address: '192.0.2.1' })
  const { time, ...rest } = JSON.parse(lines[0] ?? '')
  assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  assert.deepEqual(rest, { level: 'warn', event: 'sign_in', result: 'failed', address: '192.0.2.1' })
})

test('AUD-01: no field passes for the level, the time or the event of its line', () => {
  const { log, lines } = jsonLog()
  log('warn', 'sign_in', { level: 'debug', time: 'never', event: 'sign_out' })
  const { level, time, event } = JSON.parse(lines[0] ?? '')
  assert.deepEqual([level, event], ['warn', 'sign_in'])
  assert.notEqual(time, 'never')
})

test('AUD-05: a field that JSON has no form for is written as text, or left out', () => {
  const { log, lines } = jsonLog()
  log('info', 'odd', { big: 2n ** 64n, nothing: undefined, password: undefined, act() {} })
  const { time, ...rest } = JSON.parse(lines[0] ?? '')
  assert.deepEqual(rest, { level: 'info', big: '18446744073709551616', event: 'odd' })
})

test('LOG_LEVEL leaves the less important lines out', () => {
  const { log, lines } = jsonLog('warn')
  log('debug', 'a')
  log('info', 'b')
  log('warn', 'c')
  log('error', 'd')
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).event),
    ['c', 'd'],
  )
})

test('AUD-05: a log that cannot be written, or a field that cannot be read, throws nothing', () => {
  const broken = createJsonLog('info', () => {
    throw new Error('ENOSPC')
  })
  broken('info', 'sign_in')
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  const { log } = jsonLog()
  log('info', 'odd', {
    circle,
    get trap() {
      throw new Error('no')
    },
  })
  const terminal = createTerminalLog('info', () => {})
  terminal('warn', 'odd', { big: 1n, circle })
})

test('Letters of every script stay readable', () => {
  assert.equal(oneLine('Zoë, ليلى, 美亚, 👋'), 'Zoë, ليلى, 美亚, 👋\n')
})

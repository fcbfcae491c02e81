import type { Log } from '@miachat/auth'
import { harmless } from './lib/harmless-text.ts'
import type { Write } from './log-writer.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/** Fields that hold secrets wherever somebody might put them by mistake (AUD-02). */
const secretFields: readonly string[] = [
  'password',
  'new_password',
  'current_password',
  'token',
  'access_token',
  'refresh_token',
  'secret',
  'cookie',
  'authorization',
]

/**
 * One JSON line an event, with the time in UTC (AUD-01). Nothing that a client sends can start a line of its own or reach
 * the terminal of whoever reads the log (AUD-03). A line that cannot be written is lost, and nothing else (AUD-05).
 */
export function createJsonLog(level: LogLevel, write: Write): Log {
  const shown = levels.slice(levels.indexOf(level))
  return (at, event, fields = {}) => {
    if (!shown.includes(at)) return
    try {
      const head = { level: at, time: new Date().toISOString() }
      // No field can pass for the level or the time of its line.
      write(oneLine(JSON.stringify({ ...head, ...fields, ...head, event }, readable)))
    } catch {
      // AUD-05: an odd value in a field must not stop what is being logged.
    }
  }
}

function readable(name: string, value: unknown): unknown {
  if (value !== undefined && secretFields.includes(name)) return '[secret]'
  return typeof value === 'bigint' ? String(value) : value
}

/**
 * For a person at a terminal: what needs a look, without braces; everything else only with LOG_LEVEL=debug. The audit
 * trail is in the database either way.
 */
export function createTerminalLog(level: LogLevel, write: Write): Log {
  const shown: readonly LogLevel[] = level === 'debug' ? ['debug', 'info', 'warn', 'error'] : ['warn', 'error']
  return (at, event, fields = {}) => {
    if (!shown.includes(at) || (level === 'error' && at === 'warn')) return
    try {
      const time = new Date().toTimeString().slice(0, 8)
      const details = Object.entries(fields)
        .filter(([name, value]) => value !== undefined && !secretFields.includes(name))
        .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value, readable)}`)
      write(oneLine([time, at, event, ...details].join(' ')))
    } catch {
      // AUD-05, as above.
    }
  }
}

/** One line in which nothing moves the cursor. */
export const oneLine = (text: string): string => `${harmless(text)}\n`

import { write, writeSync } from 'node:fs'

/** Takes a finished line. Never throws, never waits. */
export type Write = (line: string) => void

/** Characters that wait for a slow reader; beyond that lines are lost, since a log must not fill the memory. */
const MOST_WAITING = 1_000_000
const TRY_AGAIN_MS = 50

/**
 * Writes lines to a file descriptor without ever holding up a request: a full disk, a closed pipe or a reader that sleeps
 * loses lines, says how many as soon as it can, and stops nothing (AUD-05). `flush` is for the end of the process.
 */
export function createLogWriter(descriptor: number): { write: Write; flush: () => void } {
  let waiting = ''
  let running: Buffer | null = null
  let lost = 0

  function next(): void {
    if (running || waiting === '') return
    running = Buffer.from(waiting)
    waiting = ''
    attempt(0)
  }

  function attempt(from: number): void {
    if (!running) return
    write(descriptor, running, from, running.length - from, null, (error, written) => {
      if (!running) return
      if (error?.code === 'EAGAIN') {
        setTimeout(attempt, TRY_AGAIN_MS, from).unref()
        return
      }
      if (error) lost += countLines(running, from)
      else if (from + written < running.length) {
        attempt(from + written)
        return
      }
      running = null
      if (!error && lost > 0) waiting += lostLine()
      next()
    })
  }

  function lostLine(): string {
    const line = `${JSON.stringify({ level: 'warn', time: new Date().toISOString(), event: 'log_lines_lost', lines: lost })}\n`
    lost = 0
    return line
  }

  return {
    write(line) {
      if (waiting.length + line.length > MOST_WAITING) lost++
      else waiting += line
      next()
    },
    flush() {
      try {
        // What is being written at this moment may appear twice; the last words of a crash must not be missed.
        writeSync(descriptor, `${running?.toString() ?? ''}${waiting}`)
      } catch {
        // Nobody is left to tell.
      }
      running = null
      waiting = ''
    },
  }
}

function countLines(buffer: Buffer, from: number): number {
  let count = 0
  for (let at = buffer.indexOf(10, from); at !== -1; at = buffer.indexOf(10, at + 1)) count++
  return count
}

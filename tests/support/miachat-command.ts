import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { execPath } from 'node:process'
import { cleanEnvironment, miachatProgram } from './server-process.ts'

/** What a command answered. */
export type CommandResult = {
  code: number | null
  stdout: string
  stderr: string
}

export type CommandOptions = {
  dataDir: string
  /** Settings; the environment of the tests is not passed on. */
  env?: Record<string, string>
  /** What is piped into it; without it standard input is empty and no terminal. */
  input?: string
  cwd?: string
}

/** Runs `miachat …` as an operator does, in a process of its own, and waits for its end (a minute at most). */
export async function miachat(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const child = spawn(execPath, ['--conditions=miachat-source', miachatProgram, ...args], {
    cwd: options.cwd ?? dirname(options.dataDir),
    env: cleanEnvironment(options.dataDir, { MIACHAT_ENV_FILE: '', ...options.env }),
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 60_000,
    killSignal: 'SIGKILL',
  })
  const result: CommandResult = { code: null, stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (result.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (result.stderr += text))
  // A command that does not read its input may have ended already.
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.input ?? '')
  await once(child, 'close')
  result.code = child.exitCode
  return result
}

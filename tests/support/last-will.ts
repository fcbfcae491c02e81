import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** A command that waits for the end of this process. */
export type LastWill = {
  /** Carries it out now; resolves when it is done. */
  execute: () => Promise<void>
}

/**
 * Runs `sh -c script` with `values` as $1, $2 … when this process ends, in whatever way: a shell waits on a pipe from
 * here, and the system closes that pipe even after kill -9. So no test leaves a server or a folder behind.
 */
export function lastWill(script: string, values: readonly string[]): LastWill {
  // A group of its own: Ctrl-C in the terminal must not end the executor together with the testator.
  const shell = spawn('sh', ['-c', `read -r _; ${script}`, 'last-will', ...values], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  shell.unref()
  shell.stdin.on('error', () => undefined)
  const ended = once(shell, 'exit')
  return {
    execute: async () => {
      shell.ref()
      shell.stdin.end()
      await ended
    },
  }
}

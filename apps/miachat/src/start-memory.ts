import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** When the last work of the start is done, and before people come. */
const SOON_MS = 1200

/**
 * Loading hundreds of modules makes V8's heap grow to three times of what stays in use, and an idle process would keep it
 * all: one thorough collection gives about 15 MB back to the machine. Later growth is V8's own business.
 */
export function giveStartMemoryBack(): void {
  setTimeout(() => {
    setFlagsFromString('--expose-gc')
    const collect: unknown = runInNewContext('gc')
    setFlagsFromString('--no-expose-gc')
    if (typeof collect === 'function') collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  }, SOON_MS).unref()
}

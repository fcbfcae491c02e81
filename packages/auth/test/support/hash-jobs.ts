import { mock } from 'node:test'
import { Worker } from 'node:worker_threads'

/**
 * Watches what is given to the hashing threads: counts the jobs, delays each by `delay` milliseconds without burning
 * processor time, or keeps them back until `letGo()`. Always end it with `restore()`.
 */
export function watchHashing(options: { delay?: number } = {}) {
  const original = Worker.prototype.postMessage
  const kept: (() => void)[] = []
  const seen = { jobs: 0, keeps: false }

  const spy = mock.method(Worker.prototype, 'postMessage', function (this: Worker, message: unknown) {
    const pass = () => original.call(this, message)
    if (typeof message !== 'object' || message === null || !('password' in message)) return pass()
    seen.jobs++
    if (seen.keeps) kept.push(pass)
    else if (options.delay) setTimeout(pass, options.delay)
    else pass()
  })

  return {
    /** Jobs that have reached a thread since the last `reset()`. */
    get jobs() {
      return seen.jobs
    },
    reset() {
      seen.jobs = 0
    },
    keep() {
      seen.keeps = true
    },
    /** Lets what comes from now on through, and keeps what is kept. */
    pass() {
      seen.keeps = false
    },
    letGo() {
      seen.keeps = false
      for (const pass of kept.splice(0)) pass()
    },
    restore() {
      seen.keeps = false
      for (const pass of kept.splice(0)) pass()
      spy.mock.restore()
    },
  }
}

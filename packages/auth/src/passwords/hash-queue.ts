import { Worker } from 'node:worker_threads'
import { AuthError } from '../lib/errors.ts'
import type { HashAnswer, HashJob } from './hash-job.ts'

export interface HashQueueOptions {
  /** The program of the worker threads. */
  readonly file: URL
  /** How many jobs run at a time. */
  readonly threads: number
  /** How many more may wait. */
  readonly room: number
  /** Milliseconds without work after which a thread ends and gives its memory back. */
  readonly idle: number
}

/** Worker threads behind one line of waiting jobs: first come, first served. */
export interface HashQueue {
  /** Rejects at once with `overloaded` (503) when the line is full, and with `internal_error` when the thread dies. */
  run(job: HashJob): Promise<HashAnswer>
  /** Jobs that have no thread yet. */
  readonly waiting: number
  /** Threads that exist at the moment. */
  readonly threads: number
  /** Refuses the waiting jobs, lets the running ones end, stops the threads. */
  close(): Promise<void>
}

interface Task {
  readonly job: HashJob
  readonly resolve: (answer: HashAnswer) => void
  readonly reject: (error: unknown) => void
}

interface Thread {
  readonly worker: Worker
  task: Task | undefined
  timer: NodeJS.Timeout | undefined
  /** Being stopped: a job given to it now would be lost. */
  ending: boolean
}

/** A guess of when the line is shorter; it is sent as Retry-After. */
const RETRY_AFTER = 2

/** Keeps the thread's heap small; hashing itself takes its memory outside of it. */
const resourceLimits = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 }

export function createHashQueue(options: HashQueueOptions): HashQueue {
  const line: Task[] = []
  const threads = new Set<Thread>()
  let closing: (() => void) | undefined

  const busy = () =>
    new AuthError('overloaded', {
      retryAfter: RETRY_AFTER,
      detail: 'Many people are signing in. Try again in a moment.',
    })

  function run(job: HashJob): Promise<HashAnswer> {
    return new Promise((resolve, reject) => {
      const task = { job, resolve, reject }
      const free = closing ? undefined : freeThread()
      if (free) give(free, task)
      else if (!closing && line.length < options.room) line.push(task)
      else reject(busy())
    })
  }

  function freeThread(): Thread | undefined {
    for (const thread of threads) if (!thread.task && !thread.ending) return thread
    return threads.size < options.threads ? startThread() : undefined
  }

  function startThread(): Thread {
    // Not the flags of the program: `node -e` hands on one with which no thread starts. The environment it needs: without
    // NODE_COMPILE_CACHE each thread would load the compiler for TypeScript, 12 MB.
    const worker = new Worker(options.file, { execArgv: [], name: 'hash', resourceLimits })
    const thread: Thread = { worker, task: undefined, timer: undefined, ending: false }
    let fault: unknown
    worker.on('message', (answer: HashAnswer) => {
      const task = thread.task
      next(thread)
      task?.resolve(answer)
    })
    worker.on('error', (error) => {
      fault = error
    })
    worker.on('exit', (code) => {
      threads.delete(thread)
      clearTimeout(thread.timer)
      thread.task?.reject(
        new AuthError('internal_error', { cause: fault ?? new Error(`hash worker ended with ${code}`) }),
      )
      thread.task = undefined
      const waiting = line.shift()
      if (waiting) give(startThread(), waiting)
      if (threads.size === 0) closing?.()
    })
    threads.add(thread)
    return thread
  }

  function give(thread: Thread, task: Task): void {
    clearTimeout(thread.timer)
    thread.task = task
    thread.worker.ref()
    thread.worker.postMessage(task.job)
  }

  function next(thread: Thread): void {
    thread.task = undefined
    const task = line.shift()
    if (task) {
      give(thread, task)
      return
    }
    // Idle threads must not keep a program or a test alive.
    thread.worker.unref()
    if (closing) end(thread)
    else thread.timer = setTimeout(end, options.idle, thread).unref()
  }

  function end(thread: Thread): void {
    thread.ending = true
    void thread.worker.terminate()
  }

  function close(): Promise<void> {
    return new Promise((resolve) => {
      const earlier = closing
      closing = () => {
        earlier?.()
        resolve()
      }
      for (const task of line.splice(0)) task.reject(busy())
      for (const thread of threads) if (!thread.task) end(thread)
      if (threads.size === 0) closing()
    })
  }

  return {
    run,
    close,
    get waiting() {
      return line.length
    },
    get threads() {
      return threads.size
    },
  }
}

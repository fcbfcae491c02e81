import { setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { runHashJob } from './hash-job.ts'

/** Low, so that a storm of sign-ins leaves the processor to everybody else's requests (AVL-01). */
const LOW_PRIORITY = 19

// Linux only: there 0 means this thread; elsewhere it would mean the whole process.
if (process.platform === 'linux') {
  try {
    setPriority(0, LOW_PRIORITY)
  } catch {
    // A container may forbid it. Hashing then competes as an equal, which is slower for others but right.
  }
}

parentPort?.on('message', (job) => parentPort?.postMessage(runHashJob(job)))

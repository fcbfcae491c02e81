import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import process from 'node:process'
import { z } from 'zod'
import type { Secrets } from './secret-key.ts'

const question = z.object({ type: z.literal('miachat:keys?') })
const answer = z.object({
  type: z.literal('miachat:keys'),
  secrets: z.object({
    keys: z.array(z.string()),
    file: z.string().nullable(),
    made: z.boolean(),
    warnings: z.array(z.string()),
  }),
})

/**
 * In the supervisor: gives every process the keys of its own start. A process that is started again after "keys rotate"
 * would else sign with the new key, which the others do not know yet: every other request would be refused.
 */
export function answerWorkersKeys(secrets: Secrets): void {
  cluster.on('message', (worker: Worker, message: unknown) => {
    if (question.safeParse(message).success) worker.send({ type: 'miachat:keys', secrets })
  })
}

/** In a worker: the keys of the supervisor. */
export async function keysOfSupervisor(): Promise<Secrets> {
  process.send?.({ type: 'miachat:keys?' })
  for (;;) {
    const [message]: unknown[] = await once(process, 'message')
    const given = answer.safeParse(message)
    if (given.success) return given.data.secrets
  }
}

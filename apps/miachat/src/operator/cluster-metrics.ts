import cluster, { type Worker } from 'node:cluster'
import process from 'node:process'
import { AggregatorRegistry } from 'prom-client'
import { z } from 'zod'

const question = z.object({ type: z.literal('miachat:metrics'), id: z.number() })
const reply = z.object({ type: z.literal('miachat:metrics'), id: z.number(), text: z.string() })

/** In the supervisor: adds up the metrics of all processes whenever one of them asks. */
export async function answerWorkersMetrics(): Promise<void> {
  const aggregator = new AggregatorRegistry()
  cluster.on('message', (worker: Worker, message: unknown) => {
    const asked = question.safeParse(message)
    if (!asked.success) return
    aggregator.clusterMetrics().then(
      (text) => worker.send({ ...asked.data, text }),
      () => worker.send({ ...asked.data, text: '' }),
    )
  })
}

let count = 0

/** In a worker: the metrics of all processes together, since a scrape reaches any one of them. */
export function metricsOfAll(): Promise<string> {
  const id = ++count
  return new Promise((resolve) => {
    const listen = (message: unknown) => {
      const answer = reply.safeParse(message)
      if (!answer.success || answer.data.id !== id) return
      process.off('message', listen)
      resolve(answer.data.text)
    }
    process.on('message', listen)
    process.send?.({ type: 'miachat:metrics', id })
  })
}

import cluster from 'node:cluster'
import type { Log } from '@miachat/auth'
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** How much a process has to do at the moment. */
export interface Load {
  readonly waitingHashes: number
  readonly cachedSessions: number
  readonly cachedTokens: number
}

export type Metrics = ReturnType<typeof createMetrics>

/** Counts for Prometheus. Labels come from our own tables only, never from a client: their number is bounded. */
export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const duration = new Histogram({
    name: 'miachat_request_duration_seconds',
    help: 'Time to answer a request, by the row of the route table.',
    labelNames: ['route', 'method', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  })
  const events = new Counter({
    name: 'miachat_events_total',
    help: 'Sign-ins, registrations and everything else that the audit trail knows, by result.',
    labelNames: ['event', 'result'] as const,
    registers,
  })
  const methods = new Set(['GET', 'HEAD', 'POST'])
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })

  if (cluster.isWorker) {
    // Makes this process answer when the supervisor adds the metrics of all up.
    AggregatorRegistry.setRegistries(registry)
    new AggregatorRegistry()
  }

  return {
    async read(): Promise<string> {
      if (cluster.isPrimary) return registry.metrics()
      return (await import('./cluster-metrics.ts')).metricsOfAll()
    },
    watch(load: () => Load): void {
      gauge('miachat_hash_queue', 'Passwords that wait to be hashed.', () => load().waitingHashes)
      gauge('miachat_cached_sessions', 'Verified sessions in memory.', () => load().cachedSessions)
      gauge('miachat_cached_tokens', 'Verified access tokens in memory.', () => load().cachedTokens)
    },
    onAnswer(route: string, method: string, status: number, milliseconds: number): void {
      duration.observe({ route, method: methods.has(method) ? method : 'other', status }, milliseconds / 1000)
    },
    /** Passes everything on and counts what has a result. */
    counting(log: Log): Log {
      return (level, event, fields) => {
        const result = fields?.['result']
        if (typeof result === 'string') events.inc({ event, result })
        log(level, event, fields)
      }
    },
  }
}

import { connect } from 'node:net'

export interface Load {
  readonly port: number
  readonly requests: number
  readonly connections: number
  /** The whole text of request number `n`, headers and body. */
  readonly request: (n: number) => string
}

export interface LoadResult {
  /** Milliseconds of each answered request. */
  readonly latencies: number[]
  /** How often each status came. */
  readonly statuses: Map<number, number>
  readonly seconds: number
}

/** Sends requests over connections that stay open, each waiting for its answer; reads just what HTTP/1.1 needs. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const latencies: number[] = []
  const statuses = new Map<number, number>()
  let next = 0
  const started = performance.now()

  const connection = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(load.port, '127.0.0.1')
      socket.setNoDelay(true)
      let buffered = ''
      let sent = 0
      const send = () => {
        if (next >= load.requests) socket.end()
        else {
          sent = performance.now()
          socket.write(load.request(next++))
        }
      }
      socket.setEncoding('latin1')
      socket.on('connect', send)
      socket.on('error', reject)
      socket.on('close', () => resolve())
      socket.on('data', (chunk: string) => {
        buffered += chunk
        const head = buffered.indexOf('\r\n\r\n')
        if (head < 0) return
        const end = endOfBody(buffered, head + 4)
        if (end < 0) return
        const status = Number(buffered.slice(9, 12))
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        latencies.push(performance.now() - sent)
        buffered = buffered.slice(end)
        send()
      })
    })
  await Promise.all(Array.from({ length: load.connections }, connection))
  return { latencies, statuses, seconds: (performance.now() - started) / 1000 }
}

/** Where the body that starts at `from` ends, or -1 when it has not all come. */
function endOfBody(text: string, from: number): number {
  const length = /content-length: (\d+)/i.exec(text)?.[1]
  if (length !== undefined) return text.length < from + Number(length) ? -1 : from + Number(length)
  const last = text.indexOf('0\r\n\r\n', from)
  return last < 0 ? -1 : last + 5
}

/** A request as a program on the same machine sends it. */
export const get = (path: string, port: number, headers: Readonly<Record<string, string>> = {}): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nAccept: application/json\r\nUser-Agent: bench\r\n${Object.entries(
    headers,
  )
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`

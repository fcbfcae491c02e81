import { once } from 'node:events'
import type { Server } from 'node:http'
import { connect, type Socket } from 'node:net'

export interface RawAnswer {
  /** Everything that came until the server closed or `timeout` passed. */
  readonly text: string
  /** Status codes of the answers in order. */
  readonly statuses: readonly number[]
  /** Whether the server closed the connection. */
  readonly closed: boolean
  /** Milliseconds from the first byte sent to the end. */
  readonly took: number
}

/** Listens on a free loopback port; answers the port. */
export async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return address.port
}

/**
 * Sends bytes as they stand and collects what comes back: for requests that no client would send. It stops when the server
 * closes, when `enough` says so, or after `timeout` milliseconds.
 */
export async function sendRaw(
  port: number,
  bytes: string | ((socket: Socket) => Promise<void>),
  options: { timeout?: number; enough?: (text: string) => boolean } = {},
): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const started = performance.now()
  let text = ''
  let closed = false
  const done = Promise.withResolvers<void>()
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    text += chunk
    if (options.enough?.(text)) done.resolve()
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    closed = true
    done.resolve()
  })
  const timer = setTimeout(done.resolve, options.timeout ?? 3000)
  if (typeof bytes === 'string') socket.write(Buffer.from(bytes, 'latin1'))
  else await bytes(socket)
  await done.promise
  clearTimeout(timer)
  const took = performance.now() - started
  socket.destroy()
  const statuses = [...text.matchAll(/(?:^|\r\n|\n|})HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
  return { text, statuses, closed, took }
}

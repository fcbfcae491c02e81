import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ServerProcess, startServer } from './support/server-process.ts'

const MOST = 10

/** Opens a connection and asks on it: what came back, '' where it was closed instead. The connection stays open. */
async function knock(server: ServerProcess): Promise<{ socket: Socket; text: string }> {
  const socket = connect(server.port, '127.0.0.1')
  const { promise: text, resolve } = Promise.withResolvers<string>()
  socket.setEncoding('utf8').on('data', (chunk: string) => resolve(chunk))
  socket.on('error', () => resolve('')).on('close', () => resolve(''))
  socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
  return { socket, text: await text }
}

/** A connection that is taken, as soon as the server has noticed that another one is gone. */
async function takenConnection(server: ServerProcess): Promise<Socket> {
  for (let tries = 0; tries < 200; tries++) {
    const { socket, text } = await knock(server)
    if (text.startsWith('HTTP/1.1 200')) return socket
    await sleep(50)
  }
  throw new Error('No connection was taken.')
}

test('AVL-02: MAX_CONNECTIONS=10 takes ten connections and refuses the eleventh until one is free', async () => {
  const server = await startServer({ env: { LOG_LEVEL: 'error', MAX_CONNECTIONS: String(MOST) } })
  const sockets: Socket[] = []
  try {
    while (sockets.length < MOST) sockets.push(await takenConnection(server))
    // Half a request more on each: an idle connection would be ended after a few seconds.
    for (const socket of sockets) socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n')
    for (let i = 0; i < 3; i++) {
      const { socket, text } = await knock(server)
      assert.equal(text, '', 'the eleventh is closed without a word')
      socket.destroy()
    }
    for (const socket of sockets) assert.ok(!socket.destroyed && !socket.readableEnded, 'the ten stay')
    sockets.pop()?.destroy()
    sockets.push(await takenConnection(server))
  } finally {
    for (const socket of sockets) socket.destroy()
    await server.stop()
  }
})

import assert from 'node:assert/strict'
import type { Server } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createNodeServer } from '@miachat/auth/node'
import { cookieHeader } from './support/cookies.ts'
import { listen, type RawAnswer, sendRaw } from './support/raw-http.ts'
import { count } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const HOST = 'Host: localhost:8080\r\n'
const CLOSE = 'Connection: close\r\n'

describe('bytes that no client would send, over a real socket', () => {
  let world: TestAuth
  let server: Server
  let port: number
  let cookie: string
  const unhandled: unknown[] = []
  const onUnhandled = (reason: unknown) => unhandled.push(reason)

  before(async () => {
    process.on('unhandledRejection', onUnhandled)
    world = await testAuth()
    server = createNodeServer(world.auth.fetch)
    port = await listen(server)
    cookie = cookieHeader(await signedUp(world, 'anna'))
  })
  after(async () => {
    process.off('unhandledRejection', onUnhandled)
    server.closeAllConnections()
    server.close()
    await world.close()
  })

  const alive = async () => {
    const { statuses } = await sendRaw(port, `GET /auth/login HTTP/1.1\r\n${HOST}${CLOSE}\r\n`)
    assert.deepEqual(statuses, [200], 'the server still answers')
  }
  /** Nothing inside may show: no paths, no stack, no name of the program. */
  const discreet = ({ text }: RawAnswer) => assert.doesNotMatch(text, /node:|\.ts:|at Object|Error:|X-Powered-By/i)

  const targets: readonly (readonly [string, readonly number[]])[] = [
    ['/', [404]],
    ['*', [400, 404]],
    ['//', [404]],
    ['//[', [400, 404]],
    ['//settings', [404]],
    ['http://localhost:8080/settings', [303]],
    ['http://evil.example/settings', [303]],
    ['http://[/', [400]],
    ['http://:80/', [400]],
    ['https://localhost/settings', [303]],
    ['ftp://localhost/settings', [400]],
    ['javascript:alert(1)', [400]],
    ['settings', [400]],
    ['?x', [400, 404]],
    ['/%', [404]],
    ['/%zz', [404]],
    ['/%00', [404]],
    ['/%c0%ae%c0%ae/settings', [404]],
    ['/settings/../settings', [303]],
    ['/auth/login/../../settings', [303]],
    ['/./settings', [303]],
    ['/\\settings', [400, 404]],
    ['\\settings', [400]],
    ['/settings#x', [303, 400, 404]],
    ['/settings?\\', [303]],
    ['/settings;x', [404]],
    ['/settings%2f', [404]],
    ['/\u00ff\u00fe', [400, 404]],
    ['/settings\u0085', [400, 404]],
    ['/settings\u0000', [400]],
    [`/${'a'.repeat(15_000)}`, [404]],
    [`/${'a'.repeat(20_000)}`, [431]],
  ]
  for (const [target, expected] of targets) {
    test(`ERR-04, SES-12: target ${JSON.stringify(target.slice(0, 40))}`, async () => {
      const answer = await sendRaw(port, `GET ${target} HTTP/1.1\r\n${HOST}Accept: text/html\r\n${CLOSE}\r\n`)
      assert.equal(answer.statuses.length, 1, answer.text.slice(0, 200))
      assert.ok(expected.includes(answer.statuses[0] ?? 0), `${answer.statuses}`)
      discreet(answer)
      if (answer.statuses[0] === 303) assert.match(answer.text, /\r\nlocation: \/auth\/login\?next=%2Fsettings/i)
      await alive()
    })
  }

  const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n'
  const broken: readonly (readonly [string, string])[] = [
    [
      'Content-Length beside Transfer-Encoding',
      `Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      'Transfer-Encoding beside Content-Length',
      `Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    ['two different lengths', `Content-Length: 4\r\nContent-Length: 6\r\n\r\na=b&c=d${smuggled}`],
    ['a list of lengths', `Content-Length: 4, 4\r\n\r\na=bc${smuggled}`],
    ['a negative length', `Content-Length: -1\r\n\r\n${smuggled}`],
    ['a length with a sign', `Content-Length: +4\r\n\r\na=bc${smuggled}`],
    ['a hexadecimal length', `Content-Length: 0x4\r\n\r\na=bc${smuggled}`],
    ['an unknown coding', `Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['a coding after chunked', `Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${smuggled}`],
    ['chunked twice', `Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['a blank before the colon', `Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['a folded line', `Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['a bare line feed', `X: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['a bare carriage return', `X: y\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['a size of a chunk that is none', `Transfer-Encoding: chunked\r\n\r\nzz\r\na=b\r\n0\r\n\r\n${smuggled}`],
    ['a chunk longer than its size', `Transfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n0\r\n\r\n${smuggled}`],
    ['a NUL in a header', `X: a\u0000b\r\nContent-Length: 0\r\n\r\n${smuggled}`],
    ['a name that is none', `X(: b\r\nContent-Length: 0\r\n\r\n${smuggled}`],
  ]
  for (const [what, rest] of broken) {
    test(`ERR-03: ${what} is 400 and the end of the connection`, async () => {
      const head = `POST /auth/logout HTTP/1.1\r\n${HOST}Origin: http://localhost:8080\r\nContent-Type: application/x-www-form-urlencoded\r\n`
      const answer = await sendRaw(port, `${head}${rest}`)
      assert.ok(answer.closed, 'closed')
      assert.equal(answer.statuses.at(-1), 400, answer.text.slice(0, 300))
      assert.ok(
        !answer.text.includes('smuggled') && !answer.statuses.includes(404),
        'nothing behind it is taken for a request',
      )
      discreet(answer)
      await alive()
    })
  }

  test('ERR-03: no Host, two of them, or a HTTP/2 preface are refused', async () => {
    for (const request of [
      'GET /settings HTTP/1.1\r\n\r\n',
      `GET /settings HTTP/1.1\r\n${HOST}Host: evil.example\r\n\r\n`,
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      'GET /settings\r\n\r\n',
      '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
      'GET /settings HTTP/9.9\r\n\r\n',
    ]) {
      const answer = await sendRaw(port, request, { timeout: 1500 })
      assert.ok(!answer.statuses.includes(200), request.slice(0, 30))
      discreet(answer)
    }
    await alive()
  })

  test('PRX-02: a Host that is none, or another one, changes nothing and leads nowhere', async () => {
    for (const host of [
      'evil.example',
      'localhost:8080@evil.example',
      '[::',
      'a b',
      '',
      '../..',
      'localhost:99999',
      '\u00ff',
    ]) {
      const answer = await sendRaw(port, `GET /settings HTTP/1.1\r\nHost: ${host}\r\nAccept: text/html\r\n${CLOSE}\r\n`)
      assert.ok([303, 400].includes(answer.statuses[0] ?? 0), `${host} ${answer.statuses}`)
      assert.doesNotMatch(answer.text, /location: (?!\/auth\/login)/i)
      discreet(answer)
    }
    await alive()
  })

  test('ERR-03: TRACE and CONNECT are refused, methods that nobody knows too; OPTIONS and HEAD have no body', async () => {
    for (const [method, target, expected] of [
      ['TRACE', '/auth/login', [405]],
      ['TRACE', '/nothing', [404]],
      ['CONNECT', 'localhost:8080', [undefined, 400, 405]],
      ['CONNECT', '/settings', [undefined, 400, 405]],
      ['BREW', '/auth/login', [400]],
      ['get', '/settings', [400]],
      ['OPTIONS', '/auth/login', [405]],
      ['OPTIONS', '*', [400, 404, 405]],
      ['HEAD', '/auth/login', [200]],
      ['HEAD', '/settings', [303]],
      ['HEAD', '/nothing', [404]],
      ['HEAD', '/auth/assets/auth.css', [200]],
      ['QUERY', '/auth/login', [405]],
    ] as const) {
      const request = `${method} ${target} HTTP/1.1\r\n${HOST}Cookie: secret=1\r\nAccept: text/html\r\n${CLOSE}\r\n`
      const answer = await sendRaw(port, request)
      assert.ok(
        expected.some((status) => status === answer.statuses[0]),
        `${method} ${target} ${answer.statuses}`,
      )
      assert.ok(!answer.text.includes('secret=1'), 'nothing is echoed')
      if (method === 'HEAD') assert.ok(answer.text.endsWith('\r\n\r\n'), `${target}: ${answer.text.slice(-100)}`)
      discreet(answer)
    }
    await alive()
  })

  test('COO-05, ERR-02: 40 KB of headers are 431, 300 cookies are served', async () => {
    const big = await sendRaw(port, `GET /settings HTTP/1.1\r\n${HOST}Cookie: a=${'x'.repeat(40_000)}\r\n\r\n`)
    assert.deepEqual(big.statuses, [431])
    const many = await sendRaw(
      port,
      `GET /settings HTTP/1.1\r\n${HOST}${Array.from({ length: 3000 }, (_, i) => `X-${i}: y\r\n`).join('')}\r\n`,
      { timeout: 2000 },
    )
    assert.ok(!many.statuses.includes(200))
    const crowd = Array.from({ length: 300 }, (_, i) => `c${i}=${i}`).join('; ')
    const served = await sendRaw(port, `GET /settings HTTP/1.1\r\n${HOST}Cookie: ${crowd}; ${cookie}\r\n${CLOSE}\r\n`)
    assert.deepEqual(served.statuses, [200])
    const tossed = await sendRaw(
      port,
      `GET /settings HTTP/1.1\r\n${HOST}Cookie: ${cookie}\r\nCookie: ${cookie}\r\n${CLOSE}\r\n`,
    )
    assert.deepEqual(tossed.statuses, [303], 'COO-04: two headers are two cookies')
    await alive()
  })

  test('CSR-01: headers that are sent twice do not pass for one', async () => {
    const post = (headers: string) =>
      sendRaw(
        port,
        `POST /auth/logout HTTP/1.1\r\n${HOST}${headers}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n${CLOSE}\r\n`,
      )
    const own = 'Origin: http://localhost:8080\r\n'
    assert.deepEqual((await post(own)).statuses, [303])
    for (const twice of [
      `${own}Origin: https://evil.example\r\n`,
      `Origin: https://evil.example\r\n${own}`,
      `${own}Sec-Fetch-Site: cross-site\r\n`,
      'Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site\r\n',
      'Sec-Fetch-Site: cross-site\r\nSec-Fetch-Site: same-origin\r\n',
    ]) {
      assert.deepEqual((await post(twice)).statuses, [403], twice)
    }
  })

  test('CSR-03: a content type that is sent twice is none', async () => {
    const body = '{"username":"x","password":"y"}'
    const { statuses } = await sendRaw(
      port,
      `POST /auth/api/login HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n${CLOSE}\r\n${body}`,
    )
    assert.ok([400, 415].includes(statuses[0] ?? 0), `${statuses}`)
  })

  for (const [what, path, status] of [
    ['a route that takes it', '/auth/api/login', 413],
    ['a route that refuses the site', '/auth/login', 403],
    ['a route that needs a session', '/settings/profile', 401],
    ['no route', '/nothing', 404],
    ['a wrong method', '/settings', 405],
  ] as const) {
    test(`ERR-02: an endless chunked body to ${what} is answered ${status}, read no further and hung up on`, async () => {
      let sent = 0
      let stop = false
      const site = path === '/auth/login' ? 'cross-site' : 'same-origin'
      const answer = await sendRaw(
        port,
        async (socket) => {
          socket.on('close', () => {
            stop = true
          })
          socket.write(
            `POST ${path} HTTP/1.1\r\n${HOST}Sec-Fetch-Site: ${site}\r\nAccept: application/json\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
          )
          const piece = `4000\r\n${' '.repeat(0x4000)}\r\n`
          while (!stop && sent < 200 * 1024 * 1024) {
            if (!socket.write(piece))
              await Promise.race([
                new Promise((r) => socket.once('drain', r)),
                new Promise((r) => socket.once('close', r)),
              ])
            sent += piece.length
          }
        },
        { timeout: 5000 },
      )
      assert.equal(answer.statuses[0], status, answer.text.slice(0, 200))
      assert.ok(answer.closed && sent < 200 * 1024 * 1024, `${sent} bytes were taken`)
      await alive()
    })
  }

  test('ERR-02: an endless body to a page is not read either', async () => {
    let stop = false
    let sent = 0
    const answer = await sendRaw(port, async (socket) => {
      socket.on('close', () => {
        stop = true
      })
      socket.write(`GET /auth/login HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`)
      const piece = `4000\r\n${' '.repeat(0x4000)}\r\n`
      while (!stop && sent < 50 * 1024 * 1024) {
        socket.write(piece)
        sent += piece.length
        await sleep(0)
      }
    })
    assert.equal(answer.statuses[0], 200)
    assert.ok(stop, `${sent} bytes were taken`)
  })

  test('ERR-02: an announced body that is too large is refused before it comes, and the connection ends', async () => {
    const answer = await sendRaw(
      port,
      `POST /auth/api/login HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 100000000\r\n\r\n`,
      { timeout: 4000 },
    )
    assert.deepEqual(answer.statuses, [413])
    assert.match(answer.text, /\r\nconnection: close\r\n/i)
    assert.ok(answer.closed)
  })

  test('AVL-02: a body that never comes holds nobody else up', async () => {
    const half = sendRaw(
      port,
      `POST /auth/api/login HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 50\r\n\r\n{"username":`,
      { timeout: 600 },
    )
    const slow = Array.from({ length: 40 }, () =>
      sendRaw(port, `GET /auth/login HTTP/1.1\r\n${HOST}X-Slow: `, { timeout: 600 }),
    )
    await sleep(50)
    const started = performance.now()
    await alive()
    assert.ok(performance.now() - started < 500)
    assert.deepEqual((await half).statuses, [])
    await Promise.all(slow)
  })

  test('AVL-02: a server of ours waits a bounded time for headers, bodies and silence, and takes so many clients', () => {
    // Tighter than Node's own minute and five minutes; Node has no bound at all for connections.
    const { headersTimeout, requestTimeout, keepAliveTimeout, maxConnections, timeout } = server
    assert.deepEqual(
      { headersTimeout, requestTimeout, keepAliveTimeout, maxConnections, timeout },
      {
        headersTimeout: 20_000,
        requestTimeout: 60_000,
        keepAliveTimeout: 5_000,
        maxConnections: 4000,
        timeout: 60_000,
      },
    )
    assert.equal(createNodeServer(world.auth.fetch, { maxConnections: 10 }).maxConnections, 10)
  })

  test('AVL-02: who hangs up in the middle of a body or of an answer leaves nothing behind', async () => {
    const before = await count(world.auth, 'users')
    for (let i = 0; i < 10; i++) {
      await sendRaw(
        port,
        async (socket) => {
          socket.write(
            `POST /auth/register HTTP/1.1\r\n${HOST}Origin: http://localhost:8080\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"username":"half${i}",`,
          )
          await sleep(5)
          socket.destroy()
        },
        { timeout: 100 },
      )
      await sendRaw(port, async (socket) => {
        socket.write(`GET /auth/login HTTP/1.1\r\n${HOST}\r\n`)
        socket.resetAndDestroy()
      })
    }
    await alive()
    assert.equal(await count(world.auth, 'users'), before)
  })

  test('ERR-03: after an answer that left a body unread, the rest is not taken for a request', async () => {
    const inner = `GET /smuggled HTTP/1.1\r\n${HOST}\r\n`
    const answer = await sendRaw(
      port,
      `POST /nothing HTTP/1.1\r\n${HOST}Accept: text/html\r\nContent-Type: text/plain\r\nContent-Length: ${inner.length}\r\n\r\n${inner}GET /auth/login HTTP/1.1\r\n${HOST}${CLOSE}\r\n`,
    )
    assert.ok(answer.statuses.length <= 2 && answer.statuses[0] === 404, `${answer.statuses}`)
    if (answer.statuses.length === 2) assert.equal(answer.statuses[1], 200)
  })

  test('ERR-03: a GET with a body keeps its rest to itself', async () => {
    const inner = `GET /smuggled HTTP/1.1\r\n${HOST}\r\n`
    const answer = await sendRaw(
      port,
      `GET /auth/login HTTP/1.1\r\n${HOST}Content-Length: ${inner.length}\r\n\r\n${inner}GET /auth/forgot HTTP/1.1\r\n${HOST}${CLOSE}\r\n`,
    )
    assert.ok(!answer.text.includes('smuggled') && !answer.statuses.includes(404), `${answer.statuses}`)
  })

  test('an upgrade to something else is an ordinary request', async () => {
    const answer = await sendRaw(
      port,
      `GET /settings HTTP/1.1\r\n${HOST}Accept: text/html\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n`,
      { enough: (text) => text.includes('\r\n\r\n') },
    )
    assert.ok([303, 400].includes(answer.statuses[0] ?? 0), answer.text.slice(0, 100))
    const h2c = await sendRaw(
      port,
      `GET /settings HTTP/1.1\r\n${HOST}Accept: text/html\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n`,
      { enough: (text) => text.includes('\r\n\r\n') },
    )
    assert.equal(h2c.statuses[0], 303)
  })

  test('AVL-08: none of it made an unhandled rejection or an error in the log', async () => {
    await sleep(20)
    assert.deepEqual(unhandled, [])
    assert.deepEqual(
      world.lines.filter(({ level }) => level === 'error'),
      [],
    )
  })
})

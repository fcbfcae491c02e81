import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeCertificate, noCertificates } from './support/certificates.ts'
import { freePort } from './support/free-port.ts'
import { type MailServer, startMailServer } from './support/mail-server.ts'
import { miachat } from './support/miachat-command.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'

const password = 'a walk by the river'
const better = 'two walks by the river'
const quick = { PASSWORD_COST: '4', LOG_LEVEL: 'warn' }

const RESET = /^Set a new password/
const CONFIRM = /^Confirm your address/

async function post(server: ServerProcess, path: string, json: unknown): Promise<Response> {
  return fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url, connection: 'close' },
    body: JSON.stringify(json),
  })
}

async function register(server: ServerProcess, username: string): Promise<void> {
  const answer = await post(server, '/auth/register', { username, email: `${username}@example.org`, password })
  assert.equal(answer.status, 200)
}

const ask = async (server: ServerProcess, email: string) =>
  assert.equal((await post(server, '/auth/forgot', { email })).status, 200)

const signIn = async (server: ServerProcess, username: string, word: string) =>
  (await post(server, '/auth/login', { username, password: word })).status

const tokenIn = (text: string): string =>
  new URL(/https?:\/\/\S+reset\S+/.exec(text)?.[0] ?? '').searchParams.get('token') ?? ''

describe('mail by a real server, two processes', () => {
  let mail: MailServer
  let server: ServerProcess
  before(async () => {
    mail = await startMailServer({ login: { user: 'chat@mail.example', password: 'p@ss/word' } })
    server = await startServer({
      env: {
        ...quick,
        WORKERS: '2',
        SITE_NAME: 'Tea House',
        MAIL_URL: `smtp://chat%40mail.example:p%40ss%2Fword@127.0.0.1:${mail.port}`,
      },
    })
  })
  after(async () => {
    await server?.stop()
    await mail?.stop()
  })

  test('F1, RST-04: a forgotten password, from the question to the sign-in', async () => {
    await register(server, 'ada')
    await ask(server, 'ada')
    const letter = await mail.next('ada@example.org', RESET)
    assert.deepEqual(letter.recipients, ['ada@example.org'])
    assert.equal(letter.sender, 'chat@mail.example')
    assert.equal(letter.parsed.from?.text, '"Tea House" <chat@mail.example>')
    assert.equal(letter.parsed.subject, 'Set a new password for Tea House')
    assert.equal(letter.parsed.headers.get('auto-submitted'), 'auto-generated')
    const { text = '', html } = letter.parsed
    assert.match(text, /^http:\/\/localhost:\d+\/auth\/reset\?token=/m)
    assert.ok(typeof html === 'string' && html.includes(tokenIn(text)))
    assert.doesNotMatch(html, /<(img|script|link)|src=/)
    const reset = await post(server, '/auth/reset', { token: tokenIn(text), new_password: better })
    assert.equal(reset.status, 200)
    assert.equal(await signIn(server, 'ada', password), 401)
    assert.equal(await signIn(server, 'ada', better), 200)
    // CHG-02: the owner is told.
    await mail.next('ada@example.org', /set by a one-time link/)
    // LOG-09: and of the sign-in, since every browser is new once the password was set.
    await mail.next('ada@example.org', /new browser/)
    assert.ok(!`${server.stdout()}${server.stderr()}`.includes(tokenIn(text)), 'its link is in no log')
  })

  test('each letter goes out once, whichever process takes it', async () => {
    const names = Array.from({ length: 8 }, (_, n) => `person-${n}`)
    for (const name of names) await register(server, name)
    await Promise.all(names.map((name) => ask(server, name)))
    for (const name of names) {
      await mail.next(`${name}@example.org`, CONFIRM)
      await mail.next(`${name}@example.org`, RESET)
    }
    await mail.next('ada@example.org', CONFIRM)
    await sleep(2500)
    assert.equal(mail.waiting(), 0)
  })

  test('AVL-07: a letter that the server refuses comes later; the page does not wait for it', async () => {
    await register(server, 'patient')
    await mail.next('patient@example.org', CONFIRM)
    mail.refuse(true)
    await ask(server, 'patient')
    await mail.refused()
    assert.equal(await signIn(server, 'patient', password), 200)
    mail.refuse(false)
    await putBack(server)
    runOn(server, 'UPDATE outbox SET next_try_at = 0')
    await mail.next('patient@example.org', RESET)
  })

  test('the doctor signs in at the mail server, and says what is wrong', async () => {
    const doctor = async (url: string) =>
      (await miachat(['doctor'], { dataDir: server.dataDir, env: { MAIL_URL: url, PORT: String(server.port) } })).stdout
    const at = `127.0.0.1:${mail.port}`
    assert.match(
      await doctor(`smtp://chat%40mail.example:p%40ss%2Fword@${at}`),
      /^ok +mail +127\.0\.0\.1, port \d+, takes letters/m,
    )
    const refused = await doctor(`smtp://chat:wrong-word@${at}`)
    assert.match(refused, /^problem +mail .*does not take the user and password of MAIL_URL/m)
    assert.ok(!refused.includes('wrong-word'))
    assert.match(
      await doctor(`smtp://127.0.0.1:${await freePort()}`),
      /^problem +mail .*(does not answer|connection failed)/m,
    )
    assert.match(await doctor('none'), /^ok +mail +There is none/m)
    runOn(
      server,
      "INSERT INTO outbox (id, kind, to_address, sealed, key_id, created_at, next_try_at, leased_until, expires_at, tries, last_error) VALUES ('late', 'x', 'x', x'00', 'x', 0, 9e15, 0, 9e15, 3, 'Error EAUTH')",
    )
    assert.match(await doctor('none'), /^warning +mail +A letter has waited.*Last try: Error EAUTH/m)
    runOn(server, "DELETE FROM outbox WHERE id = 'late'")
  })
})

/** Until the server has written down that a letter was refused: on a busy machine that is long after the refusal. */
async function putBack({ dataDir }: ServerProcess): Promise<void> {
  const db = new DatabaseSync(join(dataDir, 'miachat.db'), { readOnly: true, timeout: 5000 })
  const rows = db.prepare('SELECT id FROM outbox WHERE last_error IS NOT NULL AND leased_until = 0')
  try {
    for (const end = performance.now() + 10_000; rows.all().length === 0; await sleep(20)) {
      assert.ok(performance.now() < end, 'no letter was put back')
    }
  } finally {
    db.close()
  }
}

/** As an hour that passes, or a hand of the operator. */
function runOn(server: Pick<ServerProcess, 'dataDir'>, sql: string): void {
  const db = new DatabaseSync(join(server.dataDir, 'miachat.db'), { timeout: 5000 })
  db.exec(sql)
  db.close()
}

test('AVL-07: a process that dies while a letter is on its way leaves it to the next', async () => {
  const mail = await startMailServer()
  const home = mkdtempSync(join(tmpdir(), 'miachat-mail-'))
  const env = { ...quick, MAIL_URL: `smtp://127.0.0.1:${mail.port}` }
  try {
    const first = await startServer({ env, dataDir: home })
    await register(first, 'ada')
    await mail.next('ada@example.org', CONFIRM)
    mail.hang(true)
    await ask(first, 'ada')
    await mail.hung()
    first.kill('SIGKILL')
    await first.ended
    await first.stop()
    mail.hang(false)
    // As the minutes pass after which a letter of a dead process comes free.
    runOn({ dataDir: home }, 'UPDATE outbox SET leased_until = 0')
    const second = await startServer({ env, dataDir: home })
    try {
      const letter = await mail.next('ada@example.org', RESET)
      assert.equal(
        (await post(second, '/auth/reset', { token: tokenIn(letter.parsed.text ?? ''), new_password: better })).status,
        200,
      )
    } finally {
      await second.stop()
    }
  } finally {
    await mail.stop()
    rmSync(home, { recursive: true })
  }
})

test('a mail server that hangs does not hold up the end of the program', async () => {
  const mail = await startMailServer()
  const server = await startServer({ env: { ...quick, MAIL_URL: `smtp://127.0.0.1:${mail.port}` } })
  try {
    await register(server, 'ada')
    await mail.next('ada@example.org', CONFIRM)
    mail.hang(true)
    await ask(server, 'ada')
    await mail.hung()
    const from = performance.now()
    server.kill('SIGTERM')
    assert.deepEqual(await server.ended, { code: 0, signal: null })
    assert.ok(performance.now() - from < 9000)
  } finally {
    await server.stop()
    await mail.stop()
  }
})

test('TLS: another machine gets a letter over an encrypted connection only, with a certificate of its name', {
  skip: noCertificates,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'miachat-mail-'))
  const certificate = makeCertificate(folder, 'DNS:mail.test,DNS:localhost', 3)
  const plain = await startMailServer()
  const started = await startMailServer({ certificate })
  const secure = await startMailServer({ certificate, secure: true })
  const { createSmtpTransport } = await import('../apps/miachat/src/mail/smtp-transport.ts')
  const letter = {
    from: 'a@mail.test',
    to: 'ada@example.org',
    subject: 's',
    text: 't',
    html: '<p>t',
    messageId: '<x@mail.test>',
  }
  const send = (port: number, tls: 'started' | 'always') =>
    createSmtpTransport({ host: '127.0.0.1', port, tls, login: null }).send(letter)
  try {
    await assert.rejects(send(plain.port, 'started'), { code: 'ETLS' })
    await assert.rejects(send(started.port, 'started'))
    assert.equal(plain.waiting() + started.waiting(), 0)
    const doctor = async (more: Record<string, string> = {}) => {
      const env = { MAIL_URL: `smtps://localhost:${secure.port}`, ...more }
      return (await miachat(['doctor'], { dataDir: join(folder, 'data'), env })).stdout
    }
    assert.match(await doctor(), /^problem +mail .*(certificate|connection)/m)
    assert.match(
      await doctor({ NODE_EXTRA_CA_CERTS: certificate.file }),
      /^ok +mail +localhost, port \d+, takes letters/m,
    )
  } finally {
    await plain.stop()
    await started.stop()
    await secure.stop()
    rmSync(folder, { recursive: true })
  }
})

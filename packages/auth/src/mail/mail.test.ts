import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { authMigrations } from '../db/auth-migrations.ts'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Connection } from '../db/connection.ts'
import { migrate } from '../db/migrate.ts'
import { openDatabase } from '../db/open-database.ts'
import { sealAnew } from '../db/sealed-columns.ts'
import { type Database, tables } from '../db/tables.ts'
import { hours, minutes } from '../lib/clock.ts'
import { createKeyRing } from '../lib/secrets.ts'
import type { LetterContent } from './letter.ts'
import { createMail } from './outbox.ts'
import { createOutboxStore } from './outbox-store.ts'
import { createSender, type Letter, restAfter } from './sender.ts'

const former = 'a first secret of thirty-two signs or more'
const keys = createKeyRing([former])
const url = 'https://chat.example/auth/reset?token=a-very-secret-token'
const content: LetterContent = {
  language: 'en',
  subject: 'New password',
  greeting: 'Hello Ada,',
  paragraphs: ['A link.'],
  action: { label: 'Set it', url, orOpen: 'Or open:' },
  smallPrint: [],
}
const to = 'ada@example.org'

let folder: string
let connection: Connection
let db: Database<AuthTables>
let now: number
let logged: string[]
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'miachat-mail-'))
  connection = await openDatabase(`sqlite:${join(folder, 'miachat.db')}`)
  await migrate(connection, [authMigrations], 1)
  db = tables<AuthTables>(connection)
  now = 1_000_000
  await connection.transaction((execute) =>
    execute({
      sql: `INSERT INTO users (id, username, email, password_hash, created_at, username_key, email_key, fields)
        VALUES (1, 'ada', '${to}', '!', '2026-01-01 00:00:00.000', 'ada', '${to}', '{}')`,
      parameters: [],
    }),
  )
  logged = []
})
afterEach(async () => {
  await connection.close()
  rmSync(folder, { recursive: true })
})

const clock = () => now
const mail = () => createMail({ db, keys, clock, siteName: 'Chat', origin: 'https://chat.example', goesTo: null })
const enqueue = (expiresAt?: number) =>
  db.transaction((trx) =>
    mail().enqueue(trx, { kind: 'reset', userId: 1, to, content, ...(expiresAt === undefined ? {} : { expiresAt }) }),
  )
const sender = (send: (letter: Letter) => Promise<void>, ring = keys) =>
  createSender({
    db,
    keys: ring,
    clock,
    log: (_level: string, message: string, fields?: Record<string, unknown>) => {
      logged.push(`${message} ${JSON.stringify(fields)}`)
    },
    transport: { send },
    from: 'Chat <chat@mail.example>',
    orders: new Map(),
  })
const sendDue = (send: (letter: Letter) => Promise<void>) => sender(send).sendDue()
const rows = () => db.read.selectFrom('outbox').selectAll().execute()
const refuse = async () => {
  throw new Error(`550 no: ${url}`)
}

test('RST-01: a letter of what was rolled back is never sent', async () => {
  await assert.rejects(
    db.transaction(async (trx) => {
      await mail().enqueue(trx, { kind: 'reset', userId: 1, to, content })
      throw new Error('no')
    }),
  )
  assert.equal(await sendDue(async () => assert.fail('was sent')), 0)
})

test('RST-05: a row whose address was replaced does not open, and is given up', async () => {
  await enqueue()
  await db.transaction((trx) => trx.updateTable('outbox').set({ to_address: 'eve@example.org' }).execute())
  assert.equal(await sendDue(async () => assert.fail('was sent')), 0)
  assert.match(logged.join(), /mail_given_up/)
  assert.deepEqual(await rows(), [])
})

test('RST-02: the row is sealed, and goes when the letter was sent', async () => {
  await enqueue()
  const [row] = await rows()
  assert.ok(row && !Buffer.from(row.sealed).includes('secret-token'))
  const sent: Letter[] = []
  assert.equal(await sendDue(async (given) => void sent.push(given)), 1)
  const [letter] = sent
  assert.ok(letter)
  assert.ok(letter.text.includes(url) && letter.html.includes(url))
  assert.deepEqual(
    [letter.to, letter.from, letter.subject, letter.messageId],
    [to, 'Chat <chat@mail.example>', 'New password', `<${row.id}@mail.example>`],
  )
  assert.deepEqual(await rows(), [])
})

test('a refused letter is tried again after growing rests, given up after a day, and its link is in no log', async () => {
  await enqueue()
  let tries = 0
  for (; (await rows()).length > 0; tries++) {
    assert.ok(tries < 50)
    await sendDue(refuse)
    const [row] = await rows()
    if (!row) continue
    assert.equal(row.next_try_at, now + restAfter(tries + 1))
    now = row.next_try_at
  }
  assert.ok(now >= 1_000_000 + hours(24) && now < 1_000_000 + hours(30))
  assert.match(logged.at(-1) ?? '', /mail_given_up/)
  assert.ok(!logged.join().includes('secret-token'))
})

test('two senders at once send each letter once; a sender that died leaves it to the next', async () => {
  for (let n = 0; n < 5; n++) await enqueue()
  let sent = 0
  const send = async () => {
    sent++
  }
  await Promise.all([sendDue(send), sendDue(send)])
  assert.equal(sent, 5)

  await enqueue()
  const [row] = await rows()
  assert.ok(row)
  await createOutboxStore(db).lease(row.id, now, now + minutes(5))
  assert.equal(await sendDue(send), 0)
  now += minutes(5)
  assert.equal(await sendDue(send), 1)
})

test('a letter whose link has ended is not sent, and the Message-ID of a second try is the same', async () => {
  await enqueue(now + minutes(30))
  const ids: string[] = []
  const fail = async (given: Letter) => {
    ids.push(given.messageId)
    throw new Error('no')
  }
  await sendDue(fail)
  now += minutes(1)
  await sendDue(fail)
  assert.equal(new Set(ids).size, 1)
  assert.equal(ids.length, 2)
  now += minutes(29)
  assert.equal(await sendDue(async () => assert.fail('was sent')), 0)
  assert.deepEqual(await rows(), [])
})

test('one letter that a server hangs on to holds up no other, and stop does not wait for it', async () => {
  for (let n = 0; n < 8; n++) await enqueue()
  const { promise: never } = Promise.withResolvers<void>()
  const others = Promise.withResolvers<void>()
  let begun = 0
  const hanging = sender(async () => {
    begun++
    if (begun === 1) return never
    if (begun === 8) others.resolve()
  })
  hanging.start()
  await others.promise
  const from = performance.now()
  await hanging.stop()
  assert.ok(performance.now() - from < 5000)
})

test('SEC-03: what another key has sealed is sealed anew; a newer key that is not known here yet loses no letter', async () => {
  await enqueue()
  const newer = createKeyRing(['a second secret of thirty-two signs or so', former])
  assert.deepEqual(await sealAnew(connection, newer), { anew: 1, closed: 0 })
  assert.equal(await sendDue(async () => assert.fail('does not open')), 0)
  now += minutes(1)
  assert.equal(await sender(async () => {}, newer).sendDue(), 1)
})

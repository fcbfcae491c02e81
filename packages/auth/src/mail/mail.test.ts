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
import { type Database, tables } from '../db/tables.ts'
import { hours, minutes } from '../lib/clock.ts'
import { createKeyRing } from '../lib/secrets.ts'
import { createOutbox, type Letter } from './outbox.ts'
import { createOutboxStore } from './outbox-store.ts'
import { restAfter, sendDue } from './sender.ts'

const keys = createKeyRing(['a first secret of thirty-two signs or more'])
const link = 'https://chat.example/auth/reset?token=a-very-secret-token'
const letter = { kind: 'reset', userId: null, to: 'ada@example.org', subject: 'New password', text: link, html: link }

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
  logged = []
})
afterEach(async () => {
  await connection.close()
  rmSync(folder, { recursive: true })
})

const clock = () => now
const enqueue = () => {
  const outbox = createOutbox({ store: createOutboxStore(db), keys, clock })
  return db.transaction((trx) => outbox.enqueue(trx, letter))
}
const sender = (send: (letter: Letter) => Promise<void>) => ({
  store: createOutboxStore(db),
  keys,
  clock,
  log: (_level: string, message: string, fields?: Record<string, unknown>) => {
    logged.push(`${message} ${JSON.stringify(fields)}`)
  },
  transport: { send },
})
const rows = () => db.read.selectFrom('outbox').selectAll().execute()
const refuse = async () => {
  throw new Error(`550 no: ${link}`)
}

test('RST-01: a letter of what was rolled back is never sent', async () => {
  const outbox = createOutbox({ store: createOutboxStore(db), keys, clock })
  await assert.rejects(
    db.transaction(async (trx) => {
      await outbox.enqueue(trx, letter)
      throw new Error('no')
    }),
  )
  assert.equal(await sendDue(sender(async () => assert.fail('was sent'))), 0)
})

test('RST-05: a row whose address was replaced does not open, and is given up', async () => {
  await enqueue()
  await db.transaction((trx) => trx.updateTable('outbox').set({ to_address: 'eve@example.org' }).execute())
  assert.equal(await sendDue(sender(async () => assert.fail('was sent'))), 0)
  assert.match(logged.join(), /mail_given_up/)
  assert.deepEqual(await rows(), [])
})

test('RST-02: the row is sealed, and goes when the letter was sent', async () => {
  await enqueue()
  const [row] = await rows()
  assert.ok(row && !Buffer.from(row.sealed).includes('secret-token'))
  const sent: Letter[] = []
  assert.equal(await sendDue(sender(async (given) => void sent.push(given))), 1)
  assert.deepEqual(sent, [{ to: letter.to, subject: letter.subject, text: link, html: link }])
  assert.deepEqual(await rows(), [])
})

test('a refused letter is tried again after growing rests, given up after a day, and its link is in no log', async () => {
  await enqueue()
  let tries = 0
  for (; (await rows()).length > 0; tries++) {
    assert.ok(tries < 50)
    await sendDue(sender(refuse))
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
  await Promise.all([sendDue(sender(send)), sendDue(sender(send))])
  assert.equal(sent, 5)

  await enqueue()
  const [row] = await rows()
  assert.ok(row)
  await createOutboxStore(db).lease(row.id, now, now + minutes(5))
  assert.equal(await sendDue(sender(send)), 0)
  now += minutes(5)
  assert.equal(await sendDue(sender(send)), 1)
})

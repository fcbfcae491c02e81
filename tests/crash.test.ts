import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Known, keepBusy, newPerson, postTo, sessionOf } from './support/crash-people.ts'
import { acknowledged, noHalfTalk, talksKept } from './support/crash-talk.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'

const TIMES = 20
const PEOPLE = 8
/** The moments come after 0, 1, 2 ... words, and then from 0 again: some fall into the registrations, some into the talk. */
const WORDS = 7
const env = {
  PASSWORD_COST: '4',
  LOG_LEVEL: 'error',
  LIMIT_REGISTRATIONS: '100000',
  LIMIT_FAILURES_PER_ADDRESS: '100000',
  LIMIT_FAILURES_PER_ADDRESS_AND_ACCOUNT: '100000',
  LIMIT_FAILURES_PER_ACCOUNT: '100000',
}

test('AVL-03: kill -9 at twenty random moments: nothing acknowledged is lost, nothing half is found', async () => {
  const home = mkdtempSync(join(tmpdir(), 'crash-'))
  const dataDir = join(home, 'data')
  let acts = 0
  let words = 0
  try {
    for (let time = 0; time < TIMES; time++) {
      const server = await startServer({ env, dataDir })
      let over = false
      const people = Array.from({ length: PEOPLE }, newPerson)
      const busy = people.map((person) => keepBusy(person, server.url, () => over))
      await momentAfter(time % WORDS, people)
      server.kill('SIGKILL')
      await Promise.all(busy)
      over = true
      await server.stop()
      nothingHalf(join(dataDir, 'miachat.db'))
      noHalfTalk(join(dataDir, 'miachat.db'))
      const again = await startServer({ env, dataDir })
      try {
        for (const person of people) acts += await everythingKept(again, person)
        words += acknowledged(people.map(({ talks }) => talks))
      } finally {
        await again.stop()
      }
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
  assert.ok(acts > TIMES * PEOPLE, `the people were busy enough to show anything (${acts})`)
  assert.ok(words > 2 * TIMES, `the people talked enough to show anything (${words})`)
})

/**
 * A random moment after so many messages were acknowledged. Counted in what the people did, not in time: on a slow machine they
 * would have said nothing yet, and the test would show nothing.
 */
async function momentAfter(words: number, people: readonly Known[]): Promise<void> {
  const said = () => acknowledged(people.map(({ talks }) => talks))
  for (const end = performance.now() + 60_000; said() < words; await sleep(5)) {
    assert.ok(performance.now() < end, `the people said ${said()} of ${words} words in a minute`)
  }
  await sleep(Math.random() * 300)
}

/** What the database itself says after the crash. */
function nothingHalf(path: string): void {
  const db = new DatabaseSync(path)
  try {
    assert.deepEqual(db.prepare('PRAGMA integrity_check').all().map(Object.values), [['ok']])
    assert.deepEqual(db.prepare('PRAGMA foreign_key_check').all(), [])
    const count = (sql: string) => Number(Object.values(db.prepare(sql).get() ?? {})[0])
    assert.equal(
      count('SELECT count(*) FROM users'),
      count("SELECT count(*) FROM audit_events WHERE event = 'register' AND result = 'ok'"),
      'every account has its audit event, and no event is without its account',
    )
    assert.equal(
      count(`SELECT count(*) FROM token_families f WHERE NOT EXISTS
        (SELECT 1 FROM refresh_tokens r WHERE r.family_id = f.id AND r.used_at IS NULL)`),
      0,
      'every living family has one unused refresh token',
    )
    assert.equal(
      count(`SELECT count(*) FROM refresh_tokens r WHERE used_at IS NOT NULL AND NOT EXISTS
        (SELECT 1 FROM refresh_tokens s WHERE s.token_hash = r.successor_hash)`),
      0,
      'every used refresh token has its successor',
    )
  } finally {
    db.close()
  }
}

/** What the people know, asked of the server after its restart. Answers how many facts were checked. */
async function everythingKept(server: ServerProcess, person: Known): Promise<number> {
  const post = postTo(server.url)
  const check = async (cookie: string): Promise<boolean> => {
    const answer = await fetch(`${server.url}/auth/api/check`, { headers: { cookie } })
    return (await answer.text()).includes('"authenticated":true')
  }
  let facts = 0
  for (const [cookie, state] of person.sessions) {
    if (state === 'perhaps') continue
    facts++
    assert.equal(await check(cookie), state === 'open', `${person.username}: a session that is ${state}`)
  }
  for (const token of person.endedTokens) {
    facts++
    assert.equal((await post('/auth/api/refresh', { refresh_token: token })).status, 401, 'a family signed out')
  }
  for (const { token, certain } of person.families.values()) {
    const { status } = await post('/auth/api/refresh', { refresh_token: token })
    facts++
    if (certain) assert.equal(status, 200, `${person.username}: a refresh token that was given`)
    else assert.ok([200, 401].includes(status), `${person.username}: refresh answered ${status}`)
  }
  if (person.registered !== 'yes') return facts
  const answers = []
  for (const password of person.passwords) {
    answers.push(await post('/auth/login', { username: person.username, password }))
  }
  // With a change under way either the new password holds or the old one, never both and never none.
  const [signedIn, ...others] = answers.filter(({ status }) => status === 200)
  assert.ok(signedIn && others.length === 0, `${person.username}: ${answers.map(({ status }) => status)}`)
  return facts + 1 + (await talksKept(server.url, post, sessionOf(signedIn), person.talks))
}

import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Auth, createAuth, openDatabase } from '@miachat/auth'
import { z } from 'zod'
import { type CommandResult, miachat } from '../../../tests/support/miachat-command.ts'
import { testDatabase } from '../../../tests/support/postgres.ts'

const original = fileURLToPath(new URL('./fixtures/python-original/miachat.db', import.meta.url))
const people: { username: string; email: string; password: string; note: string }[] = JSON.parse(
  readFileSync(new URL('./fixtures/python-original/users.json', import.meta.url), 'utf8'),
)
const baseUrl = 'http://localhost:8080'
const digest = (path: string): string => hash('sha256', readFileSync(path), 'hex')

/** A data folder, and a database of its own on the kind that TEST_DATABASE names. */
async function place() {
  const folder = mkdtempSync(join(tmpdir(), 'miachat-import-test-'))
  const dataDir = join(folder, 'data')
  const postgres = process.env['TEST_DATABASE'] === 'postgres' ? await testDatabase() : null
  const url = postgres?.url ?? `sqlite:${join(dataDir, 'miachat.db')}`
  return {
    folder,
    url,
    run: (...args: string[]): Promise<CommandResult> =>
      miachat(args, { dataDir, cwd: folder, env: postgres ? { DATABASE_URL: url } : {} }),
    openAuth: (): Promise<Auth> =>
      createAuth({
        database: url,
        secret: 'a secret of the tests, long enough to be taken',
        baseUrl,
        passwords: { scheme: 'bcrypt', cost: 4 },
      }),
    async remove() {
      rmSync(folder, { recursive: true, force: true })
      await postgres?.drop()
    },
  }
}

async function signIn(auth: Auth, username: string, password: string, address = '127.0.0.1') {
  const request = new Request(`${baseUrl}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: baseUrl },
    body: JSON.stringify({ username, password }),
  })
  const response = await auth.fetch(request, { address })
  const body: { user?: { id: number; username: string } } = JSON.parse(await response.text())
  return { status: response.status, user: body.user }
}

describe('the people of the Python original', () => {
  let here: Awaited<ReturnType<typeof place>>
  let auth: Auth
  let report: CommandResult
  before(async () => {
    here = await place()
    const before = digest(original)
    report = await here.run('import', original)
    assert.equal(digest(original), before)
    auth = await here.openAuth()
  })
  after(async () => {
    await auth.close()
    await here.remove()
  })

  const storedHash = async (id: number): Promise<unknown> => {
    const { rows } = await auth.connection.read({
      sql: `SELECT password_hash FROM users WHERE id = ${id}`,
      parameters: [],
    })
    const [row] = rows
    return typeof row === 'object' && row !== null && 'password_hash' in row ? row.password_hash : null
  }

  test('STO-03: every row is in, with its number, its spelling and its times', async () => {
    assert.equal(report.code, 0, report.stderr)
    const users = await auth.admin.listUsers(0, 100)
    assert.deepEqual(
      users.map(({ id, username, email }) => ({ id, username, email })),
      people.map(({ username, email }, index) => ({ id: index + 1, username, email })),
    )
    assert.equal(users[0]?.createdAt, '2026-11-22T19:05:38.000Z')
    assert.equal(users[0]?.lastLogin, '2026-11-22T19:05:50.780Z')
    assert.equal(users[2]?.lastLogin, null)
    assert.deepEqual(
      users.filter(({ isActive }) => !isActive).map(({ username }) => username),
      ['gone1'],
    )
  })

  test('each row that needs a decision is told with number, name, address and how that person signs in', () => {
    const told = new Map(
      [...report.stdout.matchAll(/^id (\d+), name (".*"), address (".*")\n((?: {2}.*\n)+)/gm)].map((match) => [
        Number(match[1]),
        { name: JSON.parse(match[2] ?? ''), address: JSON.parse(match[3] ?? ''), words: match[4] ?? '' },
      ]),
    )
    assert.deepEqual([...told.keys()], [31, 32, 33, 36, 37, 38, 39, 40, 42])
    for (const [id, { name, address, words }] of told) {
      assert.deepEqual([name, address], [people[id - 1]?.username, people[id - 1]?.email])
      assert.match(words, /Signs in with ".*" and the old password\.\n$/)
    }
    assert.match(told.get(39)?.words ?? '', /Signs in with "squatter1@example\.org" and/)
    assert.match(report.stdout, /holds 42 people: 42 are taken over\. 1 of them is disabled\. 9 rows above/)
    assert.equal(report.stdout.includes('$2b$'), false)
  })

  test('every active person signs in with the old password, by name or address, and reaches the own account', async () => {
    const all = people.map((person, index) => ({ ...person, id: index + 1 }))
    // The squatter's name is somebody else's address: the report names the own address instead.
    const nameOf = (person: (typeof all)[number]) => (person.id === 39 ? person.email : person.username)
    const answers = new Map<number, Awaited<ReturnType<typeof signIn>>>()
    for (let at = 0; at < all.length; at += 6) {
      await Promise.all(
        all.slice(at, at + 6).map(async (person) => {
          answers.set(person.id, await signIn(auth, nameOf(person), person.password, `10.0.0.${person.id}`))
        }),
      )
    }
    for (const { id, username } of all) {
      const answer = answers.get(id)
      if (username === 'gone1') assert.equal(answer?.status, 401)
      else assert.deepEqual({ username, id: answer?.user?.id }, { username, id })
    }
  })

  test('PW-10: the hash was renewed at that sign-in, and the next one goes by the new hash', async () => {
    for (const [index, { username, email, password }] of people.entries()) {
      const stored = String(await storedHash(index + 1))
      if (username === 'gone1') {
        assert.match(stored, /^\$2b\$12\$/)
        continue
      }
      assert.match(stored, /^\$(2b|bcrypt-hmac-sha384\$2b)\$04\$/)
      assert.equal((await signIn(auth, email, password, `10.0.1.${index}`)).user?.id, index + 1, email)
    }
  })

  test('PW-06: over 72 bytes only the old hash let another tail in', async () => {
    const long = people.find(({ username }) => username === 'long1')
    assert.ok(long)
    assert.equal((await signIn(auth, 'long1', `${long.password.slice(0, 72)} another tail`, '10.0.2.1')).status, 401)
    assert.equal((await signIn(auth, 'long1', long.password, '10.0.2.1')).status, 200)
  })

  test('LOG-01: whoever took an address for a name neither gets in by it nor shuts its owner out', async () => {
    assert.equal((await signIn(auth, 'mia1@example.org', 'squats on an address 7', '10.0.3.1')).status, 401)
    assert.equal((await signIn(auth, 'mia1@example.org', 'second of the twins 2', '10.0.3.2')).user?.id, 32)
  })

  test('blanks that a keyboard adds or that the old name had do not matter', async () => {
    for (const name of [' spaced1 ', 'spaced1', 'SPACED1', 'spaced1@example.org']) {
      assert.equal((await signIn(auth, name, ' spaces count 10 ', '10.0.4.1')).user?.id, 42, name)
    }
    assert.equal((await signIn(auth, 'spaced1', 'spaces count 10', '10.0.4.2')).status, 401)
  })

  test('a second import changes nothing', async () => {
    const before = await Promise.all(people.map((_, index) => storedHash(index + 1)))
    const again = await here.run('import', original)
    assert.equal(again.code, 0)
    assert.match(again.stdout, /holds 42 people: 0 are taken over, 42 were taken over before\.\n$/)
    assert.deepEqual(await Promise.all(people.map((_, index) => storedHash(index + 1))), before)
    assert.equal((await auth.admin.listUsers(0, 100)).length, 42)
  })
})

describe('a dry run changes nothing', () => {
  /** All that the database holds: the bytes of its files, or the rows of each of its tables. */
  async function held(url: string, dataDir: string): Promise<Record<string, string>> {
    if (!url.startsWith('postgres')) {
      // The shared memory of a running server holds the marks of who reads at the moment.
      const files = readdirSync(dataDir, { recursive: true, encoding: 'utf8' }).filter((name) => !name.endsWith('-shm'))
      return Object.fromEntries(files.sort().map((name) => [name, digest(join(dataDir, name))]))
    }
    const connection = await openDatabase(url)
    const read = async (sql: string) =>
      z.array(z.object({ text: z.string().nullable() })).parse((await connection.read({ sql, parameters: [] })).rows)
    const names = await read("SELECT table_name AS text FROM information_schema.tables WHERE table_schema = 'public'")
    const tables: Record<string, string> = {}
    for (const { text: name } of names) {
      const rows = await read(`SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) AS text FROM "${name}" t`)
      tables[`${name}`] = rows[0]?.text ?? 'empty'
    }
    await connection.close()
    return tables
  }

  async function dryRun(here: Awaited<ReturnType<typeof place>>): Promise<void> {
    const { code, stdout, stderr } = await here.run('import', original, '--dry-run')
    assert.equal(code, 0, stderr)
    assert.match(stdout, /42 would be taken over.*\nThis was a dry run: nothing was changed\.\n$/)
  }

  test('where nothing is yet, no table and no file is made', async () => {
    const here = await place()
    try {
      await dryRun(here)
      assert.equal(existsSync(join(here.folder, 'data')), false)
      if (here.url.startsWith('postgres')) assert.deepEqual(await held(here.url, here.folder), {})
    } finally {
      await here.remove()
    }
  })

  test('a database that waits for a migration goes on waiting, beside a running server and alone', async () => {
    const here = await place()
    const dataDir = join(here.folder, 'data')
    try {
      // The library alone makes its own tables only: those of talking are what waits.
      const auth = await here.openAuth()
      await auth.registerUser({ username: 'early', email: 'early@example.org', password: 'came before the import' })
      const beside = await held(here.url, dataDir)
      await dryRun(here)
      assert.deepEqual(await held(here.url, dataDir), beside)
      await auth.close()
      const before = await held(here.url, dataDir)
      assert.ok(Object.keys(before).length > 0)
      await dryRun(here)
      assert.deepEqual(await held(here.url, dataDir), before)
      // And it was waiting: the run in earnest makes what was missing.
      assert.equal((await here.run('import', original)).code, 0)
      const connection = await openDatabase(here.url)
      await connection.read({ sql: 'SELECT id FROM conversations', parameters: [] })
      await connection.close()
    } finally {
      await here.remove()
    }
  })
})

describe('files and databases that are not as they should be', () => {
  let here: Awaited<ReturnType<typeof place>>
  let source: string
  before(async () => {
    here = await place()
    source = join(here.folder, 'source')
    mkdirSync(source)
  })
  after(() => here.remove())

  const nobody = async () => {
    const { code, stdout } = await here.run('import', original, '--dry-run')
    assert.equal(code, 0)
    assert.match(stdout, /42 would be taken over/)
  }

  test('what is no file of the Python original is refused in a sentence, and nobody is taken over', async () => {
    const file = (name: string) => join(source, name)
    writeFileSync(file('text.db'), 'users\n')
    writeFileSync(file('empty.db'), '')
    copyFileSync(original, file('cut.db'))
    truncateSync(file('cut.db'), 5000)
    const damaged = readFileSync(original)
    damaged.fill(0xff, 4096, 12_288)
    writeFileSync(file('damaged.db'), damaged)
    const other = new DatabaseSync(file('other.db'))
    other.exec('CREATE TABLE songs (id INTEGER)')
    other.close()
    const narrow = new DatabaseSync(file('narrow.db'))
    narrow.exec('CREATE TABLE users (id INTEGER, username TEXT)')
    narrow.close()
    const ours = new DatabaseSync(file('ours.db'))
    ours.exec('CREATE TABLE users (id INTEGER); CREATE TABLE schema_migrations (number INTEGER)')
    ours.close()
    const cases: [string, RegExp][] = [
      [file('nowhere.db'), /^miachat: ".*nowhere\.db" does not exist\.\n$/],
      [source, /is a folder\.\n$/],
      [file('text.db'), /is no SQLite database\.\n$/],
      [file('empty.db'), /is empty\.\n$/],
      [file('cut.db'), /(is damaged|cannot be read as a database): .* Nothing was taken over\.\n$/s],
      [file('damaged.db'), /(is damaged|cannot be read as a database): .* Nothing was taken over\.\n$/s],
      [file('other.db'), /has no table of people/],
      [file('narrow.db'), /lacks email, password_hash, created_at, last_login, is_active: it is no database of/],
      [file('ours.db'), /is a database of this MiaChat, .* miachat restore FILE\n$/],
      ['/dev/null', /is no file\.\n$/],
    ]
    for (const [path, sentence] of cases) {
      const { code, stdout, stderr } = await here.run('import', path)
      assert.equal(code, 1, path)
      assert.match(stderr, sentence)
      assert.doesNotMatch(stderr, /\n {4}at /, 'a sentence, not a stack')
      assert.equal(stdout, '')
    }
    assert.equal((await here.run('import')).code, 2)
    assert.equal((await here.run('import', original, '--no-such-option')).code, 2)
    await nobody()
  })

  test('a write-ahead log beside the file is read too, and neither is touched, also in a folder that is read-only', async () => {
    const busy = join(source, 'busy')
    const kept = join(source, 'kept')
    mkdirSync(busy)
    copyFileSync(original, join(busy, 'miachat.db'))
    const program = new DatabaseSync(join(busy, 'miachat.db'))
    program.exec(`PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;
      INSERT INTO users SELECT 50, 'late1', 'late1@example.org', password_hash, created_at, NULL, 1 FROM users WHERE id = 1`)
    // As a crash would leave it: the row stands in the log alone.
    cpSync(busy, kept, { recursive: true })
    program.close()
    const files = readdirSync(kept).sort()
    assert.ok(files.includes('miachat.db-wal'))
    const before = files.map((name) => digest(join(kept, name)))
    chmodSync(kept, 0o500)
    const { code, stdout } = await here.run('import', join(kept, 'miachat.db'), '--dry-run')
    chmodSync(kept, 0o700)
    assert.equal(code, 0)
    assert.match(stdout, /holds 43 people/)
    assert.deepEqual(readdirSync(kept).sort(), files)
    assert.deepEqual(
      files.map((name) => digest(join(kept, name))),
      before,
    )
  })

  test('people who are here already stay as they are', async () => {
    const auth = await here.openAuth()
    try {
      await auth.registerUser({ username: 'ada417', email: 'elif9326@example.org', password: 'a new ada came first' })
      const { code, stdout } = await here.run('import', original)
      assert.equal(code, 0)
      assert.match(
        stdout,
        /^id 1, .*\n {2}The number 1 was given to another account here; this one has 43\.\n {2}Somebody/m,
      )
      assert.match(stdout, /Signs in with "ada417-5" or "ada417@example\.org"/)
      assert.equal((await signIn(auth, 'ada417', 'a new ada came first')).user?.id, 1)
      assert.equal((await auth.admin.listUsers(0, 100)).length, 43)
    } finally {
      await auth.close()
    }
  })
})

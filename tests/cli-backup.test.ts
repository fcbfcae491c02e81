import assert from 'node:assert/strict'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { createClient } from './support/http-client.ts'
import { miachat } from './support/miachat-command.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'

const password = 'a walk by the river'
const cheap = { PASSWORD_COST: '4', LIMIT_REGISTRATIONS: '1000' }

describe('backups and restoring', () => {
  let folder: string
  let dataDir: string
  let server: ServerProcess | null = null
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'miachat-backup-'))
    dataDir = join(folder, 'data')
  })
  afterEach(async () => {
    await server?.stop()
    server = null
    rmSync(folder, { recursive: true, force: true })
  })
  const run = (...args: string[]) => miachat(args, { dataDir, cwd: folder, env: cheap })
  const start = async (port?: number) => {
    server = await startServer({ dataDir, env: cheap, ...(port === undefined ? {} : { port }) })
    return server
  }
  const stop = async () => {
    await server?.stop()
    server = null
  }

  test('STO-05: a copy made under load is sound, for its owner alone, and holds everybody who was answered before', async () => {
    const { url } = await start()
    const answered: string[] = []
    let going = true
    const load = (async () => {
      for (let n = 0; going; n++) {
        const { status } = await createClient(url).register(`person${n}`, `password of person ${n} here`)
        if (status === 200) answered.push(`person${n}`)
      }
    })()
    while (answered.length < 4) await new Promise((resolve) => setTimeout(resolve, 50))
    const known = [...answered]
    const { code, stdout, stderr } = await run('backup', join(folder, 'copy.db'))
    going = false
    await load
    assert.equal(code, 0, stderr)
    assert.match(stdout, /copy\.db \(\d+ KiB\) is a sound copy/)
    assert.equal(statSync(join(folder, 'copy.db')).mode & 0o777, 0o600)
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('copy')),
      ['copy.db'],
    )
    const copy = new DatabaseSync(join(folder, 'copy.db'), { readOnly: true })
    const names = new Set(
      copy
        .prepare('SELECT username FROM users')
        .all()
        .map((row) => row['username']),
    )
    for (const name of known) assert.ok(names.has(name), name)
    copy.close()
    // Hashes only: neither a session's value nor the key can be read from it.
    const bytes = readFileSync(join(folder, 'copy.db')).toString('latin1')
    const [key = '-'] = readFileSync(join(dataDir, 'secret-key'), 'utf8')
      .split('\n')
      .filter((line) => /^[\w-]{20,}$/.test(line))
    assert.equal(bytes.includes(key), false)
  })

  test('without a name it lies in the folder of backups; nothing is overwritten; without a database there is none', async () => {
    assert.match((await run('backup')).stderr, /there is no database at/)
    await start()
    const { code } = await run('backup')
    assert.equal(code, 0)
    const [name = ''] = readdirSync(join(dataDir, 'backups'))
    assert.match(name, /^miachat-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.db$/)
    writeFileSync(join(folder, 'mine.db'), 'mine')
    const refused = await run('backup', join(folder, 'mine.db'))
    assert.deepEqual([refused.code, readFileSync(join(folder, 'mine.db'), 'utf8')], [1, 'mine'])
    assert.match(refused.stderr, /is there already and is not overwritten/)
    assert.equal((await run('backup', folder)).code, 0)
    assert.match((await run('backup', '/proc/nowhere/x.db')).stderr, /cannot be written/)
  })

  test('a restore brings back what was, keeps what was replaced, and lets no ended session come back', async () => {
    const { url, port } = await start()
    const stolen = createClient(url)
    await stolen.register('dora', password)
    const former = [...(await run('backup', join(folder, 'b.db'))).stdout]
    assert.ok(former.length > 0)
    const late = createClient(url)
    await late.register('late', password)
    const running = await run('restore', join(folder, 'b.db'))
    assert.deepEqual(
      [running.code, running.stderr],
      [1, 'miachat: MiaChat is running on this database. Stop it first, then restore.\n'],
    )
    assert.equal(await late.whoAmI(), 'late')
    await stop()

    const restored = await run('restore', join(folder, 'b.db'))
    assert.equal(restored.code, 0, restored.stderr)
    assert.match(restored.stdout, /Everybody signs in again/)
    assert.match(restored.stdout, /The key that is given is the one that this database needs/)
    const kept = readdirSync(dataDir).find((name) => name.startsWith('miachat.db.replaced-')) ?? ''
    const replaced = new DatabaseSync(join(dataDir, kept), { readOnly: true })
    assert.equal(replaced.prepare("SELECT count(*) AS n FROM users WHERE username = 'late'").get()?.['n'], 1)
    replaced.close()
    assert.equal(statSync(join(dataDir, kept)).mode & 0o777, 0o600)
    assert.equal(statSync(join(dataDir, 'miachat.db')).mode & 0o777, 0o600)

    await start(port)
    assert.equal(await stolen.whoAmI(), null)
    assert.equal((await stolen.signIn('dora', password)).status, 200)
    assert.equal((await late.signIn('late', password)).status, 401)
  })

  test('--keep-sessions keeps those of the backup; a key that is missing is told', async () => {
    const { url, port } = await start()
    const browser = createClient(url)
    await browser.register('dora', password)
    await run('backup', join(folder, 'b.db'))
    await stop()
    rmSync(dataDir, { recursive: true })
    const bare = await run('restore', join(folder, 'b.db'), '--keep-sessions')
    assert.equal(bare.code, 0, bare.stderr)
    assert.match(bare.stdout, /There is no key here: backups do not hold it/)
    for (const [name, value] of [
      ['SECRET_KEY', 'short'],
      ['SECRET_KEY_FILE', join(folder, 'nowhere')],
    ] as const) {
      const unusable = await miachat(['restore', join(folder, 'b.db')], {
        dataDir,
        cwd: folder,
        env: { ...cheap, [name]: value },
      })
      assert.deepEqual([unusable.code, unusable.stderr], [0, ''], name)
      assert.match(unusable.stdout, new RegExp(`^Before you start MiaChat, put the key right\\. .*${name}`, 'm'))
    }
    await run('keys', 'init')
    rmSync(join(dataDir, 'miachat.db'))
    const other = await run('restore', join(folder, 'b.db'), '--keep-sessions')
    assert.match(other.stdout, /This database was used with another key \([\w-]{12}\) than the one given here/)
    await run('keys', 'rotate', '--lost')
    await start(port)
    assert.equal(await browser.whoAmI(), 'dora')
  })

  test('what is no sound backup is refused in a sentence, and the database stays', async () => {
    await start()
    const good = join(folder, 'good.db')
    await run('backup', good)
    await stop()
    const before = readFileSync(join(dataDir, 'miachat.db'))
    const file = (name: string) => join(folder, name)
    copyFileSync(good, file('cut.db'))
    truncateSync(file('cut.db'), 60_000)
    const damaged = readFileSync(good)
    damaged.fill(0xff, 8192, 40_000)
    writeFileSync(file('damaged.db'), damaged)
    writeFileSync(
      file('text.db'),
      'not a database, not at all, but long enough to have a header of one hundred bytes. '.repeat(9),
    )
    const other = new DatabaseSync(file('other.db'))
    other.exec('CREATE TABLE users (id INTEGER)')
    other.close()
    copyFileSync(good, file('newer.db'))
    const newer = new DatabaseSync(file('newer.db'))
    newer.exec(
      "PRAGMA journal_mode = DELETE; INSERT INTO schema_migrations VALUES ('auth', 99, 'of a time to come', 1)",
    )
    newer.close()
    mkdirSync(file('folder'))
    const cases: [string, RegExp][] = [
      [file('nowhere.db'), /does not exist/],
      [file('folder'), /is no file/],
      [file('cut.db'), /(is damaged|cannot be restored): /],
      [file('damaged.db'), /(is damaged|cannot be restored): /],
      [file('text.db'), /cannot be restored: file is not a database/],
      [file('other.db'), /is no backup of MiaChat.*miachat import FILE/],
      [file('newer.db'), /by a newer program/],
      [join(dataDir, 'miachat.db'), /is the database itself/],
    ]
    for (const [path, sentence] of cases) {
      const { code, stdout, stderr } = await run('restore', path)
      assert.deepEqual([code, stdout], [1, ''], path)
      assert.match(stderr, sentence)
      assert.doesNotMatch(stderr, /\n {4}at /)
    }
    assert.deepEqual(readFileSync(join(dataDir, 'miachat.db')), before)
    assert.deepEqual(
      readdirSync(dataDir).filter((name) => /restoring|replaced/.test(name)),
      [],
    )
  })

  test('a database that is damaged itself can be replaced', async () => {
    await start()
    const good = join(folder, 'good.db')
    await run('backup', good)
    await stop()
    writeFileSync(join(dataDir, 'miachat.db'), 'no database any more '.repeat(999))
    const { code, stdout, stderr } = await run('restore', good)
    assert.equal(code, 0, stderr)
    assert.match(stdout, /What was there before is kept as/)
    await start()
    assert.ok(existsSync(join(dataDir, 'miachat.db')))
  })

  test('STO-05: the log of a database that is gone does not find its way into the backup', async () => {
    const { url, pid } = await start()
    for (let n = 0; n < 3; n++) await createClient(url).register(`early${n}`, `password of early ${n} here`)
    const copy = join(folder, 'copy.db')
    await run('backup', copy)
    for (let n = 0; n < 8; n++) await createClient(url).register(`late${n}`, `password of late ${n} here`)
    process.kill(pid, 'SIGKILL')
    await stop()
    assert.ok(statSync(join(dataDir, 'miachat.db-wal')).size > 0, 'a crash leaves the log')
    rmSync(join(dataDir, 'miachat.db'))
    const { code, stderr } = await run('restore', copy)
    assert.equal(code, 0, stderr)
    const { stdout } = await run('user', 'list')
    assert.equal(stdout.match(/ early\d /g)?.length, 3, stdout)
    assert.doesNotMatch(stdout, /late/)
    const db = new DatabaseSync(join(dataDir, 'miachat.db'), { readOnly: true })
    assert.deepEqual(Object.values(db.prepare('PRAGMA integrity_check').get() ?? {}), ['ok'])
    db.close()
  })

  test('PostgreSQL has its own tools; their commands are printed without the password', async () => {
    const env = { DATABASE_URL: 'postgres://mia:very-secret@db.example.org:5433/chat' }
    for (const [words, tool] of [
      [['backup'], /pg_dump --format=custom --file=miachat\.dump 'postgres:\/\/mia@db\.example\.org:5433\/chat'/],
      [['restore', 'x.dump'], /pg_restore .*--dbname='postgres:\/\/mia@db\.example\.org:5433\/chat' miachat\.dump/],
      [['copy', '--to', 'postgres://x/y'], /is a PostgreSQL already/],
    ] as const) {
      const { code, stderr } = await miachat(words, { dataDir, cwd: folder, env })
      assert.equal(code, 1)
      assert.match(stderr, tool)
      assert.doesNotMatch(stderr, /very-secret/)
    }
  })
})

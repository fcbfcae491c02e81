import assert from 'node:assert/strict'
import { after, before, describe, mock, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { minutes, seconds } from '@miachat/auth'
import { watchHashing } from './support/hash-jobs.ts'
import { rowsOf, setUser, stored } from './support/stored.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const RIGHT = 'a walk by the river'
const WRONG = 'not the password'

interface Attempt {
  readonly username: string
  readonly password?: string
  readonly address?: string
  readonly path?: '/auth/login' | '/auth/api/login'
  readonly cookie?: string
}

/** One attempt of a client that has no cookies but those named here; by default a wrong password at the token API. */
async function attempt(world: TestAuth, { username, password = WRONG, address, path, cookie }: Attempt) {
  const browser = world.browser(address === undefined ? {} : { address })
  const response = await browser.send(path ?? '/auth/api/login', {
    json: { username, password },
    headers: cookie === undefined ? {} : { cookie },
  })
  const { request_id, ...body } = JSON.parse(await response.text())
  return { status: response.status, body, headers: response.headers, browser }
}

const statuses = (answers: readonly { status: number }[]): number[] => answers.map(({ status }) => status)

async function inTurn<T>(times: number, work: (n: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let n = 0; n < times; n++) results.push(await work(n))
  return results
}

const atOnce = <T>(times: number, work: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, (_, n) => work(n)))

const deviceCookie = (jar: ReadonlyMap<string, string>): string => `mia_device=${jar.get('mia_device')}`

/** A hundred failures in a row, each from an address of its own. */
const besiege = (world: TestAuth, username: string) =>
  inTurn(100, (n) => attempt(world, { username, address: `198.51.${n}.7` }))

describe('limits of the sign-in', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth()
  })
  after(() => world.close())

  test('LIM-01: ten failures of one address with one account; then the right password is refused there, and only there', async () => {
    await signedUp(world, 'ida')
    const address = '203.0.113.1'
    const failures = await inTurn(10, () => attempt(world, { username: 'ida', address }))
    assert.deepEqual(new Set(statuses(failures)), new Set([401]))
    assert.equal((await attempt(world, { username: 'ida', address, password: RIGHT })).status, 429)
    assert.equal((await attempt(world, { username: 'ida', address: '203.0.113.2', password: RIGHT })).status, 200)
    assert.equal((await attempt(world, { username: 'somebody-else', address })).status, 401)
  })

  test('LIM-01: thirty failures of one address over all names; then every name is refused there', async () => {
    await signedUp(world, 'jan')
    const address = '203.0.113.3'
    const failures = await inTurn(30, (n) => attempt(world, { username: `name-${n}`, address }))
    assert.deepEqual(new Set(statuses(failures)), new Set([401]))
    assert.equal((await attempt(world, { username: 'name-30', address })).status, 429)
    assert.equal((await attempt(world, { username: 'jan', address, password: RIGHT })).status, 429)
  })

  test('LIM-07: the addresses of one IPv6 network share a budget, and a mapped IPv4 address is the IPv4 address', async () => {
    await inTurn(10, (n) => attempt(world, { username: 'six', address: `2001:db8:7:7::${n}` }))
    assert.equal((await attempt(world, { username: 'six', address: '2001:db8:7:7:ffff::1' })).status, 429)
    assert.equal((await attempt(world, { username: 'six', address: '2001:db8:7:8::1' })).status, 401)
    await inTurn(10, () => attempt(world, { username: 'four', address: '::ffff:203.0.113.40' }))
    assert.equal((await attempt(world, { username: 'four', address: '203.0.113.40' })).status, 429)
  })

  test('LIM-06: the refusal is the same for names that exist and names that do not, and says when to come back', async () => {
    await signedUp(world, 'known-one')
    const refusals = await Promise.all(
      ['known-one', 'nobody-at-all'].map(async (username, n) => {
        const address = `203.0.113.${50 + n}`
        await inTurn(10, () => attempt(world, { username, address }))
        return attempt(world, { username, address })
      }),
    )
    const [known, unknown] = refusals
    assert.ok(known && unknown)
    assert.equal(known.status, 429)
    assert.equal(known.body.code, 'too_many_attempts')
    assert.match(known.body.detail, /^Too many attempts\. Try again in 15 minutes\.$/)
    assert.deepEqual(known.body, unknown.body)
    assert.deepEqual([...known.headers.keys()], [...unknown.headers.keys()])
    const wait = Number(known.headers.get('retry-after'))
    assert.ok(Number.isInteger(wait) && wait > 880 && wait <= 900, `Retry-After: ${wait}`)
    world.pass(seconds(wait))
    assert.equal(
      (await attempt(world, { username: 'known-one', address: '203.0.113.50', password: RIGHT })).status,
      200,
    )
  })

  test('L4, LIM-06: a person with a page gets a page that says when to come back and how to get a new password', async () => {
    const browser = world.browser({ address: '203.0.113.60' })
    await inTurn(10, () => browser.send('/auth/login', { form: { username: 'paula', password: WRONG } }))
    const refused = await browser.send('/auth/login', { form: { username: 'paula', password: WRONG } })
    assert.equal(refused.status, 429)
    assert.match(refused.headers.get('retry-after') ?? '', /^\d+$/)
    assert.match(refused.headers.get('content-type') ?? '', /^text\/html/)
    const page = await refused.text()
    assert.match(page, /Try again in 15 minutes\./)
    assert.match(page, /<a href="\/auth\/forgot">Forgot password\?<\/a>/)
    assert.equal((await browser.get('/auth/forgot')).status, 200, 'which a limited address may still open')
  })

  test('LIM-06: nine typos cost nothing, and the right password after them starts anew', async () => {
    await signedUp(world, 'typo')
    for (let round = 0; round < 2; round++) {
      await inTurn(9, () => attempt(world, { username: 'typo', address: '203.0.113.61' }))
      const right = await attempt(world, { username: 'typo', address: '203.0.113.61', password: RIGHT })
      assert.equal(right.status, 200)
    }
  })

  test('LIM-04: name, address, other case, other width, blanks, page and token API are one account to the counter', async () => {
    await signedUp(world, 'Sophie')
    const spellings = ['Sophie', 'sophie', 'SOPHIE', 'ｓophie', ' sophie ', 'sophie@example.org', 'SOPHIE@Example.org']
    const address = '203.0.113.70'
    const failures = await inTurn(10, (n) =>
      attempt(world, {
        username: spellings[n % spellings.length] ?? '',
        address,
        path: n % 2 === 0 ? '/auth/login' : '/auth/api/login',
      }),
    )
    assert.deepEqual(new Set(statuses(failures)), new Set([401]))
    for (const username of spellings) {
      for (const path of ['/auth/login', '/auth/api/login'] as const) {
        assert.equal((await attempt(world, { username, address, path, password: RIGHT })).status, 429, username)
      }
    }
  })

  test('LIM-04: spellings of a name that nobody has share a counter too, or the difference would tell', async () => {
    const address = '203.0.113.71'
    const spellings = ['Ghost', 'ghost', 'GHOST', 'ｇhost', ' ghost ']
    await inTurn(10, (n) => attempt(world, { username: spellings[n % spellings.length] ?? '', address }))
    assert.equal((await attempt(world, { username: 'ghost', address })).status, 429)
  })

  test('LIM-05: a success forgets the failures with this account, not those of the address', async () => {
    await signedUp(world, 'toni')
    const address = '203.0.113.72'
    await inTurn(9, () => attempt(world, { username: 'toni', address }))
    await inTurn(9, () => attempt(world, { username: 'other-one', address }))
    assert.equal((await attempt(world, { username: 'toni', address, password: RIGHT })).status, 200)
    await inTurn(9, () => attempt(world, { username: 'toni', address }))
    assert.equal((await attempt(world, { username: 'other-one', address })).status, 401, 'the tenth of that name')
    assert.equal((await attempt(world, { username: 'other-one', address })).status, 429, 'the eleventh')
    const last = await attempt(world, { username: 'third-one', address })
    assert.equal(last.status, 401, 'the twenty-ninth of the address')
    await attempt(world, { username: 'third-one', address })
    assert.equal((await attempt(world, { username: 'fourth-one', address })).status, 429, 'the address has had thirty')
  })

  test('LIM-08: a limited address goes on with its session, its tokens and the pages', async () => {
    const address = '203.0.113.73'
    await signedUp(world, 'viola')
    const program = await attempt(world, { username: 'viola', address, password: RIGHT })
    const browser = (await attempt(world, { username: 'viola', address, password: RIGHT, path: '/auth/login' })).browser
    await inTurn(30, (n) => attempt(world, { username: `victim-${n}`, address }))
    assert.equal((await attempt(world, { username: 'viola', address, password: RIGHT })).status, 429)
    assert.equal((await browser.get('/settings')).status, 200)
    const anonymous = world.browser({ address })
    assert.equal((await anonymous.get('/auth/login')).status, 200)
    const authorization = `Bearer ${program.body.access_token}`
    assert.equal((await anonymous.get('/auth/api/me', { authorization })).status, 200)
    const refreshed = await anonymous.send('/auth/api/refresh', { json: { refresh_token: program.body.refresh_token } })
    assert.equal(refreshed.status, 200)
    assert.equal((await browser.send('/auth/logout', { form: {} })).status, 303)
  })

  test('LIM-03: an attempt whose check could not be made counts nothing', async () => {
    await signedUp(world, 'busy')
    const address = '203.0.113.74'
    const hashing = watchHashing()
    hashing.keep()
    // The only thread holds one; the line has room for 128 more; then 503 with Retry-After.
    const crowd = atOnce(129, (n) => attempt(world, { username: `crowd-${n}`, address: `192.0.2.${n}` }))
    await until(async () => (await heldPlaces(world)) === 129)
    const overloaded = await inTurn(12, () => attempt(world, { username: 'busy', address, password: RIGHT }))
    hashing.restore()
    assert.deepEqual(new Set(statuses(overloaded)), new Set([503]))
    assert.match(overloaded[0]?.headers.get('retry-after') ?? '', /^\d+$/)
    await crowd
    assert.equal((await attempt(world, { username: 'busy', address, password: RIGHT })).status, 200)
  })
})

describe('limits under attack by many at once', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth({ passwords: { scheme: 'bcrypt', cost: 4, threads: 4 } })
  })
  after(() => world.close())

  test('LIM-03: sixty guesses at once get no more checks than the budget', async () => {
    await signedUp(world, 'mark')
    const hashing = watchHashing({ delay: 80 })
    const answers = await atOnce(60, () => attempt(world, { username: 'mark', address: '203.0.113.80' }))
    hashing.restore()
    assert.equal(hashing.jobs, 10)
    assert.equal(statuses(answers).filter((status) => status === 401).length, 10)
    assert.equal(statuses(answers).filter((status) => status === 429).length, 50)
  })

  test('LIM-03: sixty guesses at once at names that nobody has get no more checks than the budget of the address', async () => {
    const hashing = watchHashing({ delay: 80 })
    const answers = await atOnce(60, (n) => attempt(world, { username: `nobody-${n}`, address: '203.0.113.81' }))
    hashing.restore()
    assert.equal(hashing.jobs, 30)
    assert.equal(statuses(answers).filter((status) => status === 429).length, 30)
  })

  test('LOG-05: twenty right sign-ins at once all succeed', async () => {
    await signedUp(world, 'nora')
    const hashing = watchHashing({ delay: 80 })
    const answers = await atOnce(20, (n) =>
      attempt(world, {
        username: 'nora',
        password: RIGHT,
        address: '203.0.113.82',
        path: n % 2 === 0 ? '/auth/login' : '/auth/api/login',
      }),
    )
    hashing.restore()
    assert.deepEqual(statuses(answers), Array(20).fill(200))
  })

  test('LOG-05: they all succeed after nine failures too, and while somebody guesses from elsewhere', async () => {
    await signedUp(world, 'olga')
    const address = '203.0.113.83'
    await inTurn(9, () => attempt(world, { username: 'olga', address }))
    const hashing = watchHashing({ delay: 20 })
    const [answers] = await Promise.all([
      atOnce(20, () => attempt(world, { username: 'olga', password: RIGHT, address })),
      atOnce(20, () => attempt(world, { username: 'olga', address: '203.0.113.84' })),
    ])
    hashing.restore()
    assert.deepEqual(statuses(answers), Array(20).fill(200))
  })

  test('LOG-05: right sign-ins at once succeed while the first of them renews a hash from an import (PW-10)', async () => {
    await signedUp(world, 'petra')
    // bcrypt of "a walk by the river", as the Python original would have stored it.
    const { password_hash } = await stored(world)
      .read.selectFrom('users')
      .select('password_hash')
      .where('username', '=', 'petra')
      .executeTakeFirstOrThrow()
    await setUser(world, 'petra', { password_hash: password_hash.replace('$2b$', '$2a$'), password_imported: true })
    const answers = await atOnce(8, () =>
      attempt(world, { username: 'petra', password: RIGHT, address: '203.0.113.85' }),
    )
    assert.deepEqual(statuses(answers), Array(8).fill(200))
    const renewed = await stored(world)
      .read.selectFrom('users')
      .select(['password_hash', 'password_imported'])
      .where('username', '=', 'petra')
      .executeTakeFirstOrThrow()
    assert.match(renewed.password_hash, /^\$2b\$04\$/)
    assert.ok(!renewed.password_imported)
  })
})

describe('the owner is not locked out by strangers', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth()
  })
  after(() => world.close())

  test('LIM-01: after a hundred failures in a row over many addresses nobody gets in from a new one, for a day', async () => {
    await signedUp(world, 'rosa')
    const failures = await besiege(world, 'rosa')
    assert.deepEqual(new Set(statuses(failures)), new Set([401]))
    const stranger = { username: 'rosa', password: RIGHT, address: '198.51.200.1' }
    const refused = await attempt(world, stranger)
    assert.equal(refused.status, 429)
    assert.match(refused.body.detail, /Try again in 24 hours\./)
    world.pass(minutes(24 * 60 + 1))
    assert.equal((await attempt(world, stranger)).status, 200, 'no permanent lock')
  })

  test('LIM-02: a browser in which the owner has signed in before gets in all the same, from any address', async () => {
    const { jar } = await signedUp(world, 'siri')
    await besiege(world, 'siri')
    const cookie = deviceCookie(jar)
    assert.equal((await attempt(world, { username: 'siri', password: RIGHT, address: '198.51.200.2' })).status, 429)
    const known = await attempt(world, { username: 'siri', password: RIGHT, address: '198.51.200.2', cookie })
    assert.equal(known.status, 200)
    const page = await attempt(world, {
      username: 'SIRI@example.org',
      password: RIGHT,
      address: '198.51.0.7',
      cookie,
      path: '/auth/login',
    })
    assert.equal(page.status, 200)
  })

  test('LIM-02: open sessions and tokens of a besieged account go on', async () => {
    const browser = await signedUp(world, 'tina')
    const tokens = await attempt(world, { username: 'tina', password: RIGHT })
    await besiege(world, 'tina')
    assert.equal((await browser.get('/settings')).status, 200)
    const authorization = `Bearer ${tokens.body.access_token}`
    assert.equal((await world.browser().get('/auth/api/me', { authorization })).status, 200)
  })

  test('LIM-02: the device cookie of one account, or a made-up one, helps nothing with another account', async () => {
    await signedUp(world, 'ulla')
    const { jar } = await signedUp(world, 'mallory')
    await besiege(world, 'ulla')
    const value = jar.get('mia_device') ?? ''
    const flipped = value.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))
    for (const cookie of [
      value,
      flipped,
      `${value}.${value}`,
      '',
      'x'.repeat(3000),
      Buffer.alloc(30).toString('base64url'),
    ]) {
      const answer = await attempt(world, {
        username: 'ulla',
        password: RIGHT,
        address: '198.51.200.3',
        cookie: `mia_device=${cookie}`,
      })
      assert.equal(answer.status, 429)
    }
  })

  test('LIM-02: a known device has a budget too, and its failures cost strangers nothing', async () => {
    const { jar } = await signedUp(world, 'vera')
    const device = { username: 'vera', cookie: deviceCookie(jar) }
    const failures = await inTurn(10, (n) => attempt(world, { ...device, address: `198.51.201.${n}` }))
    assert.deepEqual(new Set(statuses(failures)), new Set([401]))
    assert.equal((await attempt(world, { ...device, password: RIGHT, address: '198.51.201.99' })).status, 429)
    assert.equal((await attempt(world, { username: 'vera', password: RIGHT, address: '198.51.201.99' })).status, 200)
    world.pass(minutes(15))
    assert.equal((await attempt(world, { ...device, password: RIGHT, address: '198.51.201.99' })).status, 200)
  })

  test('LIM-02: cookies gathered while the password was known are worth nothing after it was changed', async () => {
    const owner = await signedUp(world, 'wilma')
    const thief = (await attempt(world, { username: 'wilma', password: RIGHT, path: '/auth/login' })).browser
    const changed = await owner.send('/settings/password', {
      json: { current_password: RIGHT, new_password: 'a ferry to the islands' },
    })
    assert.equal(changed.status, 200)
    await besiege(world, 'wilma')
    const stolen = { username: 'wilma', cookie: deviceCookie(thief.jar), address: '198.51.202.1' }
    assert.equal((await attempt(world, stolen)).status, 429)
    const own = { username: 'wilma', cookie: deviceCookie(owner.jar), address: '198.51.202.1' }
    assert.equal((await attempt(world, { ...own, password: 'a ferry to the islands' })).status, 200)
  })
})

describe('limits of several processes on one database', () => {
  let world: TestAuth
  let second: TestAuth
  before(async () => {
    world = await testAuth({ passwords: { scheme: 'bcrypt', cost: 4, threads: 16 } })
    second = await testAuth({ url: world.url, clock: world.clock })
  })
  after(async () => {
    await second.close()
    await world.close()
  })

  test('LIM-01: they hold for all together', async () => {
    await signedUp(world, 'anton')
    const address = '203.0.113.90'
    await inTurn(10, (n) => attempt(n % 2 === 0 ? world : second, { username: 'anton', address }))
    assert.equal((await attempt(world, { username: 'anton', address, password: RIGHT })).status, 429)
    assert.equal((await attempt(second, { username: 'anton', address, password: RIGHT })).status, 429)
  })

  test('LIM-03: sixty guesses at once, spread over both, get no more checks than the budget', async () => {
    await signedUp(world, 'berta')
    const hashing = watchHashing({ delay: 80 })
    await atOnce(60, (n) => attempt(n % 2 === 0 ? world : second, { username: 'berta', address: '203.0.113.91' }))
    hashing.restore()
    assert.equal(hashing.jobs, 10)
  })

  test('LIM-03: a process that died in the middle of ten checks blocks the others for a minute, not for ever', async () => {
    await signedUp(world, 'cyrus')
    const address = '203.0.113.92'
    const hashing = watchHashing()
    hashing.keep()
    const dying = atOnce(10, () => attempt(world, { username: 'cyrus', address }))
    await until(() => hashing.jobs === 10)
    world.pass(seconds(61))
    // The other process hashes by itself again: only what the first one had begun stays where it is.
    hashing.pass()
    const right = await attempt(second, { username: 'cyrus', address, password: RIGHT })
    assert.equal(right.status, 200)
    hashing.letGo()
    await dying
    hashing.restore()
  })

  test('LIM-07: the counter of the account survives a restart', async () => {
    await signedUp(world, 'doris')
    await besiege(world, 'doris')
    const restarted = await testAuth({ url: world.url, clock: world.clock })
    const answer = await attempt(restarted, { username: 'doris', password: RIGHT, address: '198.51.203.1' })
    await restarted.close()
    assert.equal(answer.status, 429)
  })
})

describe('a flood of refused attempts', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth()
  })
  after(() => world.close())

  test('LIM-07: it writes nothing, computes nothing and keeps nothing in memory', async () => {
    const address = '203.0.113.95'
    await inTurn(30, (n) => attempt(world, { username: `name-${n}`, address }))
    const tables = ['limits', 'audit_events'] as const
    const count = () => Promise.all(tables.map((table) => rowsOf(world, table)))
    const before = await count()
    const hashing = watchHashing()
    const writing = mock.method(world.auth.connection, 'transaction')
    const flood = async (from: number, times: number) => {
      for (let n = from; n < from + times; n++) {
        const request = new Request('http://localhost:8080/auth/api/login', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ username: `flood-${n}`, password: WRONG }),
        })
        assert.equal((await world.auth.fetch(request, { address })).status, 429)
      }
      world.lines.length = 0
    }
    await flood(0, 500)
    const heap = heapUsed()
    await flood(500, 2500)
    const grown = heapUsed() - heap
    hashing.restore()
    writing.mock.restore()
    assert.equal(writing.mock.callCount(), 0)
    assert.equal(hashing.jobs, 0)
    assert.deepEqual(await count(), before)
    assert.ok(grown < 3_000_000, `the heap has grown by ${grown} bytes`)
  })

  test('LIM-07: what no longer counts is swept away', async () => {
    assert.ok((await rowsOf(world, 'limits')) > 30)
    world.pass(minutes(24 * 60 + 1))
    await world.auth.sweep()
    assert.equal(await rowsOf(world, 'limits'), 0)
  })
})

/** How many checks run at the moment, by what the database knows. */
async function heldPlaces(world: TestAuth): Promise<number> {
  const rows = await stored(world).read.selectFrom('limits').select('state').where('key', 'like', 'pair:%').execute()
  return rows.reduce((sum, { state }) => sum + JSON.parse(state)[2].length, 0)
}

async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000
  while (!(await reached())) {
    assert.ok(performance.now() < end, 'this moment never came')
    await sleep(10)
  }
}

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

function heapUsed(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

test('PW-11, AVL-01: one network with many accounts has thirty checks running at a time, and others get in', async () => {
  const world = await testAuth()
  const owners = await inTurn(6, async (n) => {
    await signedUp(world, `owner${n}`)
    const { browser } = await attempt(world, {
      username: `owner${n}`,
      password: RIGHT,
      path: '/auth/login',
      address: '6.6.6.6',
    })
    return browser
  })
  await signedUp(world, 'victim')
  const hashing = watchHashing()
  try {
    hashing.keep()
    // Right passwords, from devices that the accounts know: no budget of failures counts any of them.
    const flood = owners.flatMap((browser, n) =>
      Array.from({ length: 10 }, () =>
        browser.send('/auth/login', { json: { username: `owner${n}`, password: RIGHT } }),
      ),
    )
    while (hashing.jobs < 1) await sleep(5)
    await sleep(500)
    assert.equal(hashing.jobs + world.auth.load().waitingHashes, 30)
    const victim = attempt(world, { username: 'victim', password: RIGHT, address: '203.0.113.5' })
    await sleep(200)
    hashing.letGo()
    assert.equal((await victim).status, 200)
    assert.deepEqual(new Set((await Promise.all(flood)).map(({ status }) => status)), new Set([200]))
  } finally {
    hashing.restore()
    await world.close()
  }
})

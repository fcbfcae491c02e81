import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type HealthLine, hours, minutes } from '@miachat/auth'
import { z } from 'zod'
import { administrator } from './support/administrator.ts'
import type { Browser } from './support/browser.ts'
import { letterBox } from './support/letters.ts'
import { password } from './support/second-factor.ts'
import { secret, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const html = { accept: 'text/html' }
const line = z.object({ level: z.enum(['ok', 'warning', 'problem']), topic: z.string(), text: z.string() })
type Line = z.infer<typeof line>
const answer = z.object({ success: z.literal(true), lines: z.array(line) })
const linesOf = async (browser: Browser): Promise<readonly Line[]> =>
  answer.parse(await (await browser.get('/admin/health', { accept: 'application/json' })).json()).lines
const pageOf = async (browser: Browser) => (await browser.get('/admin/health', html)).text()
const about = (lines: readonly Line[], topic: string) => lines.find((one) => one.topic === topic)

describe('AD8: the health of the server', () => {
  async function withWorld(options: Parameters<typeof testAuth>[0], work: (world: TestAuth) => Promise<void>) {
    const world = await testAuth(options)
    try {
      await work(world)
    } finally {
      await world.close()
    }
  }

  test('ADM-03: nobody but an administrator reads it', () =>
    withWorld({}, async (world) => {
      assert.equal((await world.browser().get('/admin/health', html)).status, 303)
      assert.equal((await (await signedUp(world, 'plain', password)).get('/admin/health', html)).status, 403)
    }))

  test('RED-06: no secret, no path and no address of the database stands there', () =>
    withWorld({}, async (world) => {
      const { browser } = await administrator(world)
      const text = JSON.stringify(await linesOf(browser)) + (await pageOf(browser))
      assert.doesNotMatch(text, new RegExp(secret))
      assert.ok(!text.includes(world.url))
      assert.ok(!text.includes(world.auth.keys.current.id))
    }))

  test('a server that is well says so of each thing, but for a single administrator', () =>
    withWorld({}, async (world) => {
      const { browser } = await administrator(world)
      const lines = await linesOf(browser)
      assert.deepEqual(
        lines.filter(({ level }) => level !== 'ok').map(({ topic }) => topic),
        ['administrators'],
      )
      for (const topic of ['encryption', 'address', 'key', 'database', 'tables', 'mail', 'cleaning up', 'sign-ins']) {
        assert.ok(about(lines, topic), topic)
      }
      assert.match(about(lines, 'database')?.text ?? '', /^(SQLite|PostgreSQL) answers and holds \d+\.\d MB\.$/)
      assert.match(about(lines, 'tables')?.text ?? '', /on \d{4}-\d\d-\d\d\.$/)
      assert.equal(about(lines, 'clock')?.level, world.auth.connection.kind === 'postgres' ? 'ok' : undefined)
      const page = await pageOf(browser)
      assert.match(page, /1 thing wants to be looked at\./)
      assert.ok(page.indexOf('Administrators') < page.indexOf('All right'), 'what is wrong stands first')
      await administrator(world, 'deputy')
      assert.match(await pageOf(browser), /Everything that is looked at here is all right\./)
    }))

  test('without https on a network it says what others can do, with it that cookies stay', async () => {
    await withWorld({ baseUrl: 'http://192.168.1.5:8080' }, async (world) => {
      const { browser } = await administrator(world)
      const line = about(await linesOf(browser), 'encryption')
      assert.deepEqual([line?.level, /https/.test(line?.text ?? '')], ['problem', true])
    })
    await withWorld({ baseUrl: 'https://chat.example.org' }, async (world) => {
      const { browser } = await administrator(world)
      assert.match(about(await linesOf(browser), 'encryption')?.text ?? '', /over https alone/)
    })
  })

  test('a request for another host is told, without a word of that host', () =>
    withWorld({}, async (world) => {
      const { browser } = await administrator(world)
      const headers = { accept: 'application/json', host: 'elsewhere.example' }
      const { lines } = answer.parse(await (await browser.get('/admin/health', headers)).json())
      const line = about(lines, 'address')
      assert.equal(line?.level, 'warning')
      assert.doesNotMatch(line?.text ?? '', /elsewhere/)
    }))

  test('letters that wait, what nobody swept, and a second key are told', async () => {
    const box = letterBox()
    await withWorld(
      { mail: { ...box.mail, sends: false }, secret: [secret, `${secret}, a former one`] },
      async (world) => {
        const { browser } = await administrator(world)
        assert.match(about(await linesOf(browser), 'key')?.text ?? '', /A former one is still taken/)
        await browser.send('/admin/server/mail-test', { json: {} })
        await world.browser().send('/auth/login', { json: { username: 'nobody', password: 'wrong' } })
        world.pass(minutes(6))
        const late = about(await linesOf(browser), 'mail')
        assert.equal(late?.level, 'problem')
        assert.match(late?.text ?? '', /more than five minutes/)
        assert.equal(about(await linesOf(browser), 'cleaning up')?.level, 'ok', 'the sweep comes every hour')
        // In steps, in which the session is used: it ends after an hour without.
        for (let passed = 0; passed < hours(4); passed += minutes(40)) {
          world.pass(minutes(40))
          await linesOf(browser)
          await world.settled()
        }
        assert.equal(about(await linesOf(browser), 'cleaning up')?.level, 'warning')
        await world.auth.sweep()
        assert.equal(about(await linesOf(browser), 'cleaning up')?.level, 'ok')
      },
    )
  })

  test('a host adds lines; one that fails takes the page from nobody, and its words stay in the log', async () => {
    let fails = false
    const health = (): HealthLine[] => {
      if (fails) throw new Error('disk: /srv/secret-place')
      return [{ level: 'warning', topic: 'disk', text: 'Only 3 MB <are> free. Free some.' }]
    }
    await withWorld({ health }, async (world) => {
      const { browser } = await administrator(world)
      assert.equal(about(await linesOf(browser), 'disk')?.level, 'warning')
      assert.match(await pageOf(browser), /Only 3 MB &lt;are&gt; free/)
      fails = true
      const lines = await linesOf(browser)
      assert.equal(about(lines, 'disk'), undefined)
      assert.equal(about(lines, 'server')?.level, 'problem')
      assert.doesNotMatch(await pageOf(browser), /secret-place/)
      assert.ok(world.lines.some(({ message, fields }) => message === 'hook_failed' && fields['hook'] === 'health'))
    })
  })
})

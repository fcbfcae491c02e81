import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { brokenLogs, days } from '@miachat/auth'
import { sessionValue } from './support/cookies.ts'
import { count, rowsOf, write } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

const password = 'a walk by the river'

describe('what is written down', () => {
  let world: TestAuth
  before(async () => {
    world = await testAuth()
  })
  after(() => world.close())

  const idOf = async (username: string) => (await world.auth.admin.findUser(username))?.id ?? 0
  const lineOf = (message: string) => world.lines.filter((line) => line.message === message)

  test('AUD-01: each event has one line with result, person, address, user agent and request id', async () => {
    world.lines.length = 0
    const browser = await signedUp(world, 'anna')
    const id = await idOf('anna')
    await browser.send('/auth/login', { json: { username: 'anna', password: 'wrong wrong' } })
    await browser.send('/auth/login', { json: { username: 'anna', password } })
    const login = await browser.send('/auth/api/login', { json: { username: 'anna', password } })
    const { refresh_token } = JSON.parse(await login.text())
    const refreshed = await browser.send('/auth/api/refresh', { json: { refresh_token } })
    const second = JSON.parse(await refreshed.text()).refresh_token
    await browser.send('/auth/api/refresh', { json: { refresh_token: second } })
    await browser.send('/auth/api/refresh', { json: { refresh_token } })
    const again = await browser.send('/auth/api/login', { json: { username: 'anna', password } })
    await browser.send('/auth/api/logout', { json: { refresh_token: JSON.parse(await again.text()).refresh_token } })
    await browser.send('/settings/profile', { json: { display_name: 'Anna' } })
    await browser.send('/settings/sessions/end-others', { json: {} })
    await browser.send('/settings/password', { json: { current_password: password, new_password: `${password}!` } })
    await browser.send('/auth/logout', { json: {} })
    await world.auth.admin.setActive(id, false, 'operator')
    await world.auth.admin.setActive(id, true, 'operator')
    const expected = [
      ['register', 'ok'],
      ['sign_in', 'failed'],
      ['sign_in', 'ok'],
      ['token_sign_in', 'ok'],
      ['token_refresh', 'ok'],
      ['token_refresh', 'ok'],
      ['token_reuse', 'refused'],
      ['token_sign_in', 'ok'],
      ['token_sign_out', 'ok'],
      ['profile_changed', 'ok'],
      ['session_ended', 'ok'],
      ['password_changed', 'ok'],
      ['sign_out', 'ok'],
      ['account_disabled', 'ok'],
      ['account_enabled', 'ok'],
    ]
    const events = world.lines.filter(({ fields }) => fields['result'] !== undefined)
    assert.deepEqual(
      events.map(({ message, fields }) => [message, fields['result']]),
      expected,
    )
    for (const { message, fields } of events) {
      assert.equal(fields['user_id'], id, message)
      const byOperator = message.startsWith('account_')
      assert.equal(fields['actor'], byOperator ? 'operator' : undefined, message)
      assert.equal(fields['address'], byOperator ? 'host' : '127.0.0.1', message)
      assert.ok(byOperator || String(fields['user_agent']).includes('Firefox'), message)
      assert.match(String(fields['request_id']), /^[\w-]+$/, message)
    }
    const requestIds = events
      .filter(({ message }) => !message.startsWith('account_'))
      .map(({ fields }) => fields['request_id'])
    assert.equal(new Set(requestIds).size, requestIds.length, 'one id a request')
    const rows = await rowsOf(world.auth, 'SELECT event, result FROM audit_events WHERE user_id = ? ORDER BY id', [id])
    assert.deepEqual(
      rows.map((row) => [row['event'], row['result']]),
      expected,
      'AUD-04: the owner’s table has the same',
    )
  })

  test('AUD-01: a name that nobody has is a keyed hash, the same for each try and never the name', async () => {
    world.lines.length = 0
    for (const username of ['Nobody.Here', 'nobody.here', 'my secret passphrase']) {
      await world.browser().send('/auth/login', { json: { username, password: 'wrong wrong' } })
    }
    const subjects = lineOf('sign_in').map(({ fields }) => fields['subject'])
    assert.equal(subjects.length, 3)
    assert.match(String(subjects[0]), /^[\w-]{16}$/)
    assert.equal(subjects[0], subjects[1])
    assert.notEqual(subjects[0], subjects[2])
    assert.doesNotMatch(JSON.stringify(world.lines), /nobody\.here|passphrase/i)
  })

  test('AUD-01: what a limit refuses is one line and no row', async () => {
    const limited = await testAuth({ limits: { perAddressAndAccount: 2 } })
    const browser = limited.browser()
    const rows = async () => count(limited.auth, 'audit_events')
    const guess = () => browser.send('/auth/login', { json: { username: 'nobody', password: 'wrong wrong' } })
    assert.equal((await guess()).status, 401)
    assert.equal((await guess()).status, 401)
    const before = await rows()
    assert.equal((await guess()).status, 429)
    assert.equal(await rows(), before)
    assert.equal(limited.lines.filter(({ fields }) => fields['result'] === 'limited').length, 1)
    await limited.close()
  })

  test('AUD-01: what was rolled back is not told', async () => {
    const failing = await testAuth()
    await signedUp(failing, 'rolf')
    failing.lines.length = 0
    // The session cannot be written: the sign-in that it belongs to has not taken place.
    await failing.auth.connection.transaction((execute) =>
      execute({ sql: 'ALTER TABLE sessions RENAME TO sessions_elsewhere', parameters: [] }),
    )
    const { status } = await failing.browser().send('/auth/login', { json: { username: 'rolf', password } })
    assert.ok(status >= 500)
    assert.deepEqual(
      failing.lines.filter(({ message, fields }) => message === 'sign_in' && fields['result'] === 'ok'),
      [],
    )
    await failing.auth.connection.transaction((execute) =>
      execute({ sql: 'ALTER TABLE sessions_elsewhere RENAME TO sessions', parameters: [] }),
    )
    await failing.close()
  })

  test('AUD-02: no password, token, cookie, link or query stands in the log or the table', async () => {
    world.lines.length = 0
    const secrets: string[] = [password, 'mistyped pass']
    const browser = await signedUp(world, 'bella')
    secrets.push(sessionValue(browser), browser.jar.get('mia_device') ?? 'none')
    const login = await browser.send('/auth/api/login', { json: { username: 'bella', password } })
    const { access_token, refresh_token } = JSON.parse(await login.text())
    secrets.push(access_token, refresh_token)
    const { url } = await world.auth.admin.resetLink(await idOf('bella'), 'a test')
    const link = new URL(url)
    secrets.push(link.searchParams.get('token') ?? 'none')
    const attempts: [string, Parameters<typeof browser.send>[1]][] = [
      ['/auth/login', { json: { username: 'bella', password: 'mistyped pass' } }],
      [
        '/auth/login',
        { body: `{"username":"bella","password":"${password}"`, headers: { 'content-type': 'application/json' } },
      ],
      ['/auth/login', { body: password, headers: { 'content-type': 'text/plain' } }],
      [`/auth/login?password=${encodeURIComponent(password)}`, { method: 'GET' }],
      [`/auth/login?token=${access_token}`, { form: {}, headers: { origin: 'https://evil.example' } }],
      [`${link.pathname}${link.search}`, { method: 'GET' }],
      [`${link.pathname}${link.search}`, { form: {}, headers: { origin: 'https://evil.example' } }],
      ['/auth/api/me', { method: 'GET', headers: { authorization: `Bearer ${access_token}x` } }],
      ['/auth/api/refresh', { json: { refresh_token: `${refresh_token}x` } }],
      ['/auth/api/refresh', { json: { refresh_token: 7 } }],
      ['/auth/api/refresh', { json: { refresh_token } }],
      ['/settings/password', { json: { current_password: 'mistyped pass', new_password: `${password}?` } }],
      ['/auth/register', { json: { username: 'bella', email: 'b@example.org', password } }],
      ['/auth/reset', { json: { token: link.searchParams.get('token'), new_password: 'short' } }],
      ['/auth/logout', { form: {} }],
    ]
    for (const [path, sent] of attempts) await browser.send(path, sent)
    const written = [
      JSON.stringify(world.lines),
      ...(await Promise.all(
        ['audit_events', 'limits', 'account_changes', 'sessions'].map(async (table) =>
          JSON.stringify(await rowsOf(world.auth, `SELECT * FROM ${table}`)),
        ),
      )),
    ].join()
    for (const secret of secrets)
      assert.ok(!written.includes(secret) && !written.includes(encodeURIComponent(secret)), secret)
    assert.ok(written.includes('sign_in'), 'the search looked at something')
    const named = world.lines.flatMap(({ fields }) =>
      typeof fields['session'] === 'string' ? [fields['session']] : [],
    )
    assert.ok(named.length > 0 && named.every((id) => /^[\w-]{8,24}$/.test(id)), `a short name of a session: ${named}`)
  })

  test('AUD-03: a user agent and a path are short, and are values of their own in the line', async () => {
    world.lines.length = 0
    const browser = world.browser({ userAgent: `curl/8 \u009b31m ${'x'.repeat(5000)}` })
    await browser.send('/auth/login', { json: { username: 'anna', password: 'wrong wrong' } })
    const [line] = lineOf('sign_in')
    assert.ok(line)
    assert.match(String(line.fields['user_agent']), /^curl\/8 \\u009b31m x{200}/)
    assert.ok(String(line.fields['user_agent']).length <= 310)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left.
    assert.doesNotMatch(JSON.stringify(Object.values(line.fields)), /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/)
  })

  test('AUD-04: the owner’s history is kept for ninety days, then swept; only the owner’s own is listed', async () => {
    await signedUp(world, 'carla')
    const id = await idOf('carla')
    const old = await rowsOf(world.auth, 'SELECT count(*) AS n FROM audit_events')
    assert.ok(Number(old[0]?.['n']) > 0)
    const listed = await world.auth.admin.events(id, 10)
    assert.deepEqual(
      listed.map(({ event }) => event),
      ['register'],
    )
    world.pass(days(89))
    await world.auth.sweep()
    assert.ok((await count(world.auth, 'audit_events', 'WHERE user_id = ?', [id])) > 0)
    world.pass(days(2))
    await world.auth.sweep()
    assert.equal(await count(world.auth, 'audit_events', 'WHERE user_id = ?', [id]), 0)
  })

  test('AUD-04: no event is ever changed', async () => {
    await signedUp(world, 'erna')
    const id = await idOf('erna')
    await assert.rejects(write(world.auth, "UPDATE audit_events SET result = 'ok' WHERE user_id = ?", [id]))
    await assert.rejects(write(world.auth, 'UPDATE audit_events SET user_id = NULL WHERE user_id = ?', [id]))
    assert.equal(await count(world.auth, 'audit_events', 'WHERE user_id = ?', [id]), 1)
  })

  test('AUD-04: the log of an account is a chain; a row that is taken out or put in is noticed', async () => {
    const one = await testAuth()
    for (const name of ['ida', 'jana', 'klara']) {
      const browser = await signedUp(one, name)
      await browser.send('/auth/login', { json: { username: name, password: 'wrong wrong' } })
      await Promise.all(
        Array.from({ length: 5 }, () => one.browser().send('/auth/login', { json: { username: name, password } })),
      )
    }
    const { connection } = one.auth
    assert.deepEqual(await brokenLogs(connection), [])
    const id = Number((await one.auth.admin.findUser('jana'))?.id)
    const rows = await rowsOf(one.auth, `SELECT id FROM audit_events WHERE user_id = ${id} ORDER BY id`)
    assert.equal(rows.length, 7)
    await write(one.auth, 'DELETE FROM audit_events WHERE id = ?', [Number(rows[0]?.['id'])])
    assert.deepEqual(await brokenLogs(connection), [], 'the oldest go with the sweep')
    await write(one.auth, 'DELETE FROM audit_events WHERE id = ?', [Number(rows[3]?.['id'])])
    assert.deepEqual(await brokenLogs(connection), [id])
    const other = Number((await one.auth.admin.findUser('klara'))?.id)
    await write(one.auth, 'DELETE FROM audit_events WHERE id = (SELECT max(id) FROM audit_events WHERE user_id = ?)', [
      other,
    ])
    assert.deepEqual(await brokenLogs(connection), [id, other], 'the newest is missed too')
    await one.close()
  })

  test('AUD-04, LOG-06: the owner reads in the settings what happened, from where and with what', async () => {
    const browser = await signedUp(world, 'frieda')
    const other = world.browser({ userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' })
    await other.send('/auth/login', { json: { username: 'frieda', password: 'wrong wrong' } })
    await other.send('/auth/login', { json: { username: 'frieda', password } })
    await world.auth.admin.resetLink(await idOf('frieda'), 'command line')
    const activity = await (await browser.get('/settings/activity')).text()
    for (const words of [
      'Account made',
      'Somebody tried a wrong password',
      'Firefox on Linux',
      'Signed in',
      'A one-time link for a new password was made by the people who run this server',
    ]) {
      assert.ok(activity.includes(words), words)
    }
    const page = await (await browser.get('/settings')).text()
    assert.match(page.slice(page.indexOf('Recent activity')), /A one-time link .*href="\/settings\/activity"/s)
    assert.equal((await world.browser().get('/settings/activity')).status, 303, 'nobody else')
  })

  test('AUD-04, S3: a long history comes in pages, the newest first, each event once, and never of somebody else', async () => {
    const browser = await signedUp(world, 'gerda')
    for (let n = 0; n < 61; n++) await browser.send('/settings/profile', { json: { display_name: `Gerda ${n}` } })
    const said = async (path: string) => {
      const page = await (await browser.get(path)).text()
      assert.doesNotMatch(page, /wrong password/)
      return {
        count: page.match(/Name changed|Account made/g)?.length ?? 0,
        older: /href="(\/settings\/activity\?[^"]+)"/.exec(page)?.[1],
      }
    }
    const first = await said('/settings/activity')
    assert.equal(first.count, 50)
    const second = await said(String(first.older))
    assert.deepEqual(second, { count: 12, older: undefined })
    for (const before of ['1', '-1', 'x', '9'.repeat(40), '1 OR 1=1']) {
      const answer = await browser.get(`/settings/activity?before=${encodeURIComponent(before)}`)
      assert.equal(answer.status, 200, before)
    }
  })

  test('O27, LOG-06: a failed sign-in leaves last_login alone', async () => {
    await signedUp(world, 'dora')
    const before = (await world.auth.admin.findUser('dora'))?.lastLogin
    world.pass(5000)
    await world.browser().send('/auth/login', { json: { username: 'dora', password: 'wrong wrong' } })
    assert.equal((await world.auth.admin.findUser('dora'))?.lastLogin, before)
    await world.browser().send('/auth/login', { json: { username: 'dora', password } })
    assert.notEqual((await world.auth.admin.findUser('dora'))?.lastLogin, before)
  })
})

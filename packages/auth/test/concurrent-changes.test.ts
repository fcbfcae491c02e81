import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Browser } from './support/browser.ts'
import { createProgram } from './support/program.ts'
import { rowsOf } from './support/stored.ts'
import { signedUp, testAuth } from './support/test-auth.ts'

const PASSWORDS = ['a walk by the river', 'a ferry to the islands']

/**
 * Everything that changes an account at once, by two processes. Two transactions that take rows in opposite order wait for
 * each other on PostgreSQL until one of them fails: nobody may ever see that.
 */
test('ASVS 15.4, AVL-06: whatever happens to one account at once, nobody gets a 5xx, and nothing half is left', async () => {
  const huge = 1e9
  const limits = { perAddress: huge, perAddressAndAccount: 40, perAccountInARow: huge, passwordChanges: huge }
  const world = await testAuth({ limits })
  const second = await testAuth({ url: world.url, limits })
  const owner = await signedUp(world, 'busy')
  const user = await world.auth.admin.findUser('busy')
  const seen = new Set<number>()
  const note = (response: { status: number }): void => {
    seen.add(response.status)
  }

  async function signInAnyhow(at: typeof world): Promise<Browser> {
    const browser = at.browser()
    for (const password of PASSWORDS) {
      const response = await browser.send('/auth/login', { json: { username: 'busy', password } })
      note(response)
      if (response.status === 200) break
    }
    return browser
  }

  const works: ((at: typeof world, n: number) => Promise<unknown>)[] = [
    signInAnyhow,
    async (at, n) => {
      const program = createProgram(at)
      for (const password of PASSWORDS) {
        const { status, body } = await program.login('busy', password)
        note({ status })
        if (status !== 200) continue
        const answers = await Promise.all([
          program.refresh(body.refresh_token),
          program.refresh(body.refresh_token),
          program.post('/auth/api/logout', n % 2 === 0 ? { refresh_token: body.refresh_token } : {}),
        ])
        answers.forEach(note)
      }
    },
    async (at, n) => {
      const browser = await signInAnyhow(at)
      const [current_password, new_password] = n % 2 === 0 ? PASSWORDS : PASSWORDS.toReversed()
      note(await browser.send('/settings/password', { json: { current_password, new_password } }))
    },
    async (at) => {
      const browser = await signInAnyhow(at)
      note(await browser.send('/settings/sessions/end-others', { json: {} }))
      note(await browser.send('/settings/profile', { json: { display_name: 'Busy' } }))
      note(await browser.send('/auth/logout', { json: {} }))
    },
    async (at, n) => {
      const { url } = await at.auth.admin.resetLink(user?.id ?? 0, 'test')
      const token = new URL(url).searchParams.get('token')
      note(await at.browser().send('/auth/reset', { json: { token, new_password: PASSWORDS[n % 2] } }))
    },
    async (at) => {
      await at.auth.admin.setActive(user?.id ?? 0, false, 'test')
      await at.auth.admin.setActive(user?.id ?? 0, true, 'test')
    },
    async (at) => {
      await at.auth.sweep()
      note(await owner.get('/settings'))
    },
  ]
  for (let round = 0; round < 3; round++) {
    const both = [world, second].flatMap((at) => works.map((work, n) => work(at, n + round)))
    await Promise.all(both)
  }
  const allowed = new Set([200, 303, 401, 403, 409, 422, 429])
  for (const status of seen) assert.ok(allowed.has(status), `somebody got ${status}`)
  assert.ok(seen.has(200))

  await world.auth.admin.setActive(user?.id ?? 0, false, 'test')
  for (const table of ['sessions', 'token_families', 'refresh_tokens'] as const)
    assert.equal(await rowsOf(world, table), 0)
  await second.close()
  await world.close()
})

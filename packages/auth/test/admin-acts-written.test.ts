import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { administrator, idOf } from './support/administrator.ts'
import { addPasskey, addSecurityKey, SoftPasskey } from './support/authenticator.ts'
import type { Browser } from './support/browser.ts'
import { addAuthenticator, password } from './support/second-factor.ts'
import { rowsOf, write } from './support/sql.ts'
import { signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

let world: TestAuth
let chief: Browser
let chiefId: number
before(async () => {
  world = await testAuth({ limits: { registrations: 1000 } })
  const made = await administrator(world)
  chief = made.browser
  chiefId = made.id
})
after(() => world.close())

const idIn = async (response: Response) => z.looseObject({ id: z.string() }).parse(await response.json()).id
const act = (path: string, reason = 'A reason') => chief.send(path, { json: { reason } })
/** Without the act itself there is nothing to take back. */
const first = (what: string) => async (_: Browser, id: number) => {
  assert.equal((await act(`/admin/people/${id}/${what}`)).status, 200, what)
  return null
}
const asWaiting = async (_: Browser, id: number) => {
  const off = world.auth.connection.kind === 'postgres' ? false : 0
  await write(world.auth, 'UPDATE users SET waits_since = ?, is_active = ? WHERE id = ?', [world.clock(), off, id])
  return null
}
const nothing = async () => null

/** What has to be there for each act, and the event that it is. Answers the part of the account that the address names. */
const acts: Readonly<
  Record<string, { event: string; prepare: (browser: Browser, id: number) => Promise<string | null> }>
> = {
  approve: { event: 'account_approved', prepare: asWaiting },
  decline: { event: 'account_declined', prepare: asWaiting },
  disable: { event: 'account_disabled', prepare: nothing },
  enable: { event: 'account_enabled', prepare: first('disable') },
  'end-sessions': { event: 'session_ended', prepare: nothing },
  'forget-failures': { event: 'failures_forgotten', prepare: nothing },
  'confirm-address': { event: 'address_confirmed', prepare: nothing },
  'remove-second-factor': {
    event: 'second_factor_removed',
    async prepare(browser) {
      await addAuthenticator(world, browser)
      return null
    },
  },
  'demand-second-factor': { event: 'second_factor_demanded', prepare: nothing },
  'withdraw-demand': { event: 'second_factor_demand_withdrawn', prepare: first('demand-second-factor') },
  'make-admin': { event: 'admin_role_given', prepare: nothing },
  'remove-admin': { event: 'admin_role_taken', prepare: first('make-admin') },
  delete: { event: 'account_leaving', prepare: nothing },
  'reset-link': { event: 'reset_link_made', prepare: nothing },
  'sessions/:part/end': {
    event: 'session_ended',
    async prepare(_, id) {
      const page = await (await chief.get(`/admin/people/${id}`)).text()
      return /\/sessions\/([\w-]+)\/end/.exec(page)?.[1] ?? assert.fail('no session on the page')
    },
  },
  'authenticators/:part/remove': {
    event: 'authenticator_removed',
    prepare: async (browser) => (await addAuthenticator(world, browser)).id,
  },
  'passkeys/:part/remove': {
    event: 'passkey_removed',
    prepare: async (browser) => idIn(await addPasskey(browser, new SoftPasskey())),
  },
  'security-keys/:part/remove': {
    event: 'security_key_removed',
    async prepare(browser) {
      await addAuthenticator(world, browser)
      return idIn(await addSecurityKey(browser, new SoftPasskey()))
    },
  },
}

test('ADM-02, AD10: each act of an administrator stands with actor, target and reason in both logs, once, and a refused one in none', async () => {
  const rows = world.auth.routes.flatMap(({ method, path }) =>
    method === 'POST' && path.startsWith('/admin/people/:id/') ? [path.replace('/admin/people/:id/', '')] : [],
  )
  assert.deepEqual(rows.toSorted(), Object.keys(acts).toSorted(), 'a new act needs its line here')
  const written = (id: number, event: string) =>
    rowsOf(world.auth, 'SELECT actor, detail FROM audit_events WHERE user_id = ? AND event = ?', [id, event])
  for (const [index, [path, { event, prepare }]] of Object.entries(acts).entries()) {
    const name = `person-${index}`
    const browser = await signedUp(world, name, password)
    const id = await idOf(world, name)
    const part = await prepare(browser, id)
    const address = `/admin/people/${id}/${path.replace(':part', part ?? '')}`
    const before = await written(chiefId, 'admin_act')
    assert.equal((await act(address, ' ')).status, 422, `${path}: not without a reason`)
    assert.equal((await browser.send(address, { json: { reason: 'My own' } })).status === 200, false, path)
    assert.deepEqual(await written(chiefId, 'admin_act'), before, path)
    assert.equal((await written(id, event)).length, 0, path)

    assert.equal((await act(address, `Because of ${path}`)).status, 200, path)
    const [own, ...others] = await written(id, event)
    assert.equal(others.length, 0, path)
    assert.equal(own?.['actor'], `administrator ${chiefId}`, path)
    assert.match(String(own?.['detail']), new RegExp(`Because of ${path}`), path)
    const after = await written(chiefId, 'admin_act')
    assert.equal(after.length, before.length + 1, path)
    const told = { act: event, account: id, reason: `Because of ${path}` }
    assert.ok(
      after.some(({ detail }) => {
        const { act: what, account, reason } = JSON.parse(String(detail))
        return what === told.act && account === told.account && reason === told.reason
      }),
      path,
    )
  }
})

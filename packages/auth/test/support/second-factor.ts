import assert from 'node:assert/strict'
import { Secret, TOTP } from 'otpauth'
import { z } from 'zod'
import type { Browser } from './browser.ts'
import { signedUp, type TestAuth } from './test-auth.ts'

export const password = 'a walk by the river'

/** The code of a secret at a time of the world's clock, some steps later or earlier. */
export const codeOf = (world: TestAuth, secret: string, steps = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: world.clock() + steps * 30_000 })

const begunShape = z.object({ id: z.string(), secret: z.string(), uri: z.string() })
const codesShape = z.object({ recovery_codes: z.array(z.string()) })
const pendingShape = z.object({
  code: z.literal('second_factor_required'),
  pending_token: z.string(),
  methods: z.array(z.string()),
})

export async function addAuthenticator(world: TestAuth, browser: Browser, name = 'My phone') {
  const begun = begunShape.parse(await (await browser.send('/settings/authenticators', { json: { name } })).json())
  const json = { code: codeOf(world, begun.secret) }
  const confirmed = await browser.send(`/settings/authenticators/${begun.id}/confirm`, { json })
  assert.equal(confirmed.status, 200)
  return { ...begun, codes: codesShape.parse(await confirmed.json()).recovery_codes }
}

/** Somebody with an authenticator whose last code is two steps old. */
export async function withAuthenticator(world: TestAuth, username: string) {
  const browser = await signedUp(world, username, password)
  const added = await addAuthenticator(world, browser)
  world.pass(60_000)
  return { browser, ...added }
}

/** Signs in by JSON up to the second step. */
export async function pendingOf(world: TestAuth, username: string, path = '/auth/login'): Promise<string> {
  const response = await world.browser().send(path, { json: { username, password } })
  assert.equal(response.status, 401)
  assert.equal(response.headers.getSetCookie().length, 0)
  return pendingShape.parse(await response.json()).pending_token
}

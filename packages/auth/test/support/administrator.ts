import assert from 'node:assert/strict'
import { addAuthenticator, password } from './second-factor.ts'
import { signedUp, type TestAuth } from './test-auth.ts'

/** The number of somebody's account. */
export async function idOf(world: TestAuth, username: string): Promise<number> {
  const user = await world.auth.admin.findUser(username)
  assert.ok(user, username)
  return user.id
}

/** An administrator, signed in by a password alone: the second step is still to be set up. */
export async function newAdministrator(world: TestAuth, username: string) {
  await signedUp(world, username, password)
  const id = await idOf(world, username)
  await world.auth.admin.setRole(id, 'admin', 'test')
  const browser = world.browser()
  assert.equal((await browser.send('/auth/login', { json: { username, password } })).status, 200)
  return { browser, id }
}

/** An administrator who has a second step and has just shown who it is. */
export async function administrator(world: TestAuth, username = 'chief') {
  const { browser, id } = await newAdministrator(world, username)
  const { secret } = await addAuthenticator(world, browser)
  return { browser, id, secret }
}

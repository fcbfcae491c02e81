import type { Client } from '../lib/log.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import type { SignInContext } from './sign-in-context.ts'

/** Asks for the second step in one browser again; false for an id that is not in the person's list (ACC-03). */
export async function cutTrustedDevice(
  { changes, users, trusted, audit }: SignInContext,
  { user }: SignedIn,
  id: string,
  client: Client,
): Promise<boolean> {
  return changes.transaction(async (trx) => {
    await users.get(trx, user.id)
    if (!(await trusted.cut(trx, user.id, id))) return false
    await audit.record(trx, { event: 'device_not_trusted', result: 'ok', userId: user.id }, client)
    return true
  })
}

/** Asks for the second step in every browser again. */
export async function cutTrustedDevices(
  { changes, users, trusted, audit }: SignInContext,
  { user }: SignedIn,
  client: Client,
): Promise<void> {
  await changes.transaction(async (trx) => {
    await users.get(trx, user.id)
    const cut = await trusted.cutAll(trx, user.id)
    if (cut === 0) return
    const event = { event: 'device_not_trusted', result: 'ok', userId: user.id, detail: { devices: cut } } as const
    await audit.record(trx, event, client)
  })
}

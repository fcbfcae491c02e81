import type { ExportPart } from '../exports/exports.ts'
import type { ExportFile } from '../exports/zip-chunks.ts'
import { isoTime } from '../lib/clock.ts'
import type { Client } from '../lib/log.ts'
import type { PasskeyKind } from '../passkeys/passkey-store.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import { userJson } from '../users/user.ts'
import { listDevices } from './devices.ts'
import { notify } from './notify.ts'
import type { SignInContext } from './sign-in-context.ts'

const EVENTS_AT_ONCE = 500

const json = (name: string, content: unknown): ExportFile => ({
  name,
  content: `${JSON.stringify(content, null, 2)}\n`,
})
const time = (at: number | null): string | null => (at === null ? null : isoTime(at))

/**
 * Begins an archive of everything that is kept of a person: the library's part, then the host's. No hash, token or secret is
 * in it (ACC-02). It is made in the background; `context.exports.state` tells how far it is.
 */
export async function exportAccount(
  context: SignInContext,
  signedIn: SignedIn,
  own: readonly ExportPart[],
  client: Client,
): Promise<void> {
  const { changes, users, audit, exports } = context
  const userId = signedIn.user.id
  const parts = [...accountParts(context, signedIn), ...own]
  const id = await changes.transaction(async (trx) => {
    await users.get(trx, userId)
    await audit.record(trx, { event: 'export_made', result: 'ok', userId }, client)
    await notify(context, trx, userId, 'export_made', client)
    return exports.begin(trx, userId, parts.length)
  })
  exports.start(id, parts)
}

function accountParts(context: SignInContext, signedIn: SignedIn): ExportPart[] {
  const { clock } = context
  const { user } = signedIn
  return [
    async () => [
      json('manifest.json', { format: 'account-archive', version: 1, made_at: isoTime(clock()), user_id: user.id }),
    ],
    async () => [json('account.json', await account(context, signedIn))],
    async () => [
      json(
        'sessions.json',
        (await listDevices(context, signedIn)).map(({ createdAt, lastSeenAt, current: _, ...device }) => ({
          ...device,
          created_at: time(createdAt),
          last_seen_at: time(lastSeenAt),
        })),
      ),
    ],
    async () => [json('activity.json', await activity(context, user.id))],
  ]
}

async function account(
  { formerNames: names, factors, passkeys, trusted, providers, personalTokens }: SignInContext,
  { user }: SignedIn,
) {
  const state = await factors.state(user.id)
  const { passkeys: keys } = await passkeys.list(user.id)
  const ofKind = (wanted: PasskeyKind) =>
    keys
      .filter(({ kind }) => kind === wanted)
      .map(({ name, createdAt, lastUsedAt }) => ({
        name,
        created_at: time(createdAt),
        last_used_at: time(lastUsedAt),
      }))
  const devices = await trusted.list(user.id, null)
  const linked = await providers.identities(user.id)
  const tokens = await personalTokens.list(user.id)
  const formerNames = await names.list(user.id)
  return {
    ...userJson(user),
    display_name: user.displayName,
    language: user.language,
    role: user.role,
    former_usernames: formerNames.map(({ username_key, released_at }) => ({
      name: username_key,
      given_up_at: time(released_at),
    })),
    fields: user.fields,
    authenticators: state.authenticators.map(({ name, createdAt, lastUsedAt }) => ({
      name,
      created_at: time(createdAt),
      last_used_at: time(lastUsedAt),
    })),
    recovery_codes_left: state.recoveryCodesLeft,
    passkeys: ofKind('passkey'),
    security_keys: ofKind('security_key'),
    linked_accounts: linked.map(({ provider, name, createdAt, lastUsedAt }) => ({
      provider,
      name,
      created_at: time(createdAt),
      last_used_at: time(lastUsedAt),
    })),
    personal_tokens: tokens.map(({ name, scopes, createdAt, expiresAt, lastUsedAt, lastUsedFrom }) => ({
      name,
      scopes,
      created_at: time(createdAt),
      expires_at: time(expiresAt),
      last_used_at: time(lastUsedAt),
      last_used_from: lastUsedFrom,
    })),
    trusted_devices: devices.map(({ device, address, createdAt, lastUsedAt }) => ({
      device,
      address,
      created_at: time(createdAt),
      last_used_at: time(lastUsedAt),
    })),
  }
}

async function activity({ audit }: SignInContext, userId: number) {
  const found = []
  for (let before: number | undefined; ; ) {
    const events = await audit.history(userId, EVENTS_AT_ONCE, before)
    found.push(...events.map(({ id: _, at, ...event }) => ({ at: isoTime(at), ...event })))
    before = events.at(-1)?.id
    if (before === undefined) return found
  }
}

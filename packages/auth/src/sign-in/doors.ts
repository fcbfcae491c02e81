import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Client } from '../lib/log.ts'
import type { PasskeyKind } from '../passkeys/passkey-store.ts'
import type { PasskeyListed } from '../passkeys/passkeys.ts'
import { hasPassword, NO_PASSWORD } from '../passwords/hasher.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import { listDevices } from './devices.ts'
import type { SignInContext } from './sign-in-context.ts'

/** One thing by which the account can be reached right now. */
export interface OpenDoor {
  /** What its owner or the program calls it. */
  readonly name: string
  /** Its owner has named it; the name of a device is ours otherwise. */
  readonly named?: boolean
  readonly address: string | null
  /** Milliseconds since 1970; null where nobody knows or it has no end. */
  readonly createdAt: number | null
  readonly usedAt: number | null
  readonly endsAt: number | null
  /** The browser that asks. */
  readonly current: boolean
}

/** Who looks at the receipt, and the cookie of trusted devices of that browser. */
interface Looking {
  readonly signedIn: SignedIn
  readonly trustedCookie: string | null
}

interface DoorKind {
  readonly kind: string
  readonly list: (context: SignInContext, looking: Looking) => Promise<readonly OpenDoor[]>
  /** Shuts all of them but the session named; answers how many. Missing for the owner's own ways in, which stay. */
  readonly shut?: (
    context: SignInContext,
    trx: Kysely<AuthTables>,
    userId: number,
    except: Uint8Array | null,
  ) => Promise<number>
}

const nothing: Pick<OpenDoor, 'address' | 'createdAt' | 'usedAt' | 'endsAt' | 'current'> = {
  address: null,
  createdAt: null,
  usedAt: null,
  endsAt: null,
  current: false,
}

async function devicesOf(kind: 'session' | 'tokens', context: SignInContext, signedIn: SignedIn): Promise<OpenDoor[]> {
  const devices = await listDevices(context, signedIn)
  return devices
    .filter((device) => device.kind === kind)
    .map(({ name, device, lastSeenAt, ...rest }) => ({
      ...nothing,
      ...rest,
      name: name ?? device,
      named: name !== null,
      usedAt: lastSeenAt,
    }))
}

const doorsOf = (wanted: PasskeyKind, all: readonly PasskeyListed[]): OpenDoor[] =>
  all
    .filter(({ kind }) => kind === wanted)
    .map(({ name, createdAt, lastUsedAt }) => ({ ...nothing, name, createdAt, usedAt: lastUsedAt }))

/**
 * Every kind of door that an account can have, in the order of the receipt (A9). Whoever builds a new one adds its row: then
 * it stands on the receipt, is shut by its button, and by whatever ends everything, such as a changed password.
 */
export const doorKinds = [
  {
    kind: 'sessions',
    list: (context, { signedIn }) => devicesOf('session', context, signedIn),
    shut: ({ sessions }, trx, userId, except) => sessions.endAll(trx, userId, except),
  },
  {
    kind: 'programs',
    list: (context, { signedIn }) => devicesOf('tokens', context, signedIn),
    shut: async ({ tokens, deviceCodes }, trx, userId) => {
      // A program that has been let in and has not fetched its tokens yet is as good as in.
      await deviceCodes.endAll(trx, userId)
      return tokens.endAll(trx, userId)
    },
  },
  {
    kind: 'personal_tokens',
    list: async ({ personalTokens }, { signedIn }) =>
      (await personalTokens.list(signedIn.user.id)).map(({ name, createdAt, expiresAt, lastUsedAt, lastUsedFrom }) => ({
        ...nothing,
        name,
        address: lastUsedFrom,
        createdAt,
        usedAt: lastUsedAt,
        endsAt: expiresAt,
      })),
    shut: ({ personalTokens }, trx, userId) => personalTokens.endAll(trx, userId),
  },
  {
    kind: 'trusted_devices',
    list: async ({ trusted }, { signedIn, trustedCookie }) =>
      (await trusted.list(signedIn.user.id, trustedCookie)).map(({ device, lastUsedAt, ...rest }) => ({
        ...rest,
        name: device,
        usedAt: lastUsedAt,
      })),
    shut: ({ trusted }, trx, userId) => trusted.cutAll(trx, userId),
  },
  {
    kind: 'links',
    list: async ({ links }, { signedIn }) =>
      (await links.open(signedIn.user.id)).map(({ purpose, createdAt, expiresAt }) => ({
        ...nothing,
        name: purpose,
        createdAt,
        endsAt: expiresAt,
      })),
    // The link of a notice stays: it is what the owner has when a thief presses the button.
    async shut({ links }, trx, userId) {
      const resets = await links.voidAll(trx, userId, 'reset_password')
      // A change of the address that a thief has begun must not come true afterwards.
      return resets + (await links.voidAll(trx, userId, 'confirm_address'))
    },
  },
  {
    kind: 'password',
    async list({ users }, { signedIn }) {
      const account = await users.findCredentials(signedIn.user.id)
      if (!hasPassword(account?.password_hash ?? NO_PASSWORD)) return []
      const createdAt = account?.password_changed_at ?? Date.parse(signedIn.user.createdAt)
      return [{ ...nothing, name: 'password', createdAt }]
    },
  },
  {
    kind: 'passkeys',
    list: async ({ passkeys }, { signedIn }) => doorsOf('passkey', (await passkeys.list(signedIn.user.id)).passkeys),
  },
  {
    kind: 'security_keys',
    list: async ({ passkeys }, { signedIn }) =>
      doorsOf('security_key', (await passkeys.list(signedIn.user.id)).passkeys),
  },
  {
    kind: 'providers',
    list: async ({ providers }, { signedIn }) =>
      (await providers.identities(signedIn.user.id))
        .filter(({ opens }) => opens)
        .map(({ label, name, createdAt, lastUsedAt }) => ({
          ...nothing,
          name: `${label}: ${name}`,
          createdAt,
          usedAt: lastUsedAt,
        })),
  },
] as const satisfies readonly DoorKind[]

export type DoorKindName = (typeof doorKinds)[number]['kind']

/** The kinds in their order, each with what is open of it. */
export const openDoors = (context: SignInContext, looking: Looking) =>
  Promise.all(doorKinds.map(async ({ kind, list }) => ({ kind, doors: await list(context, looking) })))

/** Shuts every door but the session named and the owner's own ways in, and forgets half sign-ins. Inside a transaction of `changes`. */
export async function shutDoors(
  context: SignInContext,
  trx: Kysely<AuthTables>,
  userId: number,
  except: Uint8Array | null,
): Promise<number> {
  let shut = 0
  const kinds: readonly DoorKind[] = doorKinds
  for (const kind of kinds) shut += (await kind.shut?.(context, trx, userId, except)) ?? 0
  await context.pending.voidAll(trx, userId)
  return shut
}

/** The one button of the receipt: what is left is this browser and the owner's own ways in. Answers how many were shut. */
export async function shutOtherDoors(
  context: SignInContext,
  { user, session }: SignedIn,
  client: Client,
): Promise<number> {
  const { changes, users, audit } = context
  return changes.transaction(async (trx, changed) => {
    // The account first, as every change does: two that came the other way round would wait for each other.
    await users.get(trx, user.id)
    const shut = await shutDoors(context, trx, user.id, session.key)
    changed(user.id)
    const event = { event: 'doors_shut', result: 'ok', userId: user.id, session: session.id, detail: { shut } } as const
    await audit.record(trx, event, client)
    return shut
  })
}

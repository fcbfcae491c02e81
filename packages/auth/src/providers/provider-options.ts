import { createPrivateKey } from 'node:crypto'
import { seconds } from '../lib/clock.ts'
import { anyProvider, type ProviderRow, type ReadyProvider, readyProviders } from './ready-providers.ts'

/** What Apple gives instead of a secret: a secret is signed with it for each request. */
export interface AppleKey {
  readonly teamId: string
  readonly keyId: string
  /** PEM of the `.p8` file. */
  readonly privateKey: string
}

/** A service by which people sign in: a ready one by its `kind`, or any OpenID provider by its `issuer`. */
export interface ProviderOptions {
  readonly kind?: ReadyProvider
  /** Stands in addresses and with what is stored, so it must not change: `google`. The kind by default. */
  readonly id?: string
  /** What people read: "Continue with …". */
  readonly label?: string
  /** An https address (http on this machine only) under which `/.well-known/openid-configuration` lies. */
  readonly issuer?: string
  readonly clientId: string
  readonly clientSecret?: string | AppleKey
  /** What is asked for, apart by blanks; `openid email profile` for OpenID providers. */
  readonly scope?: string
  /** Milliseconds that it may take to answer; 10 seconds by default (OAU-07). */
  readonly timeout?: number
}

/** A service with everything that its row and its options say. */
export interface ProviderSettings extends ProviderRow {
  readonly id: string
  readonly clientId: string
  readonly clientSecret: string | AppleKey | null
  readonly timeout: number
}

const LONGEST_WAIT = seconds(10)

/** Adds what the row of a ready service says. */
export function providerSettings(given: ProviderOptions): ProviderSettings {
  const row: Omit<ProviderRow, 'label' | 'issuer'> & Partial<ProviderRow> = given.kind
    ? readyProviders[given.kind]
    : anyProvider
  const id = given.id ?? given.kind ?? ''
  return {
    ...row,
    id,
    label: given.label ?? row.label ?? id,
    issuer: given.issuer ?? row.issuer ?? '',
    scope: given.scope ?? row.scope,
    clientId: given.clientId,
    clientSecret: given.clientSecret ?? null,
    timeout: given.timeout ?? LONGEST_WAIT,
  }
}

const names: readonly string[] = ['kind', 'id', 'label', 'issuer', 'clientId', 'clientSecret', 'scope', 'timeout']
const isLocal = (host: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host)

/** What is wrong with the list, a sentence each. No secret is quoted. */
export function providerMistakes(list: readonly ProviderOptions[]): string[] {
  const ids = list.map(({ id, kind }) => id ?? kind ?? '')
  return list.flatMap((given, index) => {
    const id = ids[index] ?? ''
    const name = `The provider "${id}"`
    const found = [
      ...Object.keys(given).map((key) => !names.includes(key) && `${name} has no option "${key}".`),
      given.kind !== undefined &&
        !Object.hasOwn(readyProviders, given.kind) &&
        `${name} is of no known kind; there are ${Object.keys(readyProviders).join(', ')}.`,
      !/^[a-z0-9][a-z0-9-]{0,39}$/.test(id) &&
        'A provider without a kind needs an id of small letters, digits and hyphens.',
      ids.indexOf(id) !== index && `There are two providers "${id}"; give one of them another id.`,
      given.kind === undefined && !given.label && `${name} needs a label, which people read on its button.`,
      given.kind === undefined && !given.issuer && `${name} needs an issuer.`,
      given.issuer !== undefined && issuerMistake(name, given.issuer),
      (typeof given.clientId !== 'string' || given.clientId === '') && `${name} needs a clientId.`,
      secretMistake(name, given),
      given.timeout !== undefined &&
        !(Number.isFinite(given.timeout) && given.timeout > 0) &&
        `${name} must have a timeout of milliseconds above 0.`,
    ]
    return found.filter((sentence) => typeof sentence === 'string')
  })
}

function issuerMistake(name: string, issuer: string): string | false {
  const url = URL.canParse(issuer) ? new URL(issuer) : null
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal(url.hostname))
  return !isSafe && `${name} must have an issuer with https (http only on this machine).`
}

function secretMistake(name: string, { kind, clientSecret }: ProviderOptions): string | false {
  if (kind !== undefined && clientSecret === undefined) return `${name} needs a clientSecret.`
  if (typeof clientSecret !== 'object') return false
  if (kind !== 'apple') return `${name} needs a clientSecret of text.`
  const { teamId, keyId, privateKey } = clientSecret
  return (
    !(teamId && keyId && isP256(privateKey)) &&
    `${name} needs teamId, keyId and the privateKey of Apple's .p8 file in its clientSecret.`
  )
}

function isP256(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyDetails?.namedCurve === 'prime256v1'
  } catch {
    return false
  }
}

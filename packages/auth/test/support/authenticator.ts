import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { z } from 'zod'
import type { Browser } from './browser.ts'
import { baseUrl } from './test-auth.ts'

/** What a test bends in an answer, to see it refused. */
export interface Bent {
  readonly origin?: string
  readonly rpId?: string
  readonly type?: string
  readonly challenge?: string
  readonly userVerified?: boolean
  readonly userPresent?: boolean
  readonly counter?: number
  readonly backupEligible?: boolean
  readonly userHandle?: string | null
  readonly crossOrigin?: boolean
  readonly topOrigin?: string
  /** The attestation's format, and what it states. */
  readonly attestation?: { readonly format: string; readonly statement: Cbor }
  /** Of the COSE key: ES256 is -7. */
  readonly algorithm?: number
  readonly credentialId?: Buffer
  /** The signature of another key. */
  readonly signedBy?: SoftPasskey
}

type Cbor = number | string | Uint8Array | readonly Cbor[] | ReadonlyMap<number | string, Cbor>

/** CBOR as far as WebAuthn needs it (RFC 8949). */
function cbor(value: Cbor): Buffer {
  const head = (major: number, n: number): Buffer => {
    if (n < 24) return Buffer.from([(major << 5) | n])
    if (n < 256) return Buffer.from([(major << 5) | 24, n])
    return Buffer.from([(major << 5) | 25, n >> 8, n & 255])
  }
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value])
  if (value instanceof Map) {
    return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, one]) => [cbor(key), cbor(one)])])
  }
  const items = z.array(z.custom<Cbor>()).parse(value)
  return Buffer.concat([head(4, items.length), ...items.map(cbor)])
}

const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest()

const madeOptions = z.object({
  options: z.looseObject({
    challenge: z.string(),
    rp: z.object({ id: z.string(), name: z.string() }),
    user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
    excludeCredentials: z.array(z.object({ id: z.string() })),
  }),
})
const usedOptions = z.object({
  options: z.looseObject({
    challenge: z.string(),
    rpId: z.string(),
    allowCredentials: z.array(z.object({ id: z.string() })).optional(),
  }),
})

/** A passkey in software: a key pair of its own, and a counter that tests turn. */
export class SoftPasskey {
  readonly id = randomBytes(20)
  readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  handle: string | null = null
  counter = 0

  #clientData(type: string, challenge: string, bent: Bent): Buffer {
    return Buffer.from(
      JSON.stringify({
        type: bent.type ?? type,
        challenge: bent.challenge ?? challenge,
        origin: bent.origin ?? baseUrl,
        crossOrigin: bent.crossOrigin ?? false,
        ...(bent.topOrigin && { topOrigin: bent.topOrigin }),
      }),
    )
  }

  #authData(rpId: string, bent: Bent, attested: Buffer = Buffer.alloc(0)): Buffer {
    const flags =
      (bent.userPresent === false ? 0 : 1) |
      (bent.userVerified === false ? 0 : 4) |
      (bent.backupEligible ? 8 | 16 : 0) |
      (attested.length > 0 ? 64 : 0)
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(bent.counter ?? this.counter)
    return Buffer.concat([sha256(bent.rpId ?? rpId), Buffer.from([flags]), counter, attested])
  }

  /** RegistrationResponseJSON for options as our routes answer them. */
  make(answer: unknown, bent: Bent = {}) {
    const { options } = madeOptions.parse(answer)
    this.handle = options.user.id
    const { x = '', y = '' } = this.keys.publicKey.export({ format: 'jwk' })
    const key = cbor(
      new Map<number, Cbor>([
        [1, 2],
        [3, bent.algorithm ?? -7],
        [-1, 1],
        [-2, Buffer.from(x, 'base64url')],
        [-3, Buffer.from(y, 'base64url')],
      ]),
    )
    const id = bent.credentialId ?? this.id
    const length = Buffer.from([id.length >> 8, id.length & 255])
    const authData = this.#authData(options.rp.id, bent, Buffer.concat([Buffer.alloc(16), length, id, key]))
    const { format = 'none', statement = new Map() } = bent.attestation ?? {}
    const attestationObject = cbor(
      new Map<string, Cbor>([
        ['fmt', format],
        ['attStmt', statement],
        ['authData', authData],
      ]),
    )
    return this.#named(id, {
      clientDataJSON: this.#clientData('webauthn.create', options.challenge, bent).toString('base64url'),
      attestationObject: attestationObject.toString('base64url'),
      transports: ['internal'],
    })
  }

  /** AuthenticationResponseJSON for options as our routes answer them. */
  use(answer: unknown, bent: Bent = {}) {
    const { options } = usedOptions.parse(answer)
    const clientData = this.#clientData('webauthn.get', options.challenge, bent)
    const authData = this.#authData(options.rpId, bent)
    const { privateKey } = (bent.signedBy ?? this).keys
    const signature = sign('sha256', Buffer.concat([authData, sha256(clientData)]), privateKey)
    return this.#named(bent.credentialId ?? this.id, {
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authData.toString('base64url'),
      signature: signature.toString('base64url'),
      userHandle: bent.userHandle === undefined ? this.handle : bent.userHandle,
    })
  }

  #named<R>(id: Buffer, response: R) {
    const name = id.toString('base64url')
    return { id: name, rawId: name, type: 'public-key', clientExtensionResults: {}, response }
  }
}

/** Adds a passkey to whoever is signed in in this browser; answers the response. */
export async function addPasskey(browser: Browser, passkey: SoftPasskey, bent: Bent = {}): Promise<Response> {
  const options: unknown = await (await browser.send('/settings/passkeys/options', { json: {} })).json()
  return browser.send('/settings/passkeys', { json: { credential: passkey.make(options, bent) } })
}

/** Registers a security key, which sees nobody (no PIN) where nothing else is said. */
export async function addSecurityKey(browser: Browser, key: SoftPasskey, bent: Bent = {}): Promise<Response> {
  const options: unknown = await (await browser.send('/settings/security-keys/options', { json: {} })).json()
  return browser.send('/settings/security-keys', {
    json: { credential: key.make(options, { userVerified: false, ...bent }) },
  })
}

/** Signs in by a passkey; answers the response. */
export async function signInBy(browser: Browser, passkey: SoftPasskey, bent: Bent = {}): Promise<Response> {
  const options: unknown = await (await browser.send('/auth/passkeys/options', { json: {} })).json()
  return browser.send('/auth/passkeys/sign-in', { json: { credential: passkey.use(options, bent) } })
}

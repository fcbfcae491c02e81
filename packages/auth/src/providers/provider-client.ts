import { setTimeout as sleep } from 'node:timers/promises'
import type * as OpenId from 'openid-client'
import { z } from 'zod'
import { type Clock, seconds } from '../lib/clock.ts'
import { AuthError } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import { checkEmail } from '../users/account-names.ts'
import { appleSecret } from './apple-secret.ts'
import { type ProviderOptions, type ProviderSettings, providerSettings } from './provider-options.ts'
import type { PlainOAuth } from './ready-providers.ts'

/** Who somebody is at a provider: `issuer` and `subject` name the person, nothing else does (OAU-04). */
export interface PersonThere {
  readonly issuer: string
  readonly subject: string
  /** What its owner knows it by: an address or a name. Not unique, and the provider's choice. */
  readonly name: string
  readonly username: string | null
  /** Only an address that the provider has verified, by its own word. */
  readonly verifiedEmail: string | null
}

/** What one round trip has to show again when it comes back; made anew for each. */
export interface RoundTrip {
  readonly state: string
  readonly nonce: string
  /** PKCE (RFC 7636). */
  readonly verifier: string
}

export interface ProviderClient {
  /** The address at the provider to go to. Throws `provider_failed`. */
  begin(trip: RoundTrip, anew: boolean): Promise<URL>
  /**
   * Who came back, by what the provider added to the address. `since`: the person must have shown there who it is after this
   * time, in milliseconds since 1970. Throws `provider_refused`, `provider_failed`, `provider_not_fresh`.
   */
  complete(trip: RoundTrip, answer: URLSearchParams, since?: number): Promise<PersonThere>
}

/** Loaded by the first sign-in that needs it: a server without providers neither waits for it nor keeps it. */
const load = (): Promise<typeof OpenId> => import('openid-client')

/** After a failure nobody waits for the provider again before this time. */
const REST_AFTER_FAILURE = seconds(5)
/** How far a provider's clock may be from ours. */
const SKEW = seconds(30)
const LONGEST_SUBJECT = 255
const LONGEST_NAME = 200

/**
 * Speaks with one provider, by openid-client: OpenID Connect with discovery, or plain OAuth 2.0 where its row says where.
 * Nothing is asked before the first sign-in, so that a provider that is down stops no start; nothing waits longer than the
 * timeout, and after a failure others are refused at once for a while (OAU-07).
 */
export function createProviderClient(
  provider: ProviderSettings,
  deps: { redirectUri: string; clock: Clock; log: Log },
): ProviderClient {
  const { clock, log } = deps
  let known: Promise<OpenId.Configuration> | null = null
  let restsUntil = 0

  async function inTime<T>(work: Promise<T>): Promise<T> {
    const end = new AbortController()
    const late = sleep(provider.timeout, undefined, { signal: end.signal }).then(() => {
      throw new Error(`no answer within ${provider.timeout} ms`)
    })
    try {
      return await Promise.race([work, late])
    } finally {
      end.abort()
      late.catch(() => {})
    }
  }

  /** What went wrong goes to the log alone, without the answer, which may hold tokens. */
  function failure(error: unknown): AuthError {
    if (error instanceof AuthError) return error
    const code = codeOf(error)
    const refused = code === 'OAUTH_AUTHORIZATION_RESPONSE_ERROR'
    log('warn', 'provider_failed', {
      provider: provider.id,
      cause: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      code,
    })
    return new AuthError(refused ? 'provider_refused' : 'provider_failed')
  }

  async function configuration(): Promise<OpenId.Configuration> {
    if (clock() < restsUntil) throw new AuthError('provider_failed')
    known ??= configure(provider, clock)
    try {
      return await known
    } catch (error) {
      // Discovered anew by whoever comes after the rest.
      known = null
      restsUntil = clock() + REST_AFTER_FAILURE
      throw error
    }
  }

  return {
    async begin({ state, nonce, verifier }, anew) {
      try {
        const config = await inTime(configuration())
        const client = await load()
        return client.buildAuthorizationUrl(config, {
          redirect_uri: deps.redirectUri,
          scope: provider.scope,
          state,
          code_challenge: await client.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
          ...(provider.plain ? {} : { nonce }),
          ...(provider.answersByPost ? { response_mode: 'form_post' } : {}),
          ...(anew ? provider.anew : {}),
        })
      } catch (error) {
        throw failure(error)
      }
    },

    async complete({ state, nonce, verifier }, answer, since) {
      const came = new URL(deps.redirectUri)
      // Only what the protocol knows: the address is never taken from the request (OAU-02).
      for (const name of ['code', 'state', 'iss', 'error', 'error_description']) {
        for (const value of answer.getAll(name)) came.searchParams.append(name, value)
      }
      try {
        return await inTime(exchange(came))
      } catch (error) {
        throw failure(error)
      }

      async function exchange(currentUrl: URL): Promise<PersonThere> {
        const config = await configuration()
        const client = await load()
        const { plain } = provider
        const tokens = await client.authorizationCodeGrant(config, currentUrl, {
          expectedState: state,
          pkceCodeVerifier: verifier,
          ...(plain ? {} : { expectedNonce: nonce, idTokenExpected: true }),
        })
        if (since !== undefined) refuseStale(tokens.claims()?.auth_time, since, clock())
        // What the provider tells of its person is read now and its tokens are dropped (OAU-07).
        return plain
          ? personByOAuth(config, provider, plain, tokens.access_token)
          : personByOpenId(config, provider, tokens.access_token, tokens.claims())
      }
    },
  }
}

/**
 * Looks at a provider as a sign-in would, and signs nobody in: for an operator. Answers what is wrong in words, or null; the
 * secret is not tried.
 */
export async function probeProvider(options: ProviderOptions, clock: Clock): Promise<string | null> {
  const provider = providerSettings(options)
  try {
    await configure(provider, clock)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/**
 * `auth_time` (OpenID Connect Core section 2) says when the person has shown who it is. Whoever sits at an open browser can take
 * `prompt` and `max_age` out of the address on its way, and a session of last week would answer: only this claim, which is
 * signed, tells.
 */
function refuseStale(authTime: unknown, since: number, now: number): void {
  const at = typeof authTime === 'number' ? authTime * 1000 : Number.NaN
  if (!(at >= since - SKEW && at <= now + SKEW)) throw new AuthError('provider_not_fresh')
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined

async function configure(provider: ProviderSettings, clock: Clock): Promise<OpenId.Configuration> {
  const { clientId, clientSecret, plain, issuer } = provider
  const client = await load()
  const authentication: OpenId.ClientAuth =
    clientSecret === null
      ? client.None()
      : typeof clientSecret === 'string'
        ? client.ClientSecretPost(clientSecret)
        : async (_server, _client, body) => {
            body.set('client_id', clientId)
            body.set('client_secret', await appleSecret(clientSecret, clientId, clock()))
          }
  const timeout = Math.max(1, Math.ceil(provider.timeout / 1000))
  if (plain) {
    const server = { issuer, authorization_endpoint: plain.authorization, token_endpoint: plain.token }
    const config = new client.Configuration(server, clientId, {}, authentication)
    config.timeout = timeout
    return config
  }
  return client.discovery(new URL(issuer), clientId, {}, authentication, {
    timeout,
    // The signature of the ID token is checked although it comes over TLS (OAU-03). Without https only on this machine.
    execute: [client.enableNonRepudiationChecks, ...(issuer.startsWith('http:') ? [client.allowInsecureRequests] : [])],
  })
}

const text = z.string().min(1).optional().catch(undefined)
const isTrue = z.union([z.literal(true), z.literal('true')]).transform(() => true)
const claimsShape = z.object({
  name: text,
  preferred_username: text,
  email: text,
  // Apple says it as text.
  email_verified: isTrue.optional().catch(undefined),
})

async function personByOpenId(
  config: OpenId.Configuration,
  provider: ProviderSettings,
  accessToken: string,
  claims: OpenId.IDToken | undefined,
): Promise<PersonThere> {
  if (!claims) throw new Error('no ID token')
  const client = await load()
  const asks = claims['email'] === undefined && config.serverMetadata().userinfo_endpoint !== undefined
  const told = asks ? await client.fetchUserInfo(config, accessToken, claims.sub) : {}
  const { name, preferred_username, email, email_verified } = claimsShape.parse({ ...claims, ...told })
  return person(provider, {
    issuer: claims.iss,
    subject: claims.sub,
    username: preferred_username,
    name,
    email,
    emailVerified: email_verified === true,
  })
}

const addressesShape = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }))

async function personByOAuth(
  config: OpenId.Configuration,
  provider: ProviderSettings,
  { person: where, fields, addresses }: PlainOAuth,
  accessToken: string,
): Promise<PersonThere> {
  const client = await load()
  const get = async (url: string): Promise<unknown> => {
    const response = await client.fetchProtectedResource(config, accessToken, new URL(url), 'GET')
    if (response.status !== 200) throw new Error(`answered ${response.status}`)
    return response.json()
  }
  const answered = z.record(z.string(), z.unknown()).parse(await get(where))
  const read = (field: string) => text.parse(answered[field])
  const listed = addresses === undefined ? [] : addressesShape.parse(await get(addresses))
  const primary = listed.find((one) => one.primary && one.verified)
  return person(provider, {
    issuer: provider.issuer,
    subject: z
      .union([z.int(), z.string().min(1)])
      .transform(String)
      .parse(answered[fields.subject]),
    username: read(fields.username),
    name: read(fields.name),
    email: primary?.email ?? read(fields.email),
    emailVerified: primary !== undefined || answered[fields.emailVerified] === true,
  })
}

function person(
  provider: ProviderSettings,
  told: {
    issuer: string
    subject: string
    username: string | undefined
    name: string | undefined
    email: string | undefined
    emailVerified: boolean
  },
): PersonThere {
  const { issuer, subject, username, name, email } = told
  if (subject === '' || subject.length > LONGEST_SUBJECT) throw new Error('no subject, or one without end')
  const verified = told.emailVerified && provider.vouchesForAddresses && email !== undefined
  return {
    issuer,
    subject,
    name: printable(email ?? username ?? name ?? subject),
    username: username ?? null,
    verifiedEmail: verified && checkEmail(email) === null ? email : null,
  }
}

/** Text of others: without control characters and signs that turn what is around it. */
const printable = (value: string): string =>
  value.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, '').slice(0, LONGEST_NAME)

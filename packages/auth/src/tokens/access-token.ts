import type { JWTPayload } from 'jose'
import type { Clock } from '../lib/clock.ts'
import type { KeyRing } from '../lib/secrets.ts'

/** The algorithms of ALGORITHM: one is fixed by configuration, the header of a token is compared, never obeyed (JWT-01). */
export const algorithms = ['HS256', 'HS384', 'HS512'] as const
export type Algorithm = (typeof algorithms)[number]

export interface AccessTokenSettings {
  readonly algorithm: Algorithm
  readonly issuer: string
  readonly audience: string
  /** Milliseconds. */
  readonly lifetime: number
}

/** What a verified access token says. Whether its family is still alive is for the caller to check. */
export interface AccessClaims {
  readonly userId: number
  readonly familyId: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** RFC 9068: no other kind of JWT passes for an access token (JWT-03). */
const TYPE = 'at+jwt'
const LONGEST_TOKEN = 2048
/** Three parts of base64url: jose reads more spellings than one. */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/
/** What our headers say. Anything else would bring keys along, or ask for what we do not do (RFC 8725 section 3.10). */
const headerNames = new Set(['alg', 'typ', 'kid'])

/** Loaded with the first token: a start that only serves pages does without. */
const loadJose = () => import('jose')

export type AccessTokens = ReturnType<typeof createAccessTokens>

/** Issues and verifies access tokens (RFC 7519, RFC 8725, RFC 9068) with jose. */
export function createAccessTokens(deps: { keys: KeyRing; clock: Clock; settings: AccessTokenSettings }) {
  const { keys, clock, settings } = deps
  const keyBytes = settings.algorithm === 'HS256' ? 32 : settings.algorithm === 'HS384' ? 48 : 64
  const keyOf = new Map(keys.all.map((key) => [key.id, key.derive('access-token').subarray(0, keyBytes)]))
  const signingKey = keys.current.derive('access-token').subarray(0, keyBytes)

  return {
    async issue(claims: { userId: number; familyId: string; tokenId: string }): Promise<string> {
      const { SignJWT } = await loadJose()
      const now = Math.floor(clock() / 1000)
      return new SignJWT({ sid: claims.familyId })
        .setProtectedHeader({ alg: settings.algorithm, typ: TYPE, kid: keys.current.id })
        .setIssuer(settings.issuer)
        .setAudience(settings.audience)
        .setSubject(String(claims.userId))
        .setIssuedAt(now)
        .setExpirationTime(now + Math.round(settings.lifetime / 1000))
        .setJti(claims.tokenId)
        .sign(signingKey)
    },

    /** Null for anything that is no valid access token of ours. */
    async verify(token: string): Promise<AccessClaims | null> {
      if (token.length > LONGEST_TOKEN || !COMPACT.test(token)) return null
      const { errors, jwtVerify } = await loadJose()
      try {
        const { payload } = await jwtVerify(
          token,
          (header) => {
            const key = keyOf.get(header.kid ?? '')
            if (!key || !Object.keys(header).every((name) => headerNames.has(name)))
              throw new errors.JWSInvalid('not one of our headers')
            return key
          },
          {
            algorithms: [settings.algorithm],
            typ: TYPE,
            issuer: settings.issuer,
            audience: settings.audience,
            currentDate: new Date(clock()),
            requiredClaims: ['sub', 'iat', 'exp', 'jti', 'sid'],
          },
        )
        return claimsOf(payload)
      } catch (error) {
        if (error instanceof errors.JOSEError) return null
        throw error
      }
    },
  }
}

function claimsOf(payload: JWTPayload): AccessClaims | null {
  const userId = Number(payload.sub)
  const { sid, exp } = payload
  // One spelling only: a number that reads the same is another subject.
  if (!Number.isSafeInteger(userId) || payload.sub !== String(userId) || typeof sid !== 'string' || exp === undefined)
    return null
  return { userId, familyId: sid, expiresAt: exp * 1000 }
}

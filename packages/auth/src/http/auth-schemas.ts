import { z } from 'zod'
import { MAX_PASSWORD_BYTES } from '../passwords/password-policy.ts'
import { languages } from '../words/words.ts'
import { newCredential, usedCredential } from './credential-schemas.ts'

export const longest = (most: number) => z.string().max(most, `Use at most ${most} characters.`)

/** A password as it came: no trimming, no rule but the upper bound, which is told before any hashing (PW-02, PW-06). */
const password = z
  .string()
  .min(1, 'Enter the password.')
  .refine((text) => Buffer.byteLength(text) <= MAX_PASSWORD_BYTES, {
    message: `A password has at most ${MAX_PASSWORD_BYTES} bytes.`,
    params: { code: 'password_too_long' },
  })

/** True and false as JSON and as a form's check box say them. */
const flag = z
  .union([z.boolean(), z.enum(['on', 'true', '1', 'off', 'false', '0', ''])])
  .transform((value) => (typeof value === 'boolean' ? value : ['on', 'true', '1'].includes(value)))

/** A field that people do not see: what fills it in is a program. */
const honeypot = z.literal('', { error: 'Leave this field empty.' }).optional()
/** Whatever is no local path is ignored, also what is too long for one (RED-01). */
const next = z.string().optional()

/** As long as any name that an import keeps: rules for new names never apply at a sign-in. */
const identifier = longest(1000).min(1, 'Enter your user name or e-mail address.')

export const loginBody = z.object({
  username: identifier,
  password,
  remember_me: flag.optional(),
  shared_computer: flag.optional(),
  next,
  website: honeypot,
})

export const tokenLoginBody = z.object({ username: identifier, password })
export const refreshBody = z.object({ refresh_token: z.string().min(1) })
export const tokenLogoutBody = z.object({ refresh_token: z.string().optional() })
/** Without `current_password` for an account that has none yet. */
export const changePasswordBody = z.object({ current_password: password.optional(), new_password: password })
/** `email` as typed, a user name too; or `token` of a link that no longer works. */
export const forgotBody = z.object({
  email: longest(1000).optional(),
  token: z.string().max(200).optional(),
  website: honeypot,
})
export const resetBody = z.object({ token: z.string().min(1).max(200), new_password: password })
export const profileBody = z.object({
  display_name: z
    .string()
    .trim()
    .max(80, 'Use at most 80 characters.')
    // Line ends and escape codes forge what is printed, direction marks turn it around; PostgreSQL takes no NUL.
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u, 'Leave out line ends and other control characters.'),
})
/** Days from 1 to 365. In a form each scope is a field of its own, `scope-NAME`. */
export const personalTokenBody = z.looseObject({
  name: z
    .string()
    .trim()
    .min(1, 'Give it a name.')
    .max(60, 'Use at most 60 characters.')
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u, 'Leave out line ends and other control characters.'),
  days: z
    .union([
      z.int(),
      z
        .string()
        .regex(/^\d{1,3}$/)
        .transform(Number),
    ])
    .pipe(z.int().min(1, 'One day at least.').max(365, 'A year at most.')),
  scopes: z.array(longest(60)).max(50).optional(),
})
/** Empty for no name. */
export const deviceNameBody = z.object({
  name: z
    .string()
    .trim()
    .max(40, 'Use at most 40 characters.')
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u, 'Leave out line ends and other control characters.'),
})
/** `browser`: what each browser asks for. */
export const languageBody = z.object({ language: z.enum([...languages, 'browser']), next })
export const themeBody = z.object({ theme: z.enum(['light', 'dark', 'system']), next })
/** As long as a recovery code that was pasted with blanks around it. */
const code = longest(100).min(1, 'Enter the code.')
/** `pending_token` is for programs: a browser has it in a cookie. */
export const secondFactorBody = z.object({
  code,
  pending_token: longest(100).optional(),
  trust_device: flag.optional(),
  next,
})
export const tokenSecondFactorBody = z.object({ code, pending_token: longest(100).min(1) })
export const codeBody = z.object({ code })
export const stepUpBody = z.object({ password: password.optional(), code: code.optional(), next })
/** What the owner calls an authenticator or a passkey. */
const ownName = z
  .string()
  .trim()
  .min(1, 'Give it a name.')
  .max(40, 'Use at most 40 characters.')
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u, 'Leave out line ends and other control characters.')
export const authenticatorBody = z.object({ name: ownName })
/** `pending_token` is for programs: a browser has it in a cookie. */
export const enrolmentBody = z.object({ name: ownName, pending_token: longest(100).optional() })
export const enrolmentCodeBody = z.object({ code, pending_token: longest(100).optional() })
export const passkeyNameBody = z.object({ name: ownName })

export const passkeySignInBody = z.object({
  credential: usedCredential,
  remember_me: flag.optional(),
  shared_computer: flag.optional(),
  next,
})
/** `pending_token` is for scripts of a page of the host's own: a browser has it in a cookie. */
export const passkeySecondFactorOptionsBody = z.object({ pending_token: longest(100).optional() })
export const passkeySecondFactorBody = z.object({
  credential: usedCredential,
  pending_token: longest(100).optional(),
  trust_device: flag.optional(),
  next,
})
const pendingToken = longest(100).min(1)
export const tokenPasskeyOptionsBody = z.object({ pending_token: pendingToken })
export const tokenPasskeyBody = z.object({ pending_token: pendingToken, credential: usedCredential })
export const passkeyStepUpBody = z.object({ credential: usedCredential, next })
/** A browser's answer in a form: JSON in one of its fields. */
const inForm = z
  .string()
  .max(50_000)
  .transform((text): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      return null
    }
  })
  .pipe(newCredential)
/** What a browser has made, in JSON or in a form. */
const madeCredential = z.union([newCredential, inForm])

export const enrolmentOptionsBody = z.object({ pending_token: longest(100).optional() })
export const enrolmentPasskeyBody = z.object({ credential: madeCredential, pending_token: longest(100).optional() })

/** The secret of an invitation's link. */
const invitation = longest(200).optional()

/**
 * With a password, or with a passkey that the browser has made. Fields that are no part of it go to the host's own schema,
 * or are dropped (REG-06).
 */
export const registerBody = z
  .looseObject({
    username: longest(254),
    email: longest(1000),
    password: password.optional(),
    credential: madeCredential.optional(),
    invitation,
    next,
    website: honeypot,
  })
  .refine((body) => body.password !== undefined || body.credential !== undefined, {
    path: ['password'],
    error: 'Fill this in.',
    // Together with what is wrong with other fields.
    when: ({ value }) => typeof value === 'object' && value !== null,
  })
export const usernameBody = z.object({ username: longest(254) })
export const signUpOptionsBody = z.object({ username: longest(254), invitation })
export const newPasskeyBody = z.object({ credential: newCredential })
/** `password` is a proof where the account has no authenticator; else a fresh step-up is. */
export const leaveBody = z.object({ username: identifier, password: password.optional() })
export const restoreBody = z.object({ pending_token: longest(100).optional() })
export const nextBody = z.object({ next })
/** Where to go on after a way to a provider and back. */
export const providerBody = z.object({
  next,
  remember_me: flag.optional(),
  shared_computer: flag.optional(),
  invitation,
})
/** What a provider posts that answers by a form (OAuth 2.0 Form Post Response Mode). */
export const formPostBody = z.object({
  state: longest(500).optional(),
  code: longest(1500).optional(),
  error: longest(100).optional(),
})
/** Fields that are no part of it go to the host's own schema, or are dropped (REG-06). */
export const newcomerBody = z.looseObject({ username: longest(254), website: honeypot })
export const addressBody = z.object({ email: longest(1000).min(1, 'Enter an e-mail address.') })
export const linkBody = z.object({ token: z.string().min(1).max(200) })
export const emptyBody = z.object({})

export const userSchema = z
  .object({
    id: z.int(),
    username: z.string(),
    email: z.string().nullable(),
    created_at: z.iso.datetime(),
    last_login: z.iso.datetime().nullable(),
  })
  .strict()

const success = z.literal(true)
const time = z.iso.datetime()
const used = { id: z.string(), name: z.string(), created_at: time, last_used_at: time.nullable() }
const signedIn = z.object({ success, message: z.string(), redirect: z.string(), user: userSchema }).strict()
const tokens = {
  access_token: z.string(),
  refresh_token: z.string(),
  token_type: z.literal('bearer'),
  expires_in: z.int(),
  refresh_expires_in: z.int(),
}

export const answers = {
  signedIn,
  message: z.object({ success, message: z.string(), redirect: z.string().optional() }).strict(),
  exportState: z
    .object({
      success,
      state: z.enum(['none', 'making', 'interrupted', 'ready']),
      done: z.int().optional(),
      total: z.int().optional(),
      bytes: z.int().optional(),
      ends_at: z.iso.datetime().optional(),
      download: z.string().optional(),
    })
    .strict(),
  left: z.object({ success, message: z.string(), redirect: z.string(), deletes_at: z.iso.datetime() }).strict(),
  tokenLogin: z.object({ success, message: z.string(), ...tokens, user: userSchema }).strict(),
  refresh: z.object({ success, ...tokens }).strict(),
  me: z.object({ success, user: userSchema }).strict(),
  check: z.union([
    z.object({ success, authenticated: z.literal(false) }).strict(),
    z.object({ success, authenticated: success, user: userSchema }).strict(),
  ]),
  personalTokens: z
    .object({
      success,
      scopes: z.record(z.string(), z.string()),
      tokens: z.array(
        z
          .object({
            id: z.string(),
            name: z.string(),
            scopes: z.array(z.string()),
            created_at: z.string(),
            expires_at: z.string(),
            last_used_at: z.string().nullable(),
            last_used_from: z.string().nullable(),
          })
          .strict(),
      ),
    })
    .strict(),
  personalTokenMade: z
    .object({ success, message: z.string(), id: z.string(), token: z.string(), expires_at: z.string() })
    .strict(),
  /** Times as ISO 8601; `kind` is one of the rows of the receipt, `name` what its owner or the program calls it. */
  access: z
    .object({
      success,
      doors: z.array(
        z
          .object({
            kind: z.string(),
            name: z.string(),
            address: z.string().nullable(),
            created_at: z.string().nullable(),
            last_used_at: z.string().nullable(),
            ends_at: z.string().nullable(),
            current: z.boolean(),
          })
          .strict(),
      ),
    })
    .strict(),
  /** By what the step-up can be made, and for how many seconds the last one still counts. */
  stepUp: z
    .object({
      success,
      methods: z.array(z.enum(['password', 'code', 'passkey', 'security_key', 'provider'])),
      confirmed_for: z.int(),
    })
    .strict(),
  /** Neither secrets nor codes: those are shown once. */
  secondFactor: z
    .object({
      success,
      authenticators: z.array(z.object(used).strict()),
      security_keys: z.array(z.object(used).strict()),
      recovery_codes_left: z.int(),
      /** Until when a second step has to be set up; null where it is set up, or not demanded. */
      demanded_until: time.nullable(),
      /** Why an administrator demands it. */
      demand_reason: z.string().nullable(),
      trusted_devices: z.array(
        z.object({ ...used, last_used_at: time, address: z.string(), ends_at: time, current: z.boolean() }).strict(),
      ),
    })
    .strict(),
  passkeys: z.object({ success, passkeys: z.array(z.object({ ...used, synced: z.boolean() }).strict()) }).strict(),
  authenticatorSecret: z
    .object({ success, id: z.string(), name: z.string(), secret: z.string(), uri: z.string() })
    .strict(),
  authenticatorBegun: z
    .object({ success, message: z.string(), redirect: z.string(), id: z.string(), secret: z.string(), uri: z.string() })
    .strict(),
  /** `options` are those of `navigator.credentials`, as WebAuthn writes them in JSON. */
  passkeyOptions: z.object({ success, options: z.looseObject({ challenge: z.string() }) }).strict(),
  passkeyAdded: z
    .object({ success, message: z.string(), redirect: z.string(), id: z.string(), name: z.string() })
    .strict(),
  address: z
    .object({
      success,
      /** False on a server without mail: then nothing can be confirmed or changed. */
      can_confirm: z.boolean(),
      email: z.string().nullable(),
      confirmed: z.boolean(),
      waiting: z
        .object({
          email: z.string(),
          code_until: z.iso.datetime().nullable(),
          link_until: z.iso.datetime(),
          send_again_at: z.iso.datetime(),
        })
        .strict()
        .nullable(),
    })
    .strict(),
  recoveryCodes: z
    .object({ success, message: z.string(), redirect: z.string(), recovery_codes: z.array(z.string()) })
    .strict(),
  enrolled: signedIn.extend({ recovery_codes: z.array(z.string()) }).strict(),
  providerBegun: z.object({ success, message: z.string(), redirect: z.url() }).strict(),
  providers: z
    .object({
      success,
      providers: z.array(z.object({ id: z.string(), label: z.string() }).strict()),
      identities: z.array(
        z
          .object({
            id: z.string(),
            provider: z.string(),
            label: z.string(),
            name: z.string(),
            created_at: z.iso.datetime(),
            last_used_at: z.iso.datetime().nullable(),
          })
          .strict(),
      ),
    })
    .strict(),
  problem: z
    .object({
      type: z.string(),
      title: z.string(),
      status: z.int(),
      detail: z.string(),
      code: z.string(),
      request_id: z.string(),
      success: z.literal(false),
      methods: z.array(z.string()).optional(),
      pending_token: z.string().optional(),
      errors: z.array(z.object({ field: z.string(), code: z.string(), message: z.string() }).strict()).optional(),
    })
    .strict(),
}

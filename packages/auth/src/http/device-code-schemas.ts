import { z } from 'zod'
import { longest } from './auth-schemas.ts'

const success = z.literal(true)

const programName = z
  .string()
  .trim()
  .min(1, 'Give the name of the program.')
  .max(60, 'Use at most 60 characters.')
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u, 'Leave out line ends and other control characters.')
/** No program is registered here: `client_id` is what it calls itself, and is shown as that. */
export const deviceCodeBody = z.object({ client_id: programName })
export const deviceTokenBody = z.object({
  grant_type: longest(200).min(1),
  device_code: longest(200).min(1),
  client_id: programName,
})
export const userCodeBody = z.object({ user_code: longest(100).min(1, 'Enter the code.') })

/** What programs and people are answered on the way of RFC 8628. */
export const deviceCodeAnswers = {
  deviceCode: z
    .object({
      success,
      device_code: z.string(),
      user_code: z.string(),
      verification_uri: z.string(),
      verification_uri_complete: z.string(),
      expires_in: z.int(),
      interval: z.int(),
    })
    .strict(),
  oauthError: z
    .object({
      success: z.literal(false),
      error: z.enum([
        'authorization_pending',
        'slow_down',
        'access_denied',
        'expired_token',
        'invalid_request',
        'unsupported_grant_type',
      ]),
      error_description: z.string(),
    })
    .strict(),
  programFound: z.object({ success, message: z.string(), redirect: z.string(), id: z.string() }).strict(),
  programAsking: z
    .object({
      success,
      id: z.string(),
      claimed_name: z.string(),
      device: z.string(),
      address: z.string(),
      asked_at: z.iso.datetime(),
    })
    .strict(),
}

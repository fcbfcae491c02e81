import { z } from 'zod'
import { roles } from '../users/user.ts'
import { longest, userSchema } from './auth-schemas.ts'

/** Why an administrator does something to an account; the person reads it. */
export const actBody = z.object({
  reason: z
    .string()
    .trim()
    .max(200, 'Use at most 200 characters.')
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u, 'Leave out line ends and other control characters.')
    .optional(),
})
/** Days from 1 to 30; an empty address for whoever has the link. */
export const invitationBody = z.object({
  email: longest(1000).optional(),
  days: z
    .union([
      z.int(),
      z
        .string()
        .regex(/^\d{1,2}$/)
        .transform(Number),
    ])
    .pipe(z.int().min(1, 'One day at least.').max(30, '30 days at most.'))
    .optional(),
})

const personSchema = userSchema
  .extend({
    role: z.enum(roles),
    is_active: z.boolean(),
    deletes_at: z.iso.datetime().nullable(),
    waits_since: z.iso.datetime().nullable(),
    has_second_factor: z.boolean(),
    second_factor_demanded: z.boolean(),
  })
  .strict()

const success = z.literal(true)
const time = z.iso.datetime()

/** What the administration answers to programs. */
export const adminAnswers = {
  people: z.object({ success, people: z.array(personSchema), next_after: z.string().nullable() }).strict(),
  person: z.object({ success, person: personSchema }).strict(),
  invitations: z
    .object({
      success,
      registration: z.enum(['open', 'invitation', 'approval', 'closed']),
      invitations: z.array(
        z
          .object({
            id: z.string(),
            email: z.string().nullable(),
            sent: z.boolean(),
            made_by: z.string(),
            created_at: time,
            expires_at: time,
          })
          .strict(),
      ),
    })
    .strict(),
  /** `url` is null where the link went out by mail. */
  invitationMade: z.object({ success, id: z.string(), url: z.url().nullable(), expires_at: time }).strict(),
  server: z
    .object({
      success,
      address: z.url(),
      /** Whether nobody on the network can read along. */
      encrypted: z.boolean(),
      registration: z.enum(['open', 'invitation', 'approval', 'closed']),
      administrators: z.int(),
      /** Null without mail; `late` letters wait for more than five minutes. */
      mail: z.object({ late: z.int(), last_error: z.string().nullable() }).strict().nullable(),
    })
    .strict(),
  /** What was looked at, in the order of the page’s parts; `text` says what to do where the level is not `ok`. */
  health: z
    .object({
      success,
      lines: z.array(
        z.object({ level: z.enum(['ok', 'warning', 'problem']), topic: z.string(), text: z.string() }).strict(),
      ),
    })
    .strict(),
  /** `limits`: what holds. `standing`: who is turned away now, 100 at most, by account, network or both. */
  limits: z
    .object({
      success,
      limits: z.array(
        z.object({ kind: z.string(), budget: z.int(), period_seconds: z.int(), in_a_row: z.boolean() }).strict(),
      ),
      standing: z.array(
        z
          .object({
            kind: z.string(),
            user_id: z.int().nullable(),
            username: z.string().nullable(),
            network: z.string().nullable(),
            until: time,
          })
          .strict(),
      ),
    })
    .strict(),
  resetLink: z.object({ success, url: z.string(), expires_at: z.int() }).strict(),
}

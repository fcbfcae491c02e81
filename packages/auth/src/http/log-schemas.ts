import { z } from 'zod'
import { auditEventNames } from '../audit/audit.ts'
import { logFormats } from './log-file.ts'

/** A field of a form that was left empty says nothing. */
const given = <T extends string>(text: T | '') => (text === '' ? undefined : text)

/** A day, or a time in UTC. */
const when = z
  .string()
  .regex(/^(\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?)?$/, 'Give a day like 2026-11-22.')
  .refine((text) => text === '' || !Number.isNaN(Date.parse(text)), 'There is no such day.')
  .transform(given)
  .optional()

/** Which events an administrator wants to see: in the address of the page, and in the order of a file. */
export const logFilter = {
  /** A name, an address or the number of an account. */
  person: z.string().trim().max(254).transform(given).optional(),
  event: z
    .enum(['', ...auditEventNames])
    .transform(given)
    .optional(),
  address: z.string().trim().max(64).transform(given).optional(),
  from: when,
  to: when,
}

export const logFileBody = z.object({ ...logFilter, format: z.enum(logFormats) })

/** The log of all accounts, a page at a time; `chain` is for that of one account. */
export const logAnswer = z
  .object({
    success: z.literal(true),
    events: z.array(
      z
        .object({
          id: z.int(),
          at: z.iso.datetime(),
          event: z.string(),
          result: z.string(),
          user_id: z.int().nullable(),
          username: z.string().nullable(),
          actor: z.string().nullable(),
          subject: z.string().nullable(),
          address: z.string(),
          user_agent: z.string(),
          session: z.string().nullable(),
          request_id: z.string(),
          detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
          previous_hash: z.string().nullable(),
          hash: z.string().nullable(),
        })
        .strict(),
    ),
    next_before: z.string().nullable(),
    chain: z.enum(['fits', 'broken']).nullable(),
  })
  .strict()

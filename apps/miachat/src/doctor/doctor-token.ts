import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock, KeyRing } from '@miachat/auth'
import { z } from 'zod'

/** The header in which the doctor shows that it holds the server's key. Never in an address: those are logged. */
export const DOCTOR_HEADER = 'x-miachat-doctor'
/** Milliseconds that a token is good for, a clock that is wrong by less than that included. */
const LIFETIME = 60_000
/** Used tokens that are remembered. Only who holds the key can fill this. */
const MOST_USED = 1000
const NONCE_BYTES = 12

const mac = (keys: KeyRing['all'][number], nonce: Buffer, expires: number): Buffer =>
  createHmac('sha256', keys.derive('doctor')).update(nonce).update(`|${expires}`).digest()

/** A token for one request, made with the present key. */
export function makeDoctorToken(keys: KeyRing, now: number): string {
  const nonce = randomBytes(NONCE_BYTES)
  const expires = now + LIFETIME / 2
  return `${expires}.${nonce.toString('base64url')}.${mac(keys.current, nonce, expires).toString('base64url')}`
}

/**
 * Answers whether a header holds a token of somebody with the server's key, which works once in this process and for a
 * minute: what a proxy writes into its log on the way opens nothing later.
 */
export function createDoctorCheck(keys: KeyRing, clock: Clock): (header: string | null) => boolean {
  const used = new Map<string, number>()
  return function isFromDoctor(header) {
    const [, expiresText, nonceText, macText] = /^(\d{13})\.([\w-]{16})\.([\w-]{43})$/.exec(header ?? '') ?? []
    if (expiresText === undefined || nonceText === undefined || macText === undefined) return false
    const [expires, now] = [Number(expiresText), clock()]
    if (expires < now - LIFETIME / 2 || expires > now + LIFETIME || used.has(nonceText)) return false
    const given = Buffer.from(macText, 'base64url')
    const nonce = Buffer.from(nonceText, 'base64url')
    if (!keys.all.some((key) => timingSafeEqual(given, mac(key, nonce, expires)))) return false
    for (const [old, until] of used) if (until < now || used.size >= MOST_USED) used.delete(old)
    used.set(nonceText, expires + LIFETIME)
    return true
  }
}

/** What the server tells the doctor of the request that it just made: nothing of other people. */
export const doctorSight = z.object({
  base_url: z.string(),
  client_address: z.string(),
  peer_address: z.string(),
  forwarded_for: z.string().nullable(),
  forwarded_proto: z.string().nullable(),
  host: z.string().nullable(),
  trusted_proxies: z.array(z.string()),
  production: z.boolean(),
  version: z.string(),
})
export type DoctorSight = z.output<typeof doctorSight>

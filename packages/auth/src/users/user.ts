import { isoTime } from '../lib/clock.ts'
import { shownEmail } from './account-names.ts'

/** What a person may do on this server. */
export const roles = ['user', 'admin'] as const
export type Role = (typeof roles)[number]

/** A person as the host app and the pages see one: no hash, nothing secret (PW-12). */
export interface User {
  readonly id: number
  readonly username: string
  /** Null for an account without an address. */
  readonly email: string | null
  /** Whether the person has shown that letters to this address arrive. */
  readonly emailConfirmed: boolean
  /**
   * Until when an account waits that gets its address by confirming it, in milliseconds since 1970; null where nothing waits.
   * It has no address until then.
   */
  readonly addressDue: number | null
  /** What others call the person; the user name where none was chosen. */
  readonly displayName: string
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  readonly lastLogin: string | null
  /** Nobody is an administrator by default (ADM-01). */
  readonly role: Role
  /** Since when an administrator demands a second factor of this person, in milliseconds since 1970; null for not. */
  readonly secondFactorDemandedAt: number | null
  /** Invited to make a passkey after the account was made or taken back, and has not answered yet (P4). */
  readonly invitedToPasskey: boolean
  /** What the person has chosen for pages and letters (BCP 47); null for what each browser asks for. */
  readonly language: string | null
  /** The host app's own fields of a person. */
  readonly fields: Readonly<Record<string, unknown>>
}

/** Whether the person has an address that nobody has shown to be theirs, or gets it by showing that. */
export const hasToConfirm = (user: User | null): boolean =>
  user !== null && !user.emailConfirmed && (user.email !== null || user.addressDue !== null)

/** A person on the wire, in the seed's names. */
export interface UserJson {
  id: number
  username: string
  email: string | null
  created_at: string
  last_login: string | null
}

/** The columns that make a User. */
export const userColumns = [
  'users.id',
  'users.username',
  'users.email',
  'users.email_verified_at',
  'users.address_due',
  'users.display_name',
  'users.created_at',
  'users.last_login',
  'users.fields',
  'users.role',
  'users.factor_demanded_at',
  'users.passkey_invited',
  'users.language',
] as const

export interface UserRow {
  id: number
  username: string
  email: string
  email_verified_at: number | null
  address_due: number | null
  display_name: string | null
  created_at: string
  last_login: string | null
  fields: string
  role: string
  factor_demanded_at: number | null
  passkey_invited: boolean | number
  language: string | null
}

const noFields: Readonly<Record<string, unknown>> = Object.freeze({})

export function userOf(row: UserRow): User {
  const fields: Readonly<Record<string, unknown>> = row.fields === '{}' ? noFields : JSON.parse(row.fields)
  return {
    id: row.id,
    username: row.username,
    email: shownEmail(row.email),
    emailConfirmed: row.email_verified_at !== null,
    addressDue: row.address_due,
    displayName: row.display_name ?? row.username,
    createdAt: isoFromSeed(row.created_at),
    lastLogin: row.last_login === null ? null : isoFromSeed(row.last_login),
    // Whatever another program has written there: no word but this one gives any right.
    role: row.role === 'admin' ? 'admin' : 'user',
    secondFactorDemandedAt: row.factor_demanded_at,
    invitedToPasskey: Boolean(row.passkey_invited),
    language: row.language,
    fields,
  }
}

export const userJson = (user: User): UserJson => ({
  id: user.id,
  username: user.username,
  email: user.email,
  created_at: user.createdAt,
  last_login: user.lastLogin,
})

/** `YYYY-MM-DD HH:MM:SS.mmm` in UTC: the form of the seed's table. */
export const seedTime = (ms: number): string => isoTime(ms).replace('T', ' ').replace('Z', '')

/** From the seed's form, or PostgreSQL's with its zone, to ISO 8601 with `Z`. */
export function isoFromSeed(stored: string): string {
  // As we write it ourselves: read at every look-up of a person.
  if (stored.length === 23 && stored[10] === ' ') return `${stored.slice(0, 10)}T${stored.slice(11)}Z`
  const zoned = /[zZ]|[+-]\d\d(:?\d\d)?$/.test(stored) ? stored : `${stored}Z`
  const iso = zoned.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')
  const time = new Date(iso)
  return Number.isNaN(time.getTime()) ? isoTime(0) : time.toISOString()
}

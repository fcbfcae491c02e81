import type { FieldError } from '../lib/errors.ts'

/** REG-01: one script, no `@`, nothing invisible; so a name is never an address and never looks like another. */
const USERNAME = /^[A-Za-z0-9][A-Za-z0-9._-]{2,31}$/
const LONGEST_EMAIL = 254
/** REG-03: one @, no blanks, control characters, commas, angle brackets or quotes; the domain in ASCII. */
const EMAIL =
  /^[^\s@,<>"\\()[\]:;\p{Cc}\p{Cf}]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}$/u

/** Names that would pass for the server itself or break a program (REG-09), in canonical form. */
const reserved = new Set(
  `about abuse account accounts admin administrator admins all anonymous api app auth billing bot chat config contact
  daemon default everyone ftp guest help host hostmaster info login logout mail me mia miachat mod moderator noreply
  no-reply nobody none null official operator owner personality postmaster privacy public register root security server
  service settings signin signup sql ssl staff status superuser support sys sysadmin system team terms test undefined
  user users webmaster www`.split(/\s+/),
)

/**
 * The form in which names and addresses are unique (REG-02): NFKC, then lower case without any locale, and NFKC once more,
 * since small letters can be composed where the capital cannot (U+01F0).
 */
export const canonical = (name: string): string => name.normalize('NFKC').toLowerCase().normalize('NFKC')

/** Key of an imported row whose form is taken: cannot be typed, since no name and no address starts with it. */
export const untypableKey = (id: number): string => `#${id}`

const RESERVED_DOMAIN = '@none.invalid'
/** An account without an address has a made-up one under a domain that cannot exist (RFC 2606). */
export const noAddress = (random: string): string => `${random}${RESERVED_DOMAIN}`
/** The address as people see it: null when there is none. */
export const shownEmail = (stored: string): string | null => (stored.endsWith(RESERVED_DOMAIN) ? null : stored)

/** What is wrong with a new user name, or null. Never applied at sign-in: imported names are odd. */
export function checkUsername(username: string): FieldError | null {
  const field = 'username'
  if (username.length < 3 || username.length > 32) {
    return { field, code: 'username_length', message: 'Use 3 to 32 characters for the user name.' }
  }
  if (!USERNAME.test(username)) {
    return {
      field,
      code: 'username_characters',
      message: 'Use letters from a to z, digits, dots, hyphens and underscores. Start with a letter or digit.',
    }
  }
  if (reserved.has(canonical(username))) {
    return { field, code: 'username_reserved', message: 'That user name is kept for this server. Choose another.' }
  }
  return null
}

/** What is wrong with a new e-mail address, or null. */
export function checkEmail(email: string): FieldError | null {
  const field = 'email'
  if (email.length > LONGEST_EMAIL) {
    return { field, code: 'email_too_long', message: `An e-mail address has at most ${LONGEST_EMAIL} characters.` }
  }
  // The canonical form too, or a wide "＠" or comma would stand in it as a plain one.
  const form = canonical(email)
  if (!EMAIL.test(email) || !EMAIL.test(form) || form.endsWith(RESERVED_DOMAIN)) {
    return { field, code: 'email_invalid', message: 'Enter an e-mail address like name@example.org.' }
  }
  return null
}

/** What must be known of a password's bytes before they enter bcrypt. */
export type BcryptInput = 'plain' | 'hmac-sha384' | 'django-sha256' | 'passlib-sha256' | 'passlib-hmac-sha256'

/** A stored password hash, taken apart. Salt and digest of bcrypt stay in bcrypt's own base 64. */
export type StoredHash =
  | {
      readonly scheme: 'bcrypt'
      readonly input: BcryptInput
      readonly cost: number
      readonly salt: string
      readonly digest: string
    }
  | {
      readonly scheme: 'argon2'
      readonly variant: 'argon2id' | 'argon2i' | 'argon2d'
      /** KiB */
      readonly memory: number
      readonly passes: number
      readonly parallelism: number
      readonly salt: Buffer
      readonly digest: Buffer
    }
  | {
      readonly scheme: 'scrypt'
      readonly N: number
      readonly r: number
      readonly p: number
      readonly salt: Buffer
      readonly digest: Buffer
    }
  | {
      readonly scheme: 'pbkdf2'
      readonly hash: 'sha1' | 'sha256' | 'sha512'
      readonly iterations: number
      readonly salt: Buffer
      readonly digest: Buffer
    }

/**
 * Stands before the bcrypt string of a password over 72 bytes or with NUL: such a password is hashed by HMAC-SHA-384 first,
 * because bcrypt sees neither what follows 72 bytes nor tells `a` from `a`, NUL, `a`.
 */
export const LONG_MARK = '$bcrypt-hmac-sha384'

/**
 * The most that one check may cost, whatever the stored string says: about four seconds of a core and 256 MiB. An imported
 * row that asks for more (m = 4 GiB, 2^31 rounds) would let one sign-in stop all others; it counts as unverifiable.
 */
const most = {
  bcryptCost: 16,
  memory: 262_144,
  memoryPasses: 2_097_152,
  parallelism: 64,
  scrypt: 2 ** 23,
  rounds: 10_000_000,
}

/** A shorter digest could be met by chance. No scheme here writes less than 20 bytes. */
const LEAST_DIGEST = 16

const number = '([1-9]\\d{0,9})'
const bcryptBody = '([./A-Za-z0-9]{22})\\$?([./A-Za-z0-9]{31})'
const bcryptTail = `\\$2[aby]\\$(\\d\\d)\\$${bcryptBody}`
const unpadded = '([A-Za-z0-9+/]+)'
const adapted = '([A-Za-z0-9./]*)'
const padded = '([A-Za-z0-9+/]+={0,2})'
const form = (...parts: readonly string[]): RegExp => new RegExp(`^${parts.join('')}$`)

/** Every known spelling, with the function that reads its parts. The first that fits decides. */
const formats: readonly (readonly [RegExp, (...parts: string[]) => StoredHash | null])[] = [
  // bcrypt as everybody writes it; Django puts its own name before it.
  [form('(?:bcrypt\\$)?', bcryptTail), (...parts) => bcrypt('plain', ...parts)],
  [form(LONG_MARK.replaceAll('$', '\\$'), bcryptTail), (...parts) => bcrypt('hmac-sha384', ...parts)],
  [form('bcrypt_sha256\\$', bcryptTail), (...parts) => bcrypt('django-sha256', ...parts)],
  // passlib, second version and first.
  [
    form('\\$bcrypt-sha256\\$v=2,t=2[aby],r=(\\d{1,2})\\$', bcryptBody),
    (...parts) => bcrypt('passlib-hmac-sha256', ...parts),
  ],
  [form('\\$bcrypt-sha256\\$2[aby],(\\d{1,2})\\$', bcryptBody), (...parts) => bcrypt('passlib-sha256', ...parts)],
  // PHC string of Argon2 version 1.3; Django puts its own name before it. Version 1.0 (no v=19) cannot be computed here.
  [
    form(
      `(?:argon2)?\\$(argon2id|argon2i|argon2d)\\$v=19\\$m=${number},t=${number},p=${number}\\$${unpadded}\\$${unpadded}`,
    ),
    (variant, m, t, p, salt, digest) => argon2(variant, Number(m), Number(t), Number(p), decode(salt), decode(digest)),
  ],
  // passlib: the logarithm of N, standard base 64 without padding.
  [
    form(`\\$scrypt\\$ln=${number},r=${number},p=${number}\\$${unpadded}\\$${unpadded}`),
    (ln, r, p, salt, digest) => scrypt(2 ** Number(ln), Number(r), Number(p), decode(salt), decode(digest)),
  ],
  // Django: the salt is text, not base 64.
  [
    form(`scrypt\\$${number}\\$([^$]*)\\$${number}\\$${number}\\$${padded}`),
    (N, salt, r, p, digest) => scrypt(Number(N), Number(r), Number(p), Buffer.from(salt), decode(digest)),
  ],
  // passlib: base 64 with "." for "+"; plain $pbkdf2$ is SHA-1.
  [
    form(`\\$pbkdf2(?:-(sha256|sha512))?\\$${number}\\$${adapted}\\$${adapted}`),
    (hash, rounds, salt, digest) => pbkdf2(hash ?? 'sha1', Number(rounds), decode(salt), decode(digest)),
  ],
  // Django: the salt is text.
  [
    form(`pbkdf2_(sha1|sha256|sha512)\\$${number}\\$([^$]*)\\$${padded}`),
    (hash, rounds, salt, digest) => pbkdf2(hash, Number(rounds), Buffer.from(salt), decode(digest)),
  ],
]

/** Takes a stored hash apart. Null: no known format, or one that asks for more work than a check may cost. */
export function parseStoredHash(stored: string): StoredHash | null {
  if (stored.length > 1024) return null
  for (const [pattern, read] of formats) {
    const parts = pattern.exec(stored)
    if (parts) return read(...parts.slice(1))
  }
  return null
}

/** The PHC string of an Argon2 hash (version 1.3). */
export function argon2Text(hash: Extract<StoredHash, { scheme: 'argon2' }>): string {
  const text = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')
  const { variant, memory, passes, parallelism } = hash
  return `$${variant}$v=19$m=${memory},t=${passes},p=${parallelism}$${text(hash.salt)}$${text(hash.digest)}`
}

function bcrypt(input: BcryptInput, ...[log, salt, digest]: string[]): StoredHash | null {
  const cost = Number(log)
  if (!(cost >= 4 && cost <= most.bcryptCost) || salt === undefined || digest === undefined) return null
  return { scheme: 'bcrypt', input, cost, salt, digest }
}

function argon2(
  variant: string,
  memory: number,
  passes: number,
  parallelism: number,
  salt: Buffer,
  digest: Buffer,
): StoredHash | null {
  if (variant !== 'argon2id' && variant !== 'argon2i' && variant !== 'argon2d') return null
  if (memory > most.memory || memory * passes > most.memoryPasses || parallelism > most.parallelism) return null
  // RFC 9106 §3.1 asks for these; the computation would throw.
  if (memory < 8 * parallelism || salt.length < 8 || digest.length < LEAST_DIGEST) return null
  return { scheme: 'argon2', variant, memory, passes, parallelism, salt, digest }
}

function scrypt(N: number, r: number, p: number, salt: Buffer, digest: Buffer): StoredHash | null {
  const powerOfTwo = N > 1 && N <= most.scrypt && (N & (N - 1)) === 0
  // RFC 7914: it needs 128 * N * r bytes.
  if (!powerOfTwo || N * r * 128 > most.memory * 1024 || N * r * p > most.scrypt) return null
  return digest.length < LEAST_DIGEST ? null : { scheme: 'scrypt', N, r, p, salt, digest }
}

function pbkdf2(hash: string, iterations: number, salt: Buffer, digest: Buffer): StoredHash | null {
  if (hash !== 'sha1' && hash !== 'sha256' && hash !== 'sha512') return null
  if (iterations > most.rounds || digest.length < LEAST_DIGEST || digest.length > 64) return null
  return { scheme: 'pbkdf2', hash, iterations, salt, digest }
}

function decode(text: string): Buffer {
  return Buffer.from(text.replaceAll('.', '+'), 'base64')
}

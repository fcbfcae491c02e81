import { argon2Sync, createHash, createHmac, pbkdf2Sync, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import bcrypt from 'bcrypt'
import { ARGON2_MEMORY, type HashSetting } from './hash-setting.ts'
import { argon2Text, type BcryptInput, LONG_MARK, parseStoredHash, type StoredHash } from './password-formats.ts'

const BCRYPT_BYTES = 72

/** Never changes, or nobody with a long password gets in; it is no secret: it keeps foreign SHA-384 leaks from being of use. */
const LONG_LABEL = 'miachat: password of more than 72 bytes, or with NUL'

/** The stored string for a new password. All of its bytes count (PW-06). */
export function hashPassword(password: string, setting: HashSetting): string {
  const bytes = Buffer.from(password)
  if (setting.scheme === 'argon2id') {
    const blank = {
      scheme: 'argon2',
      variant: 'argon2id',
      memory: ARGON2_MEMORY,
      passes: setting.cost,
      parallelism: 1,
    } as const
    const hash = { ...blank, salt: randomBytes(16), digest: Buffer.alloc(32) }
    return argon2Text({ ...hash, digest: argon2Digest(bytes, hash) })
  }
  const salt = bcrypt.genSaltSync(setting.cost)
  if (fitsBcrypt(bytes)) return bcrypt.hashSync(bytes, salt)
  return LONG_MARK + bcrypt.hashSync(bcryptInput('hmac-sha384', bytes, salt), salt)
}

/**
 * Whether the password belongs to the stored hash. `imported` compares bcrypt as the Python original did: by the first 72
 * bytes, and never for a password with NUL. A string that is no known hash matches nothing and still costs a whole hash in the
 * current setting, so that time does not tell an account without a password from another (LOG-02).
 */
export function verifyPassword(password: string, stored: string, imported: boolean, setting: HashSetting): boolean {
  const hash = parseStoredHash(stored)
  if (!hash) {
    hashPassword(password, setting)
    return false
  }
  const bytes = Buffer.from(password)
  const equal =
    hash.scheme === 'bcrypt' ? equalsBcrypt(bytes, hash, imported) : timingSafeEqual(digest(bytes, hash), hash.digest)
  // A lone surrogate is encoded as U+FFFD and must not match a password that holds that very character (PW-07).
  return equal && password.isWellFormed()
}

function equalsBcrypt(bytes: Buffer, hash: Extract<StoredHash, { scheme: 'bcrypt' }>, imported: boolean): boolean {
  const salt = `$2b$${String(hash.cost).padStart(2, '0')}$${hash.salt}`
  const input = bcryptInput(hash.input, bytes, hash.salt)
  const computed = bcrypt.hashSync(input.subarray(0, BCRYPT_BYTES), salt).slice(-hash.digest.length)
  const equal = timingSafeEqual(Buffer.from(computed), Buffer.from(hash.digest))
  // Refused after the work, not before: time must not tell how the stored hash was made.
  return equal && (imported ? !input.includes(0) : fitsBcrypt(input))
}

function fitsBcrypt(bytes: Buffer): boolean {
  return bytes.length <= BCRYPT_BYTES && !bytes.includes(0)
}

/** What enters bcrypt for each way of preparing a password. Base 64 and hex, since a bare digest may hold NUL. */
function bcryptInput(input: BcryptInput, bytes: Buffer, salt: string): Buffer {
  switch (input) {
    case 'plain':
      return bytes
    case 'hmac-sha384':
      return Buffer.from(createHmac('sha384', LONG_LABEL).update(bytes).digest('base64'))
    case 'django-sha256':
      return Buffer.from(createHash('sha256').update(bytes).digest('hex'))
    case 'passlib-sha256':
      return Buffer.from(createHash('sha256').update(bytes).digest('base64'))
    case 'passlib-hmac-sha256':
      return Buffer.from(createHmac('sha256', salt).update(bytes).digest('base64'))
  }
}

function digest(bytes: Buffer, hash: Exclude<StoredHash, { scheme: 'bcrypt' }>): Buffer {
  const length = hash.digest.length
  switch (hash.scheme) {
    case 'argon2':
      return argon2Digest(bytes, hash)
    case 'scrypt': {
      const { N, r, p } = hash
      return scryptSync(bytes, hash.salt, length, { N, r, p, maxmem: 256 * N * r + 2 ** 20 })
    }
    case 'pbkdf2':
      return pbkdf2Sync(bytes, hash.salt, hash.iterations, length, hash.hash)
  }
}

function argon2Digest(message: Buffer, hash: Extract<StoredHash, { scheme: 'argon2' }>): Buffer {
  const { memory, passes, parallelism, salt: nonce, digest } = hash
  return argon2Sync(hash.variant, { message, nonce, memory, passes, parallelism, tagLength: digest.length })
}

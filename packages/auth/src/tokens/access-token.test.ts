import assert from 'node:assert/strict'
import { createHmac, createSign, generateKeyPairSync } from 'node:crypto'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { minutes, seconds } from '../lib/clock.ts'
import { createKeyRing } from '../lib/secrets.ts'
import { type AccessTokenSettings, createAccessTokens } from './access-token.ts'

const SECRET = 'a secret of the tests, long enough to be taken'
const OTHER = 'another secret of the tests, long enough as well'
const keys = createKeyRing([SECRET])
const time = { now: 1_800_000_000_500 }
const settings: AccessTokenSettings = {
  algorithm: 'HS256',
  issuer: 'http://localhost:8080',
  audience: 'http://localhost:8080',
  lifetime: minutes(30),
}
const clock = () => time.now
const tokens = createAccessTokens({ keys, clock, settings })
const hashes = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const

const claims = { userId: 7, familyId: 'family-of-seven', tokenId: 'token-one' }
const start = Math.floor(time.now / 1000)
const goodHeader = { alg: 'HS256', typ: 'at+jwt', kid: keys.current.id }
const goodPayload = {
  iss: settings.issuer,
  aud: settings.audience,
  sub: '7',
  iat: start,
  exp: start + 1800,
  jti: 'token-one',
  sid: 'family-of-seven',
}

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** A token with our own key behind it, whatever it says: what only a thief of the key could make. */
function forge(
  change: { header?: object | string; payload?: object | string; hash?: string; key?: Buffer | string } = {},
): string {
  const header = typeof change.header === 'string' ? change.header : { ...goodHeader, ...change.header }
  const payload = typeof change.payload === 'string' ? change.payload : { ...goodPayload, ...change.payload }
  const signed = `${encode(header)}.${encode(payload)}`
  const key = change.key ?? keys.current.derive('access-token').subarray(0, 32)
  return `${signed}.${createHmac(change.hash ?? 'sha256', key)
    .update(signed)
    .digest('base64url')}`
}

describe('access tokens that are refused', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const rsa = (header: object) => {
    const signed = `${encode({ ...goodHeader, ...header })}.${encode(goodPayload)}`
    return `${signed}.${createSign('sha256').update(signed).sign(privateKey).toString('base64url')}`
  }
  const pem = publicKey.export({ type: 'spki', format: 'pem' })
  const good = forge()
  const [head = '', body = '', signature = ''] = good.split('.')
  const otherKey = createKeyRing([OTHER]).current
  const key = (bytes: number) => keys.current.derive('access-token').subarray(0, bytes)

  const refused: Record<string, string> = {
    'JWT-01: alg none without a signature': `${encode({ ...goodHeader, alg: 'none' })}.${body}.`,
    'JWT-01: alg None with our signature': forge({ header: { alg: 'None' } }),
    'JWT-01: alg nOnE and nothing else': `${encode({ alg: 'nOnE' })}.${body}.${signature}`,
    'JWT-01: alg "" ': forge({ header: { alg: '' } }),
    'JWT-01: alg missing': forge({ header: { alg: undefined } }),
    'JWT-01: alg in small letters': forge({ header: { alg: 'hs256' } }),
    'JWT-01: a list of algs': forge({ header: { alg: ['HS256'] } }),
    'JWT-01: HS384 with the same secret': forge({ header: { alg: 'HS384' }, hash: 'sha384', key: key(48) }),
    'JWT-01: HS512 with the same secret': forge({ header: { alg: 'HS512' }, hash: 'sha512', key: key(64) }),
    'JWT-01: HS512 in the header alone': forge({ header: { alg: 'HS512' } }),
    'JWT-01: RS256 with a key of the attacker': rsa({ alg: 'RS256' }),
    'JWT-01: HS256 with the public key as secret': forge({ key: pem }),
    'JWT-01: HS256 with an empty secret': forge({ key: Buffer.alloc(0) }),
    'O1: HS256 with the secret of the original': forge({ key: 'your-secret-key-here-change-in-production' }),
    'SEC-02: HS256 with SECRET_KEY itself': forge({ key: SECRET }),
    'SEC-02: HS256 with the key of device cookies': forge({
      key: keys.current.derive('device-cookie').subarray(0, 32),
    }),
    'JWT-02: the id of an unknown key': forge({ header: { kid: 'unknown' } }),
    'JWT-02: the id of an unknown key, signed with it': forge({
      header: { kid: otherKey.id },
      key: otherKey.derive('access-token').subarray(0, 32),
    }),
    'JWT-02: our id over the signature of another key': forge({ key: otherKey.derive('access-token').subarray(0, 32) }),
    'JWT-02: no id of a key': forge({ header: { kid: undefined } }),
    'JWT-02: an empty id of a key': forge({ header: { kid: '' } }),
    'JWT-02: a path as id': forge({ header: { kid: '../../dev/null' }, key: '' }),
    'JWT-02: SQL as id': forge({ header: { kid: "' UNION SELECT 'x" }, key: 'x' }),
    'JWT-02: an id that every object has': forge({ header: { kid: 'constructor' } }),
    'JWT-02: __proto__ as id': forge({ header: { kid: '__proto__' } }),
    'JWT-02: a number as id': forge({ header: { kid: 0 } }),
    'JWT-02: a key of its own in the header': forge({ header: { jwk: { kty: 'oct', k: encode('x') } }, key: 'x' }),
    'JWT-02: jwk beside our signature': forge({ header: { jwk: { kty: 'oct', k: 'AA' } } }),
    'JWT-02: jku beside our signature': forge({ header: { jku: 'https://attacker.example/keys' } }),
    'JWT-02: x5u beside our signature': forge({ header: { x5u: 'https://attacker.example/cert' } }),
    'JWT-02: x5c beside our signature': forge({ header: { x5c: ['AA=='] } }),
    'JWT-02: crit with an unknown word': forge({ header: { crit: ['exp2'], exp2: 1 } }),
    'JWT-02: an empty crit': forge({ header: { crit: [] } }),
    'JWT-02: an unencoded payload (RFC 7797)': forge({ header: { crit: ['b64'], b64: false } }),
    'O28: a compressed payload': forge({ header: { zip: 'DEF' } }),
    'O28: an encrypted token': `${encode({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' })}..${encode('iv')}.${encode('x')}.${encode('tag')}`,
    'JWT-03: without typ': forge({ header: { typ: undefined } }),
    'JWT-03: typ JWT': forge({ header: { typ: 'JWT' } }),
    'JWT-03: typ of another kind': forge({ header: { typ: 'rt+jwt' } }),
    'JWT-04: another issuer': forge({ payload: { iss: 'http://localhost:8081' } }),
    'JWT-04: an issuer with a slash behind it': forge({ payload: { iss: `${settings.issuer}/` } }),
    'JWT-04: another audience': forge({ payload: { aud: 'https://other.example' } }),
    'JWT-04: no audience': forge({ payload: { aud: undefined } }),
    'JWT-04: an empty list of audiences': forge({ payload: { aud: [] } }),
    'JWT-04: expired': forge({ payload: { exp: start } }),
    'JWT-04: exp as text': forge({ payload: { exp: String(start + 1800) } }),
    'JWT-04: no exp': forge({ payload: { exp: undefined } }),
    'JWT-04: no iat': forge({ payload: { iat: undefined } }),
    'JWT-04: no jti': forge({ payload: { jti: undefined } }),
    'JWT-04: no sid': forge({ payload: { sid: undefined } }),
    'JWT-04: nbf ahead': forge({ payload: { nbf: start + 120 } }),
    'JWT-05: no sub': forge({ payload: { sub: undefined } }),
    'JWT-05: a name as sub, as in the original (O6)': forge({ payload: { sub: 'anna' } }),
    'JWT-05: another spelling of the number': forge({ payload: { sub: '7.0' } }),
    'JWT-05: a blank before the number': forge({ payload: { sub: ' 7' } }),
    'JWT-05: a list as sub': forge({ payload: { sub: ['7'] } }),
    'JWT-05: a number as sub': forge({ payload: { sub: 7 } }),
    'a payload that is no JSON': forge({ payload: 'exp=never' }),
    'a payload that is null': forge({ payload: 'null' }),
    'a payload that is a list': forge({ payload: '[]' }),
    'a header that is no JSON': forge({ header: 'HS256' }),
    'two parts': `${head}.${body}`,
    'four parts': `${good}.${signature}`,
    'no signature': `${head}.${body}.`,
    'half of the signature': `${head}.${body}.${signature.slice(0, 20)}`,
    'the payload of another token': `${head}.${encode({ ...goodPayload, sub: '1' })}.${signature}`,
    'a blank behind': `${good} `,
    'other letters for base64url': good.replaceAll('-', '+').replaceAll('_', '/').concat('='),
    nothing: '',
    'three dots': '...',
    'a hundred thousand characters': 'x'.repeat(100_000),
    'a hundred thousand dots': '.'.repeat(100_000),
    'a long one of ours': forge({ payload: { more: 'x'.repeat(3000) } }),
    'letters beyond ASCII': `${head}.ß🙂\u0000.${signature}`,
  }
  for (const [what, token] of Object.entries(refused)) {
    test(what, async () => assert.equal(await tokens.verify(token), null))
  }

  test('the very same token is good before it is changed', async () => assert.ok(await tokens.verify(good)))

  test('whatever is sent, the answer is null and no error', async () => {
    const parts = fc.oneof(fc.string({ unit: 'binary' }), fc.json().map(encode), fc.constantFrom(head, body, signature))
    await fc.assert(
      fc.asyncProperty(fc.array(parts, { maxLength: 5 }), async (list) => {
        const token = list.join('.')
        if (token !== good) assert.equal(await tokens.verify(token), null)
      }),
      { numRuns: 300 },
    )
  })

  test('a change of any bit of what is said makes it worthless', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(head.length + body.length), fc.constantFrom(...'ABCxyz019-_'), async (at, letter) => {
        const changed = good.slice(0, at) + letter + good.slice(at + 1)
        if (changed !== good) assert.equal(await tokens.verify(changed), null)
      }),
      { numRuns: 300 },
    )
  })
})

describe('access tokens that are good', () => {
  test('JWT-03, JWT-04, JWT-05: a token says who, from whom, for whom, until when, of which family, and nothing more', async () => {
    const token = await tokens.issue(claims)
    const [header, payload] = token.split('.', 2).map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
    assert.deepEqual(header, goodHeader)
    assert.deepEqual(payload, goodPayload)
    assert.deepEqual(await tokens.verify(token), {
      userId: 7,
      familyId: 'family-of-seven',
      expiresAt: (start + 1800) * 1000,
    })
  })

  test('JWT-04: it is good until its last second', async () => {
    const token = await tokens.issue(claims)
    const before = time.now
    time.now = (start + 1800) * 1000 - 1
    assert.ok(await tokens.verify(token))
    time.now += 1
    assert.equal(await tokens.verify(token), null)
    time.now = before
  })

  test('AVL-09: a clock that was set back by half a minute throws nobody out', async () => {
    const token = await tokens.issue(claims)
    time.now -= seconds(30)
    assert.ok(await tokens.verify(token))
    time.now += seconds(30)
  })

  for (const algorithm of ['HS256', 'HS384', 'HS512'] as const) {
    test(`JWT-01: with ${algorithm} by configuration, ${algorithm} alone is taken, with a key of its length`, async () => {
      const configured = createAccessTokens({ keys, clock, settings: { ...settings, algorithm } })
      assert.ok(await configured.verify(await configured.issue(claims)))
      for (const [other, hash] of Object.entries(hashes)) {
        const bytes = Number(other.slice(2)) / 8
        const key = keys.current.derive('access-token').subarray(0, bytes)
        const verified = await configured.verify(forge({ header: { alg: other }, hash, key }))
        assert.equal(verified !== null, other === algorithm, other)
      }
    })
  }

  test('JWT-09: with two keys the first signs and both verify; a key that is gone verifies no more', async () => {
    const issued = await tokens.issue(claims)
    const rotated = createAccessTokens({ keys: createKeyRing([OTHER, SECRET]), clock, settings })
    const done = createAccessTokens({ keys: createKeyRing([OTHER]), clock, settings })
    assert.ok(await rotated.verify(issued))
    assert.equal(await done.verify(issued), null)
    const anew = await rotated.issue(claims)
    assert.ok(await done.verify(anew))
    assert.equal(await tokens.verify(anew), null)
  })
})

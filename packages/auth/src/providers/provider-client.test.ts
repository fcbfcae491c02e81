import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { afterEach, mock, test } from 'node:test'
import { decodeProtectedHeader, exportJWK, generateKeyPair, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { AuthError } from '../lib/errors.ts'
import { createProviderClient } from './provider-client.ts'
import { type ProviderOptions, providerSettings } from './provider-options.ts'

const trip = { state: 's'.repeat(43), nonce: 'n'.repeat(43), verifier: 'v'.repeat(43) }
const answer = new URLSearchParams({ code: 'a-code', state: trip.state })
const keys = await generateKeyPair('RS256')

afterEach(() => mock.restoreAll())

/** What was asked of whom, and what the services answer, by address. Nothing leaves this machine. */
function services(answers: Record<string, (body: URLSearchParams) => unknown>) {
  const asked: { url: string; headers: Headers; body: URLSearchParams }[] = []
  mock.method(globalThis, 'fetch', async (input: string | URL, init: RequestInit = {}) => {
    const url = String(input)
    const body = new URLSearchParams(init.body instanceof URLSearchParams ? init.body : String(init.body ?? ''))
    asked.push({ url, headers: new Headers(init.headers), body })
    const found = answers[url]
    if (!found) return new Response('nothing here', { status: 404 })
    return Response.json(await found(body))
  })
  return asked
}

/** A service that is discovered: its metadata, its keys, and an ID token with these claims. */
async function discovered(issuer: string, claims: JWTPayload, metadataIssuer = issuer) {
  const own = 'https://service.example'
  const publicKey = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
  const right = { iss: issuer, aud: 'chat', sub: '42', nonce: trip.nonce }
  const idToken = () =>
    new SignJWT({ ...right, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(keys.privateKey)
  return {
    [`${metadataIssuer.replace('{tenantid}', 'common')}/.well-known/openid-configuration`]: () => ({
      issuer: metadataIssuer,
      authorization_endpoint: `${own}/authorize`,
      token_endpoint: `${own}/token`,
      jwks_uri: `${own}/keys`,
    }),
    [`${own}/keys`]: () => ({ keys: [publicKey] }),
    [`${own}/token`]: async () => ({ access_token: 'at', token_type: 'Bearer', id_token: await idToken() }),
  }
}

const clientOf = (options: ProviderOptions) =>
  createProviderClient(providerSettings(options), {
    redirectUri: 'https://chat.example.org/auth/providers/x/callback',
    clock: Date.now,
    log: () => {},
  })
const registered = { clientId: 'chat', clientSecret: 'a secret' }

test('OAU-03: GitHub is its constant issuer and the numeric id; only a primary address that it has verified counts', async () => {
  const addresses = [
    { email: 'old@example.org', primary: false, verified: true },
    { email: 'marie@example.org', primary: true, verified: true },
  ]
  const asked = services({
    'https://github.com/login/oauth/access_token': () => ({ access_token: 'at', token_type: 'bearer', scope: '' }),
    'https://api.github.com/user': () => ({ id: 583231, login: 'marie', name: null, email: 'public@example.org' }),
    'https://api.github.com/user/emails': () => addresses,
  })
  const client = clientOf({ kind: 'github', ...registered })
  const url = await client.begin(trip, false)
  assert.equal(`${url.origin}${url.pathname}`, 'https://github.com/login/oauth/authorize')
  assert.equal(url.searchParams.get('code_challenge_method'), 'S256')
  assert.equal(url.searchParams.get('nonce'), null)
  assert.deepEqual(await client.complete(trip, answer), {
    issuer: 'https://github.com/login/oauth',
    subject: '583231',
    name: 'marie@example.org',
    username: 'marie',
    verifiedEmail: 'marie@example.org',
  })
  const [token, ...more] = asked
  assert.equal(token?.body.get('code_verifier'), trip.verifier)
  assert.equal(token?.body.get('client_secret'), 'a secret')
  assert.ok(
    more.every(
      ({ headers }) => headers.get('authorization') === 'bearer at' || headers.get('authorization') === 'Bearer at',
    ),
  )
  addresses[1] = { email: 'marie@example.org', primary: true, verified: false }
  assert.equal((await client.complete(trip, answer)).verifiedEmail, null)
})

test('OAU-03: Discord is its constant issuer and the id', async () => {
  const person = {
    id: '80351110224678912',
    username: 'marie',
    global_name: 'Marie',
    email: 'm@example.org',
    verified: true,
  }
  services({
    'https://discord.com/api/oauth2/token': () => ({ access_token: 'at', token_type: 'Bearer' }),
    'https://discord.com/api/users/@me': () => person,
  })
  const client = clientOf({ kind: 'discord', ...registered })
  const there = await client.complete(trip, answer)
  assert.deepEqual([there.issuer, there.subject], ['https://discord.com', '80351110224678912'])
  assert.equal(there.verifiedEmail, 'm@example.org')
  person.verified = false
  assert.equal((await client.complete(trip, answer)).verifiedEmail, null)
})

test('OAU-07: a service without an id for its person, or with an error, is refused', async () => {
  for (const person of [{}, { id: null }, { id: '' }, { id: {} }, { login: 'marie' }]) {
    services({
      'https://discord.com/api/oauth2/token': () => ({ access_token: 'at', token_type: 'Bearer' }),
      'https://discord.com/api/users/@me': () => person,
    })
    const refused = clientOf({ kind: 'discord', ...registered }).complete(trip, answer)
    await assert.rejects(refused, (error) => error instanceof AuthError && error.code === 'provider_failed')
    mock.restoreAll()
  }
})

test('Apple: asked to answer by a form, and its secret is a token that our key has signed', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const claims = { email: 'relay@privaterelay.example', email_verified: 'true' }
  const asked = services(await discovered('https://appleid.apple.com', claims))
  const client = clientOf({
    kind: 'apple',
    clientId: 'chat',
    clientSecret: { teamId: 'TEAM', keyId: 'KEY', privateKey: pem },
  })
  const url = await client.begin(trip, false)
  assert.equal(url.searchParams.get('response_mode'), 'form_post')
  assert.equal(url.searchParams.get('nonce'), trip.nonce)
  const there = await client.complete(trip, answer)
  assert.equal(there.verifiedEmail, 'relay@privaterelay.example')
  const secret = asked.find(({ url: to }) => to.endsWith('/token'))?.body.get('client_secret') ?? ''
  const { payload } = await jwtVerify(secret, publicKey, { audience: 'https://appleid.apple.com', issuer: 'TEAM' })
  assert.equal(payload.sub, 'chat')
  assert.equal(decodeProtectedHeader(secret).kid, 'KEY')
})

test('Microsoft: the issuer is that of the person’s tenant, and no address counts: tenants write what they like', async () => {
  const tenant = '9188040d-6c67-4c5b-b112-36a304b66dad'
  const common = 'https://login.microsoftonline.com/{tenantid}/v2.0'
  const issuer = common.replace('{tenantid}', tenant)
  const claims = { tid: tenant, email: 'ceo@example.org', email_verified: true }
  services(await discovered(issuer, claims, common))
  const there = await clientOf({ kind: 'microsoft', ...registered }).complete(trip, answer)
  assert.deepEqual([there.issuer, there.verifiedEmail], [issuer, null])
  mock.restoreAll()
  services(await discovered('https://evil.example', claims, common))
  await assert.rejects(clientOf({ kind: 'microsoft', ...registered }).complete(trip, answer))
})

for (const [kind, issuer] of [
  ['google', 'https://accounts.google.com'],
  ['gitlab', 'https://gitlab.com'],
] as const) {
  test(`${kind}: by discovery at ${issuer}`, async () => {
    const claims = { email: 'marie@example.org', email_verified: true, preferred_username: 'marie' }
    services(await discovered(issuer, claims))
    const client = clientOf({ kind, ...registered })
    const anew = (await client.begin(trip, true)).searchParams
    // Google does not say when somebody has shown who it is, so that it stands for no step-up.
    assert.deepEqual([anew.get('prompt'), anew.get('max_age')], kind === 'gitlab' ? ['login', '0'] : [null, null])
    const there = await client.complete(trip, answer)
    assert.deepEqual([there.issuer, there.subject, there.verifiedEmail], [issuer, '42', 'marie@example.org'])
  })
}

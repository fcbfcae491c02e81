import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { addressOf } from './openid-provider.ts'

/** What a test makes this provider do wrong. */
export interface Misdeeds {
  /** Over the right claims of the ID token. */
  claims: JWTPayload
  /** Signed by a key that the provider does not publish. */
  forged: boolean
  /** The ID token without any signature (`alg: none`). */
  unsigned: boolean
  /** No ID token at all. */
  noIdToken: boolean
  /** Milliseconds before each answer. */
  delay: number
  /** A status for the address of tokens. */
  tokenStatus: number
  /** Over the right metadata. */
  metadata: Record<string, unknown>
}

const well = (): Misdeeds => ({
  claims: {},
  forged: false,
  unsigned: false,
  noIdToken: false,
  delay: 0,
  tokenStatus: 200,
  metadata: {},
})

/** A small OpenID provider that does what a test says: beside a real one, which cannot be made to lie. */
export async function hostileProvider(port = 0) {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${addressOf(server.address()).port}`
  const [own, other] = [await generateKeyPair('RS256'), await generateKeyPair('RS256')]
  const misdeeds = well()
  const seen = { requests: 0, verifierFits: false, tokens: new Set<string>() }
  let asked = new URLSearchParams()

  const send = (response: ServerResponse, body: unknown, status = 200) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

  async function idToken(): Promise<string> {
    const claims = {
      iss: issuer,
      aud: 'chat',
      sub: 'mallory',
      nonce: asked.get('nonce') ?? '',
      iat: Math.floor(Date.now() / 1000),
      exp: Math.floor(Date.now() / 1000) + 300,
      ...misdeeds.claims,
    }
    if (misdeeds.unsigned) {
      const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
      return `${part({ alg: 'none' })}.${part(claims)}.`
    }
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .sign(misdeeds.forged ? other.privateKey : own.privateKey)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    seen.requests++
    if (misdeeds.delay > 0) await sleep(misdeeds.delay, undefined, { ref: false })
    if (request.url === '/.well-known/openid-configuration') {
      return send(response, {
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        ...misdeeds.metadata,
      })
    }
    if (request.url === '/jwks') {
      return send(response, { keys: [{ ...(await exportJWK(own.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] })
    }
    const body = new URLSearchParams(await text(request))
    const challenge = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url')
    seen.verifierFits = challenge === asked.get('code_challenge')
    const tokens = {
      access_token: randomUUID(),
      refresh_token: randomUUID(),
      ...(misdeeds.noIdToken ? {} : { id_token: await idToken() }),
    }
    for (const token of Object.values(tokens)) seen.tokens.add(token)
    return send(response, { token_type: 'Bearer', ...tokens }, misdeeds.tokenStatus)
  }
  // Whoever asked may have gone meanwhile.
  server.on('request', (request, response) => void answer(request, response).catch(() => response.destroy()))

  return {
    issuer,
    misdeeds,
    seen,
    /** What our side has asked for; answers the state to come back with. */
    ask(url: string): string {
      asked = new URL(url).searchParams
      return asked.get('state') ?? ''
    },
    behave: () => Object.assign(misdeeds, well()),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type HostileProvider = Awaited<ReturnType<typeof hostileProvider>>

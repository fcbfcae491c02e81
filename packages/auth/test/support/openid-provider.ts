import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import { Provider } from 'oidc-provider'

/** Who signs in at the provider, until a test sets another. */
export interface PersonAtProvider {
  sub: string
  email?: string
  email_verified?: boolean
  preferred_username?: string
}

const client = { id: 'chat', secret: 'a secret that the provider knows' }

/**
 * A real OpenID provider on a port of its own. `visit` is the person's browser there: it opens the address that our side
 * leads to, signs in as `person` (or says no) and answers where the provider sends the browser back to.
 */
export async function openIdProvider(redirectUris: readonly string[]) {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${addressOf(server.address()).port}`
  const state: { person: PersonAtProvider; saysNo: boolean; signedInAt: number | undefined } = {
    person: { sub: 'first' },
    saysNo: false,
    // Seconds since 1970; now where it is not set.
    signedInAt: undefined,
  }
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [...redirectUris],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), use: 'sig', alg: 'RS256', kid: 'one' }] },
    cookies: { keys: ['a key of the tests'] },
    features: { devInteractions: { enabled: false } },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['preferred_username'] },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ ...state.person, sub: id }) }),
    async loadExistingGrant(context) {
      const { Grant } = context.oidc.provider
      const grant = new Grant({
        clientId: context.oidc.client?.clientId ?? '',
        accountId: context.oidc.session?.accountId ?? '',
      })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  })
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) {
      answer(request, response)
      return
    }
    const result = state.saysNo
      ? { error: 'access_denied', error_description: 'the person said no' }
      : { login: { accountId: state.person.sub, ...(state.signedInAt !== undefined && { ts: state.signedInAt }) } }
    provider.interactionFinished(request, response, result).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  })

  return {
    issuer,
    client,
    state,
    async visit(url: string): Promise<URL> {
      const jar = new Map<string, string>()
      let next = url
      for (let step = 0; step < 10; step++) {
        if (!next.startsWith(issuer)) return new URL(next)
        const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
        const response = await fetch(next, { redirect: 'manual', headers: { cookie } })
        for (const line of response.headers.getSetCookie()) {
          const [pair = ''] = line.split(';')
          jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
        }
        const location = response.headers.get('location')
        assert.ok(location, `${response.status} ${await response.text()}`)
        next = new URL(location, next).href
      }
      throw new Error('the provider goes in circles')
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type OpenIdProvider = Awaited<ReturnType<typeof openIdProvider>>

export function addressOf(address: AddressInfo | string | null): AddressInfo {
  assert.ok(address !== null && typeof address === 'object')
  return address
}

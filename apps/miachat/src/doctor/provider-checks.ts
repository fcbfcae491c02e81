import { probeProvider } from '@miachat/auth'
import type { Config } from '../config.ts'
import { type Finding, ok, warning } from './finding.ts'

/** Whether the services that people sign in by answer, and what has to be registered there. All are asked at once. */
export const providerChecks = (config: Config): Promise<Finding[]> =>
  Promise.all(
    config.providers.map(async (provider) => {
      const id = provider.id ?? provider.kind ?? ''
      const wrong = await probeProvider(provider, Date.now)
      if (wrong !== null) {
        return warning(
          'providers',
          `"${id}" does not answer as an OpenID provider (${wrong}). Nobody can sign in by it; everything else works. Look at ` +
            'its issuer in PROVIDERS, and whether this machine reaches it.',
        )
      }
      const callback = `${config.baseUrl}/auth/providers/${id}/callback`
      return ok('providers', `"${id}" is set up. The callback address to register there is ${callback}`)
    }),
  )

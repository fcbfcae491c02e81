import { type Config, isLoopback } from '../config.ts'
import { inspectSecrets, type Secrets } from '../secret-key.ts'
import { StopWithSentence } from '../stop-with-sentence.ts'
import { type Finding, ok, problem, warning } from './finding.ts'

/** What the settings say by themselves. */
export function settingsChecks(config: Config): Finding[] {
  const { protocol, hostname } = new URL(config.baseUrl)
  const local = isLoopback(hostname)
  const found = config.warnings.map((text) => warning('settings', text))
  if (local && !isLoopback(config.host)) {
    found.push(
      warning(
        'address',
        `HOST is ${config.host}, so others reach this server, but BASE_URL is ${config.baseUrl}, so they are told that it lies ` +
          'elsewhere. Set BASE_URL to the address that they open.',
      ),
    )
  }
  if (!local && !config.production) {
    found.push(
      warning(
        'settings',
        `BASE_URL is ${config.baseUrl}, but NODE_ENV is not "production": set it, so that only a key that was chosen is taken.`,
      ),
    )
  }
  if (protocol === 'https:')
    found.push(ok('https', 'BASE_URL is https: cookies are Secure and browsers stay with https.'))
  return [
    ...(found.some(({ topic }) => topic === 'settings') ? [] : [ok('settings', 'All are known and well-formed.')]),
    ...found,
  ]
}

/** Where the key comes from and how good it is; the key itself is never shown. */
export function keyChecks(config: Config): { found: Finding[]; secrets: Secrets | null } {
  try {
    const secrets = inspectSecrets(config)
    if (!secrets) {
      return { found: [ok('key', `There is none yet; the first start makes one in ${config.dataDir}.`)], secrets: null }
    }
    const source = secrets.file === null ? 'SECRET_KEY' : secrets.file
    const more = secrets.keys.length > 1 ? `, and ${secrets.keys.length - 1} former` : ''
    const found = secrets.warnings.map((text) => warning('key', text))
    return { found: found.length > 0 ? found : [ok('key', `A good one from ${source}${more}.`)], secrets }
  } catch (error) {
    if (!(error instanceof StopWithSentence)) throw error
    return { found: [problem('key', error.message)], secrets: null }
  }
}

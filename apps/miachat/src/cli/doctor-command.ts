import { type Config, ConfigError, loadConfig } from '../config.ts'
import { databaseChecks } from '../doctor/database-checks.ts'
import { type Finding, problem } from '../doctor/finding.ts'
import { geoChecks } from '../doctor/geo-checks.ts'
import { liveChecks } from '../doctor/live-checks.ts'
import { machineChecks } from '../doctor/machine-checks.ts'
import { mailChecks } from '../doctor/mail-checks.ts'
import { providerChecks } from '../doctor/provider-checks.ts'
import { keyChecks, settingsChecks } from '../doctor/settings-checks.ts'
import { harmless } from '../lib/harmless-text.ts'
import { StopWithSentence } from './command.ts'
import { readArguments } from './read-arguments.ts'
import { count, say } from './terminal-text.ts'

const help = `Usage: miachat doctor [--url ADDRESS]

Checks this deployment and says in words what to change: settings, key, file permissions, database, migrations, disk,
clock, backups, processors, mail, the services that people sign in by, and the running server as others see it: https,
headers, cookies, proxies. It changes nothing and sends nothing.
Run it as the user that runs MiaChat, with the same settings. Ends with 1 when there is a problem.

  --url ADDRESS   Ask the server at this address instead of BASE_URL
`

/** `miachat doctor`. */
export async function doctorCommand(args: readonly string[]): Promise<number> {
  const given = readArguments(args, { help, options: { url: { type: 'string' } }, least: 0, most: 0 })
  if (!given) return 0
  const asked = given.values.url === undefined ? undefined : originOf(given.values.url)
  const config = readSettings()
  const found = Array.isArray(config) ? config : await examine(config, asked)
  for (const { level, topic, text } of found) say(`${level.padEnd(7)}  ${topic.padEnd(10)}  ${harmless(text)}`)
  const problems = found.filter(({ level }) => level === 'problem').length
  const warnings = found.filter(({ level }) => level === 'warning').length
  say('', `${count(problems, 'problem', 'problems')}, ${count(warnings, 'warning', 'warnings')}.`)
  return problems > 0 ? 1 : 0
}

function readSettings(): Config | Finding[] {
  try {
    return loadConfig()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.mistakes.map((mistake) => problem('settings', mistake))
  }
}

async function examine(config: Config, asked: string | undefined): Promise<Finding[]> {
  const { found: keyFindings, secrets } = keyChecks(config)
  const [database, mail, providers, places, live] = await Promise.all([
    databaseChecks(config, secrets),
    mailChecks(config),
    providerChecks(config),
    geoChecks(config, Date.now()),
    liveChecks(config, secrets, asked),
  ])
  const own = [...settingsChecks(config), ...keyFindings, ...machineChecks(config)]
  return [...own, ...database, ...mail, ...providers, ...places, ...live]
}

function originOf(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return new URL(url).origin
  throw new StopWithSentence('--url takes an address like https://chat.example.org', 2)
}

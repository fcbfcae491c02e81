import { settingNames } from './settings-table.ts'

/** Read by the program, but no settings of MiaChat. */
const alsoRead: readonly string[] = ['NODE_ENV', 'MIACHAT_ENV_FILE']
/** Names of other programs that begin like ours; LANGUAGE is gettext's, and set on many desktops. */
const foreign: readonly string[] = [
  'SESSION_MANAGER',
  'PASSWORD_STORE_DIR',
  'HOSTNAME',
  'HOSTTYPE',
  'PORTAGE',
  'MAIL',
  'LANGUAGE',
]
const ownStart =
  /^(MIACHAT|SESSION|PASSWORD|LIMIT|LIMITS|ACCESS_TOKEN|REFRESH|REGISTRATION|TRUSTED|CORS|HSTS|METRICS|SECRET_KEY|SECRET|BASE_URL|DATA_DIR|DATABASE|MAIL|OPERATOR|SITE)(_|$)/

/** A sentence for each variable that is probably meant for us and does nothing (SEC-04). */
export function unknownSettings(environment: readonly string[], file: readonly string[]): string[] {
  const known = new Set<string>([...settingNames, ...alsoRead])
  const inFile = file.filter((name) => !known.has(name))
  const inEnvironment = environment.filter(
    (name) =>
      !known.has(name) &&
      !foreign.includes(name) &&
      !inFile.includes(name) &&
      (ownStart.test(name) || (name.length > 6 && nearest(name) !== undefined)),
  )
  return [...inFile, ...inEnvironment].map((name) => {
    const meant = nearest(name)
    return `There is no setting ${name.slice(0, 80)}; it does nothing.${meant === undefined ? '' : ` Is ${meant} meant?`}`
  })
}

/** The setting that is one or two slips of the finger away. */
function nearest(name: string): string | undefined {
  return settingNames.find((known) => {
    // The first letters are seldom wrong, and an environment has many names: this runs at every start.
    const alike = known.slice(0, 2) === name.slice(0, 2) && Math.abs(known.length - name.length) <= 2
    return alike && known.length > 4 && distance(known, name) <= (known.length > 8 ? 2 : 1)
  })
}

/** How many letters must be put in, taken out or changed (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

import { type AuthTables, createKeyRing, type KeyRing, sealAnew, tables } from '@miachat/auth'
import type { Config } from '../config.ts'
import { defaultKeyFile, findSecrets, inspectSecrets, makeKeyOrStop } from '../secret-key.ts'
import { newKey, readKeyFile, replaceKeyFile } from '../secret-key-file.ts'
import { missingKeys } from '../server-keys.ts'
import { createServerKeysStore } from '../server-keys-store.ts'
import { StopWithSentence } from './command.ts'
import { readArguments } from './read-arguments.ts'
import { settingsOrStop } from './settings-or-stop.ts'
import { count, say } from './terminal-text.ts'
import { type Deployment, withDatabase } from './with-database.ts'

const help = `Usage: miachat keys init|rotate [--lost]

  keys init
      Choose the key of this server on purpose, as production asks: adopts the key that development made, or makes one.
      A key that is there is never replaced.
  keys rotate
      Put a new key before the present one in the key file. It signs from the next start on; the former one stays, so that
      nobody is signed out, and a later "keys rotate" takes it out when nobody needs it any more.
  keys rotate --lost
      Go on without a key that is lost: the database forgets that it needed it.

  --lost   See above
`

/** `miachat keys …`. */
export async function keysCommand(args: readonly string[]): Promise<number> {
  const given = readArguments(args, { help, options: { lost: { type: 'boolean' } }, least: 1, most: 1 })
  if (!given) return 0
  const [what] = given.positionals
  const config = settingsOrStop()
  if (what === 'init' && !given.values.lost) return init(config)
  if (what === 'rotate') return given.values.lost ? forgetLost(config) : rotate(config)
  throw new StopWithSentence(`there is no "keys ${args.join(' ')}".\n${help.split('\n', 1)[0]}`, 2)
}

/** A key that is chosen is there before the database is looked at: it may not be reachable yet. */
async function init(config: Config): Promise<number> {
  say(chooseKey(config))
  const secrets = inspectSecrets(config)
  if (!secrets) throw new StopWithSentence('The key file was taken away at this moment. Run the command again.')
  say('Keep a copy of it in a safe place: backups do not hold it.')
  return withDatabase(async (deployment) => {
    const missing = await missingIn(deployment, createKeyRing(secrets.keys))
    if (missing.length > 0) {
      say(
        `The database is used with another key (${missing.join(', ')}). Put that one back, as a line below this one, or ` +
          'run "miachat keys rotate --lost" if it is lost.',
      )
    }
    return 0
  }, config)
}

function chooseKey(config: Config): string {
  if (config.secrets) return 'The key is given by SECRET_KEY, so no file is needed; nothing was made.'
  const path = config.secretKeyFile ?? defaultKeyFile(config)
  if (makeKeyOrStop(path, true)) return `Made a key: ${path}`
  const file = readKeyFile(path)
  if (!file || file.keys.length === 0) {
    throw new StopWithSentence(`The key file ${path} holds no key. Put it back from your copy, or take it away.`)
  }
  if (file.adopted || config.secretKeyFile !== null) return `A key is there already and stays: ${path}`
  replaceKeyFile(path, { keys: file.keys, adopted: true })
  return `Adopted the key that development made: ${path}`
}

async function rotate(config: Config): Promise<number> {
  const secrets = inspectSecrets(config)
  if (!secrets) throw new StopWithSentence('There is no key yet that could be rotated. Make one: miachat keys init')
  const ring = createKeyRing(secrets.keys)
  return withDatabase(async (deployment) => {
    const missing = await missingIn(deployment, ring)
    if (missing.length > 0) {
      throw new StopWithSentence(
        `The database needs a key that is not given (${missing.join(', ')}). Put it back first, or run "miachat keys ` +
          'rotate --lost" if it is lost.',
      )
    }
    const anew = await sealWithPresent(deployment, ring)
    const next = newKey()
    const nextId = createKeyRing([next]).current.id
    if (secrets.file === null) {
      say(
        `A new key (${nextId}) to put before the present one; SECRET_KEY is not ours to change:`,
        '',
        `  SECRET_KEY=${next},THE-PRESENT-VALUE`,
        '',
      )
    } else {
      const kept = await stillNeeded(deployment, secrets.keys)
      const adopted = readKeyFile(secrets.file)?.adopted ?? false
      replaceKeyFile(secrets.file, { keys: [next, ...kept], adopted })
      say(`A new key (${nextId}) stands first in ${secrets.file} now.`)
      const gone = secrets.keys.length - kept.length
      if (gone > 0) say(`Took out ${count(gone, 'key', 'keys')} that nobody needs any more.`)
    }
    say(...whatFollows(config, ring, anew))
    return 0
  }, config)
}

/**
 * What a former key has sealed is sealed with the present one, so that the former can go. Not with the new one, and not
 * before the server has started with the present one: a server that runs could not read it.
 */
async function sealWithPresent({ connection }: Deployment, ring: KeyRing): Promise<number> {
  const known = await createServerKeysStore(tables<AuthTables>(connection)).list()
  const isUsed = known.some(({ id, neededUntil }) => id === ring.current.id && neededUntil === null)
  return isUsed ? (await sealAnew(connection, ring)).anew : 0
}

const whatFollows = (config: Config, former: KeyRing, anew: number): string[] => [
  'Restart MiaChat: the new key signs from then on.',
  `The former key (${former.current.id}) is needed until ${count(Math.ceil(config.accessLifetime / 60_000), 'minute', 'minutes')} after that restart, as long as access tokens that it signed are valid.`,
  `The secrets of authenticators and letters that wait are encrypted with the key. ${count(anew, 'value', 'values')} of an older key ${anew === 1 ? 'was' : 'were'} encrypted anew with ${former.current.id}; the next "keys rotate" does that with what ${former.current.id} has encrypted. Passwords and sessions do not depend on it.`,
  'When the former key is gone, browsers that signed in before the restart count as new ones until their next sign-in.',
]

/** The present key, and those before it that tokens may still be signed with. */
async function stillNeeded({ connection }: Deployment, keys: readonly string[]): Promise<string[]> {
  const known = await createServerKeysStore(tables<AuthTables>(connection)).list()
  const now = Date.now()
  return keys.filter((key, index) => {
    const row = known.find(({ id }) => id === createKeyRing([key]).current.id)
    return index === 0 || (row !== undefined && (row.neededUntil === null || row.neededUntil > now || row.seals))
  })
}

async function forgetLost(config: Config): Promise<number> {
  const secrets = findSecrets(config)
  const ring = createKeyRing(secrets.keys)
  return withDatabase(async (deployment) => {
    const store = createServerKeysStore(tables<AuthTables>(deployment.connection))
    const missing = await missingIn(deployment, ring)
    if (missing.length === 0) {
      say('No key is missing: the database needs none that is not given. Nothing was changed.')
      return 0
    }
    const closed = await store.forget(missing)
    const now = Date.now()
    await store.makeCurrent(ring.current.id, now, now + config.accessLifetime)
    say(
      `The database no longer needs the lost key (${missing.join(', ')}); ${ring.current.id} signs now.`,
      'What that costs: access tokens signed with the lost key are refused, so programs refresh theirs a little early, and ' +
        'browsers that signed in before count as new ones until their next sign-in.',
      'Nobody loses an account, a password or a session.',
      `${count(closed.authenticators, 'authenticator', 'authenticators')} can no longer be read. Two-step sign-in stays on there: recovery codes work.`,
      `${count(closed.outbox, 'letter', 'letters')} that waited can no longer be sent.`,
    )
    return 0
  }, config)
}

async function missingIn({ connection }: Deployment, ring: KeyRing): Promise<string[]> {
  const known = await createServerKeysStore(tables<AuthTables>(connection)).list()
  return missingKeys(known, ring, Date.now()).map(({ id }) => id)
}

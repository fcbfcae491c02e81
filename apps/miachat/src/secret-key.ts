import { join } from 'node:path'
import type { Config } from './config.ts'
import { type KeyFile, makeKeyFile, readKeyFile } from './secret-key-file.ts'
import { StopWithSentence } from './stop-with-sentence.ts'
import { weaknessOf } from './weak-secret.ts'

/** The keys that the program runs with and where they came from; never printed. */
export interface Secrets {
  readonly keys: readonly string[]
  /** Null: from SECRET_KEY. */
  readonly file: string | null
  /** This start has made the file. */
  readonly made: boolean
  readonly warnings: readonly string[]
}

type KeyConfig = Pick<Config, 'production' | 'secrets' | 'secretKeyFile' | 'dataDir'>

/** Where a key lies that nobody has put elsewhere. */
export const defaultKeyFile = (config: Pick<Config, 'dataDir'>): string => join(config.dataDir, 'secret-key')

/**
 * Finds the keys (SEC-01). In development a missing key is made once and kept. Production needs one that somebody chose:
 * SECRET_KEY, SECRET_KEY_FILE, or a key file that `miachat keys init` has adopted. Throws StopWithSentence otherwise.
 */
export function findSecrets(config: KeyConfig): Secrets {
  const found = inspectSecrets(config)
  if (found) return found
  const made = makeKeyOrStop(defaultKeyFile(config), false)
  const secrets = inspectSecrets(config)
  if (secrets) return { ...secrets, made }
  throw new StopWithSentence('The key file was taken away while this program started. Start it again.')
}

/** Makes a key file where there is none; answers whether this call made it. Throws StopWithSentence where none can be. */
export function makeKeyOrStop(path: string, adopted: boolean): boolean {
  try {
    return makeKeyFile(path, adopted)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new StopWithSentence(
      `No key can be written to ${path} (${code}). Set DATA_DIR to a folder that the user who runs MiaChat can write.`,
    )
  }
}

/** The same without making anything: null where development would make a key. */
export function inspectSecrets(config: KeyConfig): Secrets | null {
  if (config.secrets) return checked(config, { keys: config.secrets, file: null, made: false }, 'SECRET_KEY')
  const path = config.secretKeyFile ?? defaultKeyFile(config)
  const file = readable(path)
  if (file === null && config.secretKeyFile !== null) {
    throw new StopWithSentence(`SECRET_KEY_FILE names ${path}, where no file is.`)
  }
  if (config.production && config.secretKeyFile === null && !file?.adopted) {
    throw new StopWithSentence(noKeyInProduction(path, file !== null))
  }
  return file ? ofFile(config, path, file) : null
}

function readable(path: string): KeyFile | null {
  try {
    return readKeyFile(path)
  } catch {
    throw new StopWithSentence(`The key file ${path} cannot be read by the user that runs MiaChat.`)
  }
}

function ofFile(config: KeyConfig, path: string, file: KeyFile): Secrets {
  if (file.keys.length === 0)
    throw new StopWithSentence(`The key file ${path} holds no key. Put it back from your copy.`)
  const secrets = checked(config, { keys: file.keys, file: path, made: false }, `The key file ${path}`)
  if (!file.open) return secrets
  const warning = `Others on this machine can read the key file: run "chmod 600 ${path}".`
  return { ...secrets, warnings: [...secrets.warnings, warning] }
}

/** Short keys nobody takes; guessable ones production refuses and development complains about. */
function checked(config: KeyConfig, secrets: Omit<Secrets, 'warnings'>, name: string): Secrets {
  const warnings: string[] = []
  for (const [index, key] of secrets.keys.entries()) {
    const weakness = weaknessOf(key)
    if (!weakness) continue
    const which = secrets.keys.length === 1 ? name : `${name}, key ${index + 1},`
    const sentence = `${which} ${weakness.words}. Make a good one with: openssl rand -base64 48`
    if (weakness.kind === 'short' || config.production) throw new StopWithSentence(sentence)
    warnings.push(`${sentence} Production will refuse this one.`)
  }
  return { ...secrets, warnings }
}

const noKeyInProduction = (path: string, exists: boolean): string =>
  'Production needs a key that was chosen on purpose. Set SECRET_KEY to 32 or more random characters, or run ' +
  `"miachat keys init", which ${exists ? 'adopts the key that development made' : 'makes one'} at ${path}.`

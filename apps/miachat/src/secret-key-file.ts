import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { platform } from 'node:process'
import { makePrivateFolder } from '@miachat/auth'

/** A key file: the keys, the first signs, and whether somebody has chosen it on purpose. */
export interface KeyFile {
  readonly keys: readonly string[]
  readonly adopted: boolean
  /** Others on this machine may read it. */
  readonly open: boolean
}

const ADOPTED = '# adopted: this key was chosen on purpose'
const HEAD = '# The key of this MiaChat. Whoever has it can sign access tokens: keep it, and keep it to yourself.'

/** A key of 384 random bits, as text. */
export const newKey = (): string => randomBytes(48).toString('base64url')

/** Reads a key file: one key a line, lines with `#` are remarks. Null where there is none; throws when it cannot be read. */
export function readKeyFile(path: string): KeyFile | null {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  const lines = text.split('\n').map((line) => line.trim())
  return {
    keys: lines.filter((line) => line !== '' && !line.startsWith('#')),
    adopted: lines.includes(ADOPTED),
    open: platform !== 'win32' && (statSync(path).mode & 0o077) !== 0,
  }
}

/**
 * Makes a key file where there is none; answers whether this call made it. Two programs that start at once make one key:
 * the whole file appears at once or not at all, and the first one stays.
 */
export function makeKeyFile(path: string, adopted: boolean): boolean {
  makePrivateFolder(dirname(path))
  const draft = writeDraft(path, { keys: [newKey()], adopted })
  try {
    linkSync(draft, path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST') return false
    // A file system without links: still only one of two wins.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error
    copyFileSync(draft, path, constants.COPYFILE_EXCL)
  } finally {
    rmSync(draft, { force: true })
  }
  return true
}

/** Puts other keys into a key file, all at once: after a crash the old file or the new one is there. */
export function replaceKeyFile(path: string, content: Pick<KeyFile, 'keys' | 'adopted'>): void {
  renameSync(writeDraft(path, content), path)
}

function writeDraft(path: string, { keys, adopted }: Pick<KeyFile, 'keys' | 'adopted'>): string {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  const file = openSync(draft, 'wx', 0o600)
  try {
    writeSync(file, `${[HEAD, ...(adopted ? [ADOPTED] : []), ...keys].join('\n')}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return draft
}

import { randomBytes } from 'node:crypto'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isoTime, type Letter, type MailTransport, makePrivateFolder } from '@miachat/auth'

/** A letter as it lies in the folder. */
export interface LetterKept {
  /** Of its files, without the ending. */
  readonly name: string
  readonly to: string
  readonly subject: string
  readonly date: string
  readonly text: string
}

/** So many letters stay; a folder that only grows is forgotten until the disk is full. */
const KEPT = 200
const NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z-[\w-]{6,64}$/
const CODE_FILE = 'code'

/** Letters as files that their owner alone can read, instead of mail: `NAME.txt` to read and `NAME.html` to look at. */
export function createOutboxTransport(folder: string): MailTransport {
  return {
    async send(letter) {
      makePrivateFolder(folder)
      const name = await nameOf(folder, letter)
      await writeWhole(join(folder, `${name}.html`), letter.html)
      await writeWhole(join(folder, `${name}.txt`), textOf(letter))
      await removeOldest(folder)
    },
  }
}

/** Of a letter that is tried again after a crash the same: it stays one. */
async function nameOf(folder: string, { messageId }: Letter): Promise<string> {
  const id = messageId.replace(/^<|@.*$/g, '').replaceAll(/[^\w-]/g, '')
  const known = (await namesIn(folder)).find((name) => name.endsWith(`Z-${id}`))
  return known ?? `${isoTime(Date.now()).replaceAll(/[:.]/g, '-')}-${id}`
}

const textOf = ({ from, to, subject, text, messageId }: Letter): string =>
  [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Date: ${isoTime(Date.now())}`,
    `Message-ID: ${messageId}`,
    '',
    text,
  ].join('\n')

/** All of it or nothing: whoever looks never finds half a letter. */
async function writeWhole(path: string, content: string): Promise<void> {
  const draft = `${path}.${randomBytes(4).toString('hex')}`
  await writeFile(draft, content, { mode: 0o600, flag: 'wx' })
  await rename(draft, path)
}

async function removeOldest(folder: string): Promise<void> {
  const names = await namesIn(folder)
  for (const name of names.slice(KEPT)) {
    await Promise.all(['txt', 'html'].map((ending) => rm(join(folder, `${name}.${ending}`), { force: true })))
  }
}

/** The newest first. */
async function namesIn(folder: string): Promise<string[]> {
  const files = await readdir(folder)
  return files
    .filter((file) => file.endsWith('.txt') && NAME.test(file.slice(0, -4)))
    .map((file) => file.slice(0, -4))
    .sort()
    .reverse()
}

/** The newest letters, at most `most`. */
export async function lettersIn(folder: string, most: number): Promise<LetterKept[]> {
  makePrivateFolder(folder)
  const names = (await namesIn(folder)).slice(0, most)
  const letters = await Promise.all(names.map(async (name) => read(name, await fileOf(folder, name, 'txt'))))
  return letters.filter((letter) => letter !== null)
}

function read(name: string, file: string | null): LetterKept | null {
  if (file === null) return null
  const end = file.indexOf('\n\n')
  const head = new Map(
    file
      .slice(0, end)
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]),
  )
  return {
    name,
    to: head.get('To') ?? '',
    subject: head.get('Subject') ?? '',
    date: head.get('Date') ?? '',
    text: file.slice(end + 2),
  }
}

/** The HTML part of a letter, or null. */
export const htmlOf = (folder: string, name: string): Promise<string | null> =>
  NAME.test(name) ? fileOf(folder, name, 'html') : Promise.resolve(null)

async function fileOf(folder: string, name: string, ending: 'txt' | 'html'): Promise<string | null> {
  try {
    return await readFile(join(folder, `${name}.${ending}`), 'utf8')
  } catch {
    // Gone meanwhile, with the oldest.
    return null
  }
}

/**
 * What opens the page of the letters: a file in the folder, which only its owner can read. To reach the port is not
 * enough, since other people of this machine, and a tunnel to it, reach it as well.
 */
export async function codeOf(folder: string): Promise<{ code: string; file: string }> {
  makePrivateFolder(folder)
  const file = join(folder, CODE_FILE)
  try {
    await writeFile(file, `${randomBytes(16).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return { code: (await readFile(file, 'utf8')).trim(), file }
}

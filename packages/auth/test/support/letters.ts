import assert from 'node:assert/strict'
import type { AuthOptions } from '@miachat/auth'
import type { TestAuth } from './test-auth.ts'

/** A letter as it left. */
export interface Letter {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** Mail for `testAuth`: nothing is sent but by `letters`, which answers what went out since the last call. */
export function letterBox() {
  const box: Letter[] = []
  const mail: NonNullable<AuthOptions['mail']> = {
    transport: { send: async (letter) => void box.push(letter) },
    from: 'Chat <chat@example.org>',
    sends: false,
  }
  return {
    mail,
    async letters(world: TestAuth): Promise<Letter[]> {
      while ((await world.auth.sendMail()) > 0);
      return box.splice(0)
    },
  }
}

/** The path and query of the link to this page in a letter; a link that is not under the configured address fails (RST-04). */
export function linkIn(letter: Letter | undefined, page: string): string {
  const found = [...(letter?.text ?? '').matchAll(/https?:\/\/\S+/g)].map(([url]) => new URL(url))
  const url = found.find(({ pathname }) => pathname === page)
  assert.ok(url, `no link to ${page} in ${letter?.text}`)
  assert.equal(url.origin, 'http://localhost:8080')
  return `${url.pathname}${url.search}`
}

/** The eight digits of a letter. */
export function codeIn(letter: Letter | undefined): string {
  const found = /^ {4}(\d{4}) (\d{4})$/m.exec(letter?.text ?? '')
  assert.ok(found, `no code in ${letter?.text}`)
  return `${found[1]}${found[2]}`
}

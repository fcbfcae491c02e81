import assert from 'node:assert/strict'
import type { Letter, MailOptions } from '@miachat/auth'

/** A mail server in memory: `testAuth({ mail: mailbox.mail })`; letters arrive with `await world.auth.sendMail()`. */
export function createMailbox() {
  const letters: Letter[] = []
  let down = false
  const mail: MailOptions = {
    from: 'Test <test@mail.example>',
    sends: false,
    transport: {
      async send(letter) {
        if (down) throw new Error('The mail server is away.')
        letters.push(letter)
      },
    },
  }
  return {
    mail,
    letters,
    /** The server is away, or back. */
    setDown(now: boolean): void {
      down = now
    },
    to: (address: string): Letter[] => letters.filter((letter) => letter.to === address),
    /** Path and query of the link in the newest letter to this address. */
    linkTo(address: string): string {
      const text = letters.findLast((letter) => letter.to === address)?.text
      const link = /https?:\/\/\S+/.exec(text ?? '')?.[0]
      assert.ok(link, `a link to ${address}`)
      const { pathname, search } = new URL(link)
      return pathname + search
    },
  }
}

export type Mailbox = ReturnType<typeof createMailbox>

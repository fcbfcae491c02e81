import type { MailOptions } from '@miachat/auth'
import { inAll } from '../words/words.ts'
import type { MailWay } from './mail-way.ts'
import { createOutboxTransport } from './outbox-folder.ts'
import { createSmtpTransport } from './smtp-transport.ts'

/** What the library is told of mail; undefined where there is none. `sends` is false for a process that only writes letters. */
export function mailOptions(way: MailWay, onThisMachine: boolean, sends: boolean): MailOptions | undefined {
  if (way.kind === 'none') return undefined
  const { from } = way
  if (way.kind === 'smtp') return { transport: createSmtpTransport(way.server), from, sends }
  const goesTo = onThisMachine
    ? {
        sentence: inAll(({ frame }) => frame.letters.folder),
        link: { href: '/outbox', label: inAll(({ frame }) => frame.letters.page) },
      }
    : { sentence: inAll(({ frame: { letters } }) => letters.folder + letters.ask) }
  return { transport: createOutboxTransport(way.folder), from, goesTo, sends }
}

import type { MailOptions } from '@miachat/auth'
import type { MailWay } from './mail-way.ts'
import { createOutboxTransport } from './outbox-folder.ts'
import { createSmtpTransport } from './smtp-transport.ts'

/** What the library is told of mail; undefined where there is none. `sends` is false for a process that only writes letters. */
export function mailOptions(way: MailWay, onThisMachine: boolean, sends: boolean): MailOptions | undefined {
  if (way.kind === 'none') return undefined
  const { from } = way
  if (way.kind === 'smtp') return { transport: createSmtpTransport(way.server), from, sends }
  const sentence = 'This server sends no mail: it puts letters into a folder of its own.'
  const goesTo = onThisMachine
    ? { sentence, link: { href: '/outbox', label: 'Letters of this machine' } }
    : { sentence: `${sentence} Ask the person who runs it.` }
  return { transport: createOutboxTransport(way.folder), from, goesTo, sends }
}

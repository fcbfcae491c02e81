import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

/** A letter that a mail server took. */
export type LetterTaken = { sender: string; recipients: string[]; parsed: ParsedMail }

/** A real SMTP server (RFC 5321) on this machine that keeps what it takes. */
export type MailServer = {
  port: number
  /** The next letter to this address whose subject says this, taken away; throws after ten seconds. */
  next: (address: string, subject: RegExp) => Promise<LetterTaken>
  /** Letters that nobody has taken yet. */
  waiting: () => number
  /** Whether letters are refused for now (451), after they were read. */
  refuse: (now: boolean) => void
  /** Resolves when a letter was refused. */
  refused: () => Promise<void>
  /** Whether letters are read and never answered. */
  hang: (now: boolean) => void
  hung: () => Promise<void>
  stop: () => Promise<void>
}

export async function startMailServer(
  options: {
    login?: { user: string; password: string }
    certificate?: { key: string; cert: string }
    /** TLS from the first byte, as on port 465. */
    secure?: boolean
  } = {},
): Promise<MailServer> {
  const { login, certificate } = options
  const letters: LetterTaken[] = []
  const refused = Promise.withResolvers<void>()
  const hung = Promise.withResolvers<void>()
  const state = { refuses: false, hangs: false }
  let arrived = Promise.withResolvers<void>()

  const server = new SMTPServer({
    ...(certificate ? { key: certificate.key, cert: certificate.cert } : { disabledCommands: ['STARTTLS'] }),
    secure: options.secure ?? false,
    authOptional: login === undefined,
    allowInsecureAuth: true,
    logger: false,
    onAuth(auth, _session, done) {
      const isRight = auth.username === login?.user && auth.password === login?.password
      done(isRight ? null : new Error('No.'), { user: auth.username })
    },
    onData(stream, session, done) {
      void simpleParser(stream).then((parsed) => {
        if (state.hangs) {
          hung.resolve()
          return
        }
        if (state.refuses) {
          refused.resolve()
          done(Object.assign(new Error('Come back later'), { responseCode: 451 }))
          return
        }
        const { mailFrom, rcptTo } = session.envelope
        letters.push({
          sender: mailFrom ? mailFrom.address : '',
          recipients: rcptTo.map(({ address }) => address),
          parsed,
        })
        arrived.resolve()
        arrived = Promise.withResolvers()
        done()
      }, done)
    },
  })
  // A client that breaks off is part of the tests.
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const address: AddressInfo | string | null = server.server.address()
  if (address === null || typeof address === 'string') throw new Error('The mail server has no port.')

  return {
    port: address.port,
    async next(to, subject) {
      const late = AbortSignal.timeout(10_000)
      const giveUp = once(late, 'abort').then(() => {
        throw new Error(`No letter to ${to} with ${subject}.`)
      })
      giveUp.catch(() => {})
      for (;;) {
        const at = letters.findIndex(
          ({ recipients, parsed }) => recipients.includes(to) && subject.test(parsed.subject ?? ''),
        )
        const [letter] = at < 0 ? [] : letters.splice(at, 1)
        if (letter) return letter
        await Promise.race([arrived.promise, giveUp])
      }
    },
    waiting: () => letters.length,
    refuse(now) {
      state.refuses = now
    },
    refused: () => refused.promise,
    hang(now) {
      state.hangs = now
    },
    hung: () => hung.promise,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

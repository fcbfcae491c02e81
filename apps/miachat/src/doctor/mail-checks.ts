import { type AuthTables, type Connection, minutes, tables, waitingLetters } from '@miachat/auth'
import type { Config } from '../config.ts'
import { tryMailServer } from '../mail/smtp-transport.ts'
import { type Finding, ok, problem, warning } from './finding.ts'

/** A letter that waits for longer has been tried several times. */
const LONG = minutes(10)

/** Whether the mail server takes what MAIL_URL says: connection, certificate, name and password. Sends nothing. */
export async function mailChecks({ mail, onThisMachine }: Pick<Config, 'mail' | 'onThisMachine'>): Promise<Finding[]> {
  if (mail.kind === 'none') {
    return [
      ok('mail', 'There is none (MAIL_URL): who forgets a password needs a link of "miachat user reset-link NAME".'),
    ]
  }
  if (mail.kind === 'outbox') {
    // Where others reach the server, the settings warn of it already.
    return onThisMachine ? [ok('mail', `Letters lie in ${mail.folder}; nothing is sent.`)] : []
  }
  const { host, port } = mail.server
  try {
    await tryMailServer(mail.server)
    return [ok('mail', `${host}, port ${port}, takes letters; they come from ${mail.from}.`)]
  } catch (error) {
    return [problem('mail', `${host}, port ${port}: ${mailFault(error)}`)]
  }
}

const faults: Readonly<Record<string, string>> = {
  EAUTH: 'it does not take the user and password of MAIL_URL.',
  ENOAUTH: 'it does not take the user and password of MAIL_URL.',
  EDNS: 'there is no machine of this name. Look at the host in MAIL_URL.',
  ECONNECTION: 'it does not answer. Look at host and port in MAIL_URL, and at firewalls.',
  ETIMEDOUT: 'it does not answer. Look at host and port in MAIL_URL, and at firewalls.',
  ESOCKET:
    'the connection failed. smtps:// is for port 465, smtp:// for 587 and 25; look at host and port in MAIL_URL.',
  ETLS: 'no encrypted connection: it offers none, or its certificate is not good for this name. In a private network "?tls=none" does without.',
}

/** Never the server's own sentence: it may repeat what was sent. */
function mailFault(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  return faults[code] ?? `it did not take the connection (${code || 'unknown'}).`
}

/** Letters that nobody could send. */
export async function waitingMailChecks(connection: Connection, now: number): Promise<Finding[]> {
  const late = await waitingLetters(tables<AuthTables>(connection), now - LONG)
  if (late.count === 0) return []
  const cause = late.lastError === null ? 'No server with mail runs on this database.' : `Last try: ${late.lastError}.`
  return [
    warning(
      'mail',
      `${late.count === 1 ? 'A letter has' : `${late.count} letters have`} waited for more than 10 minutes. ${cause}`,
    ),
  ]
}

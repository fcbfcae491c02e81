import type { Letter, MailTransport } from '@miachat/auth'
import { minutes, seconds } from '@miachat/auth'
import type { Transporter } from 'nodemailer'
import type { SmtpServer } from './mail-way.ts'

/** A mail server is slow now and then; one that is away should not be waited for. */
const CONNECT_WITHIN = seconds(15)
const SILENT_AT_MOST = minutes(0.75)

/** Letters by a mail server (RFC 5321, submission by RFC 6409). The program for it is loaded with the first one. */
export function createSmtpTransport(server: SmtpServer): MailTransport {
  let connecting: Promise<Transporter> | null = null
  return {
    async send(letter) {
      connecting ??= connect(server)
      const transporter = await connecting
      await transporter.sendMail(message(letter))
    },
  }
}

/** Signs in at the mail server and leaves again: nothing is sent. Rejects as `send` would. */
export async function tryMailServer(server: SmtpServer): Promise<void> {
  await (await connect(server)).verify()
}

async function connect({ host, port, tls, login }: SmtpServer): Promise<Transporter> {
  const { createTransport } = await import('nodemailer')
  return createTransport({
    host,
    port,
    secure: tls === 'always',
    // A server, or somebody between, that does not offer STARTTLS gets no letter.
    ...(tls === 'started' ? { requireTLS: true } : {}),
    // On this machine certificates are seldom good, and nobody reads along.
    ...(tls === 'none' ? { ignoreTLS: true } : {}),
    ...(login ? { auth: { user: login.user, pass: login.password } } : {}),
    connectionTimeout: CONNECT_WITHIN,
    greetingTimeout: CONNECT_WITHIN,
    socketTimeout: SILENT_AT_MOST,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

const message = ({ from, to, subject, text, html, messageId }: Letter) => ({
  from,
  // As an object: an address is one address, whatever signs it has.
  to: { name: '', address: to },
  subject,
  text,
  html,
  messageId,
  // No holiday answers, no answers of machines (RFC 3834).
  headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
})

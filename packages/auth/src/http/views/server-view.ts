import type { Registration } from '../../sign-in/admission.ts'
import { button } from './forms.ts'
import { type Html, html, plural } from './html.ts'
import { section } from './lists.ts'

export interface ServerView {
  readonly address: string
  /** Whether nobody on the network can read along. */
  readonly encrypted: boolean
  readonly registration: Registration
  readonly administrators: number
  /** Null on a server without mail. */
  readonly mail: {
    /** Letters that wait for more than five minutes, and what the last try met. */
    readonly late: number
    readonly lastError: string | null
    /** Where letters go instead of mailboxes, in a sentence. */
    readonly goesTo: string | null
    /** The administrator's own address. */
    readonly to: string | null
  } | null
}

const newAccounts: Readonly<Record<Registration, string>> = {
  open: 'Everybody can make one',
  invitation: 'By invitation',
  approval: 'With the approval of an administrator',
  closed: 'Nobody can make one',
}

/** How the server stands, as far as it concerns accounts, and a test of its mail (AD7, AD8). */
export function serverView({ address, encrypted, registration, administrators, mail }: ServerView): Html {
  return html`<div class="section"><dl class="facts">
<dt>Address</dt><dd><bdi>${address}</bdi></dd>
<dt>Encryption</dt><dd>${encrypted ? 'Nobody on the network can read along' : html`<span class="badge badge-warning">Not encrypted</span> Others on the network can read passwords. Give the server an address with https.`}</dd>
<dt>New accounts</dt><dd>${newAccounts[registration]}</dd>
<dt>Administrators</dt><dd>${administrators}${administrators === 1 && '. A second one can help when you have lost your second step'}</dd>
</dl></div>
${section({ id: 'mail', title: 'Mail', body: mail === null ? noMail : mailState(mail) })}`
}

const noMail = html`<p>This server has no mail. Links for new passwords and invitations are shown to you, and you hand them on.</p>`

const mailState = ({
  late,
  lastError,
  goesTo,
  to,
}: NonNullable<ServerView['mail']>): Html => html`<p>${goesTo ?? 'This server sends mail.'}</p>
${
  late > 0
    ? html`<div class="notice notice-warning"><p>${plural(late, 'letter waits', 'letters wait')} for more than five minutes. ${lastError !== null && `The last try met: ${lastError}.`}</p></div>`
    : html`<p>No letter waits.</p>`
}
${
  to === null
    ? html`<p>Your account has no e-mail address, to which a test letter could go.</p>`
    : html`<form method="post" action="/admin/server/mail-test" data-once>${button({ label: 'Send me a test letter', kind: 'secondary' })}<p class="form-text">It goes to <bdi>${to}</bdi>.</p></form>`
}`

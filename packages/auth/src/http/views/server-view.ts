import type { Registration } from '../../sign-in/admission.ts'
import type { Words } from '../../words/words.ts'
import { button } from './forms.ts'
import { type Html, html } from './html.ts'
import { section } from './lists.ts'

export interface ServerView {
  readonly words: Words
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

/** How the server stands, as far as it concerns accounts, and a test of its mail (AD7, AD8). */
export function serverView({ words, address, encrypted, registration, administrators, mail }: ServerView): Html {
  const { state: say } = words.server
  return html`<div class="section"><dl class="facts">
<dt>${say.address}</dt><dd><bdi>${address}</bdi></dd>
<dt>${say.encryption}</dt><dd>${encrypted ? say.encrypted : html`<span class="badge badge-warning">${say.notEncrypted}</span> ${say.others}`}</dd>
<dt>${say.accounts}</dt><dd>${say.newAccounts[registration]}</dd>
<dt>${say.administrators}</dt><dd>${administrators}${administrators === 1 && say.second}</dd>
</dl></div>
${section({ id: 'mail', title: say.mail, body: mail === null ? html`<p>${say.noMail}</p>` : mailState(mail, say) })}`
}

const mailState = (
  { late, lastError, goesTo, to }: NonNullable<ServerView['mail']>,
  say: Words['server']['state'],
): Html => html`<p>${goesTo ?? say.sendsMail}</p>
${
  late > 0
    ? html`<div class="notice notice-warning"><p>${say.late(late)}${lastError !== null && say.lastError(lastError)}</p></div>`
    : html`<p>${say.noneWaits}</p>`
}
${
  to === null
    ? html`<p>${say.noAddress}</p>`
    : html`<form method="post" action="/admin/server/mail-test" data-once>${button({ label: say.test, kind: 'secondary' })}<p class="form-text">${say.goesTo}<bdi>${to}</bdi>.</p></form>`
}`

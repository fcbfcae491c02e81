import type { Invitation } from '../../invitations/invitations.ts'
import type { Words } from '../../words/words.ts'
import { button, errorFor, type FormError, field, formPage, select } from './forms.ts'
import { type Html, html } from './html.ts'
import { row, rowList, section } from './lists.ts'
import { relativeTime } from './relative-time.ts'
import { day } from './time-words.ts'

/** For how many days an invitation may work. */
const invitationDays = [1, 3, 7, 14, 30] as const
export const INVITATION_DAYS = 7

export interface InvitationsView {
  readonly words: Words
  readonly invitations: readonly Invitation[]
  /** Milliseconds since 1970. */
  readonly now: number
  readonly email: string
  readonly days: number
  readonly errors: readonly FormError[]
  readonly hasMail: boolean
  /** Where letters go instead of mailboxes, in a sentence. */
  readonly goesTo: string | null
  /** What the links mean by the setting of this server. */
  readonly registration: 'open' | 'invitation' | 'approval' | 'closed'
}

/** Invitations: those that are open, and a form for another one. */
export function invitationsView(view: InvitationsView): Html {
  const { words, invitations, now, registration } = view
  const { invitations: say } = words.server
  return html`<p>${say.means[registration]}</p>
${registration !== 'closed' && newInvitation(view)}
${section({
  id: 'open',
  title: say.open,
  intro: say.openIntro,
  body:
    invitations.length === 0
      ? html`<p>${say.none}</p>`
      : rowList(
          invitations.map(({ id, email, sent, createdAt, expiresAt }) =>
            row({
              title: email ?? say.whoever,
              whole: true,
              text: html`${sent ? say.sent : say.made} ${relativeTime(createdAt, now, words)}${say.until}${day(expiresAt, words)}`,
              action: html`<form method="post" action="/admin/invitations/${id}/withdraw">${button({ label: say.withdraw, kind: 'secondary' })}</form>`,
            }),
          ),
        ),
})}`
}

/** How the link gets to the person: nothing pretends that mail was sent. */
function wayOf({ words, hasMail, goesTo }: InvitationsView): string {
  const { invitations: say } = words.server
  if (!hasMail) return say.noMail
  return goesTo === null ? say.bySend : `${say.byLetter}${goesTo}`
}

function newInvitation(view: InvitationsView): Html {
  const { words, email, days, errors, hasMail } = view
  const { invitations: say } = words.server
  return html`<form class="section" method="post" action="/admin/invitations" novalidate data-once>
${field({
  words,
  name: 'email',
  label: say.address,
  type: 'email',
  hint: `${wayOf(view)}${say.only}${hasMail ? say.without : ''}`,
  value: email,
  error: errorFor(errors, 'email'),
  optional: true,
  verbatim: true,
})}
${select({
  words,
  name: 'days',
  label: say.worksFor,
  value: String(days),
  options: invitationDays.map((one) => ({ value: String(one), label: say.days(one) })),
  error: errorFor(errors, 'days'),
})}
<div class="actions section-end">${button({ label: say.invite })}</div>
</form>`
}

/** The link, this once. */
export function invitationLinkView({ url, expiresAt }: { url: string; expiresAt: number }, words: Words): Html {
  const { invitations: say } = words.server
  return html`<p>${say.give.before}${day(expiresAt, words)}${say.give.after}</p>
<pre class="command" dir="ltr" tabindex="0" aria-label="${say.label}"><code>${url}</code></pre>
<p><a class="btn btn-secondary" href="/admin/invitations">${say.back}</a></p>`
}

/** A link that was used, withdrawn or has expired. `isOpen` says that an account can be made without one. */
export function invitationInvalidView(isOpen: boolean, words: Words): Html {
  const say = words.signIn.register
  return formPage({
    title: say.invitationInvalid,
    words,
    lead: say.invitationInvalidLead,
    form: html`<a class="btn btn-primary btn-wide" href="/auth/login">${say.signIn}</a>`,
    after: isOpen
      ? html`<p><a href="/auth/register">${say.withoutInvitation}</a></p>`
      : html`<p>${say.usedInvitation}</p>`,
  })
}

export interface WaitingView {
  readonly words: Words
  /** How the person hears what was decided. */
  readonly told: string
  /** For how many days an account waits. */
  readonly kept: number
}

/** For who registered where administrators decide, and for who signs in before one has. */
export function waitingView({ words, told, kept }: WaitingView): Html {
  const { waiting: say } = words.signIn
  return formPage({
    words,
    title: say.title,
    lead: html`${say.lead} <span>${told}</span> <span>${say.kept(kept)}</span>`,
    form: html`<a class="btn btn-primary btn-wide" href="/auth/login">${say.back}</a>`,
  })
}

export interface FirstAdministratorView {
  readonly words: Words
  readonly token: string
  readonly username: string | null
}

/** What the code of a server's first start leads to, for somebody who is signed in or not. */
export function firstAdministratorView({ words, token, username }: FirstAdministratorView): Html {
  const { first: say, register } = words.signIn
  if (username !== null) {
    return formPage({
      words,
      title: say.title,
      lead: html`${say.yours.before}<bdi>${username}</bdi>${say.yours.after}`,
      form: html`<form method="post" action="/auth/first-administrator" data-once><input type="hidden" name="token" value="${token}">
${button({ label: say.become, wide: true })}</form>`,
      after: html`<p><a href="/">${say.leave}</a></p>`,
    })
  }
  const back = encodeURIComponent(`/auth/first-administrator?token=${token}`)
  return formPage({
    words,
    title: say.title,
    lead: say.lead,
    form: html`<a class="btn btn-primary btn-wide" href="/auth/register?invitation=${token}">${register.title}</a>
<a class="btn btn-secondary btn-wide" href="/auth/login?next=${back}">${register.signIn}</a>`,
  })
}

/** A code that was used or has ended, or of a server that has an administrator by now. */
export function firstAdministratorInvalidView(words: Words): Html {
  const { first: say } = words.signIn
  return formPage({
    words,
    title: say.dead,
    lead: say.deadLead,
    form: html`<a class="btn btn-primary btn-wide" href="/">${say.goOn}</a>`,
  })
}

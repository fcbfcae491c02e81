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

const means: Readonly<Record<InvitationsView['registration'], string>> = {
  open: 'Everybody can make an account here. An invitation is a link to the form, for one person.',
  invitation: 'A new account needs an invitation here.',
  approval: 'New accounts wait until an administrator approves them. Who has an invitation does not wait.',
  closed: 'This server takes no new accounts, and no invitations. Its operator can change that.',
}

/** Invitations: those that are open, and a form for another one. */
export function invitationsView(view: InvitationsView): Html {
  const { invitations, now, registration } = view
  return html`<p>${means[registration]}</p>
${registration !== 'closed' && newInvitation(view)}
${section({
  id: 'open',
  title: 'Open invitations',
  intro: 'An invitation is gone from this list when it has been used.',
  body:
    invitations.length === 0
      ? html`<p>None.</p>`
      : rowList(
          invitations.map(({ id, email, sent, createdAt, expiresAt }) =>
            row({
              title: email ?? 'For whoever has the link',
              whole: true,
              text: html`${sent ? 'Sent' : 'Made'} ${relativeTime(createdAt, now)}, works until ${day(expiresAt)}`,
              action: html`<form method="post" action="/admin/invitations/${id}/withdraw">${button({ label: 'Withdraw', kind: 'secondary' })}</form>`,
            }),
          ),
        ),
})}`
}

/** How the link gets to the person: nothing pretends that mail was sent. */
function wayOf(hasMail: boolean, goesTo: string | null): string {
  if (!hasMail) return 'This server sends no mail: you get the link and hand it over.'
  return goesTo === null ? 'The link is sent there.' : `A letter with the link is written. ${goesTo}`
}

const newInvitation = ({
  email,
  days,
  errors,
  hasMail,
  goesTo,
}: InvitationsView): Html => html`<form method="post" action="/admin/invitations" novalidate data-once>
${field({
  name: 'email',
  label: 'E-mail address',
  type: 'email',
  hint: `${wayOf(hasMail, goesTo)} Only an account with this address can be made by it.${hasMail ? ' Without an address you get a link to hand over.' : ''}`,
  value: email,
  error: errorFor(errors, 'email'),
  optional: true,
  verbatim: true,
})}
${select({
  name: 'days',
  label: 'Works for',
  value: String(days),
  options: invitationDays.map((one) => ({ value: String(one), label: one === 1 ? '1 day' : `${one} days` })),
  error: errorFor(errors, 'days'),
})}
<div class="actions section-end">${button({ label: 'Invite' })}</div>
</form>`

/** The link, this once. */
export function invitationLinkView({ url, expiresAt }: { url: string; expiresAt: number }): Html {
  return html`<p>Give it to one person, by a way that nobody else reads. One account can be made by it until ${day(expiresAt)}. It is shown this once.</p>
<pre class="command" dir="ltr" tabindex="0" aria-label="Invitation"><code>${url}</code></pre>
<p><a class="btn btn-secondary" href="/admin/invitations">Back to the invitations</a></p>`
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

/** For who registered where administrators decide, and for who signs in before one has. `kept` is in days. */
export function waitingView({ told, kept }: { told: string; kept: number }): Html {
  return formPage({
    title: 'Your account waits for approval',
    lead: `Nothing more is to be done by you. An administrator of this server looks at each new account before it opens. ${told} Where nobody has decided for ${kept} days, the account is deleted, and you can register again.`,
    form: html`<a class="btn btn-primary btn-wide" href="/auth/login">Back to the sign-in</a>`,
  })
}

/** What the code of a server's first start leads to, for somebody who is signed in or not. */
export function firstAdministratorView(view: { token: string; username: string | null }): Html {
  const { token, username } = view
  if (username !== null) {
    return formPage({
      title: 'Administer this server',
      lead: html`Your account <bdi>${username}</bdi> becomes its administrator. You then sign in again, and set up a second step if you have none.`,
      form: html`<form method="post" action="/auth/first-administrator" data-once><input type="hidden" name="token" value="${token}">
${button({ label: 'Become the administrator', wide: true })}</form>`,
      after: html`<p><a href="/">Leave it</a></p>`,
    })
  }
  const back = encodeURIComponent(`/auth/first-administrator?token=${token}`)
  return formPage({
    title: 'Administer this server',
    lead: 'This server has no administrator yet. Make an account, which becomes its administrator, or sign in to the one that you have.',
    form: html`<a class="btn btn-primary btn-wide" href="/auth/register?invitation=${token}">Create an account</a>
<a class="btn btn-secondary btn-wide" href="/auth/login?next=${back}">Sign in</a>`,
  })
}

/** A code that was used or has ended, or of a server that has an administrator by now. */
export function firstAdministratorInvalidView(): Html {
  return formPage({
    title: 'This code does not work any more',
    lead: 'It was used, has expired, or this server has an administrator by now. Whoever runs the server can name one on the command line: miachat user role NAME admin.',
    form: html`<a class="btn btn-primary btn-wide" href="/">Go on</a>`,
  })
}

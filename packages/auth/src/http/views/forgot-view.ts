import type { LettersPlace } from '../../mail/outbox.ts'
import { button, errorFor, type FormError, field, formPage, honeypot } from './forms.ts'
import { type Html, html } from './html.ts'

/** One thing that a person can do who has lost the password. */
export interface RecoveryWay {
  readonly title: string
  readonly text: string
  /** What the operator types on the server, shown to be copied. */
  readonly command?: string
  readonly link?: { readonly href: string; readonly label: string }
}

export interface ForgotView {
  /** Exactly the ways that this server has besides mail (F2, F3). */
  readonly ways: readonly RecoveryWay[]
  /** Whether this server can send a letter: only then there is a form. */
  readonly hasMail: boolean
  /** Where letters go that reach no mailbox. */
  readonly goesTo?: LettersPlace | null
  /** Somebody has asked for a letter just now. */
  readonly asked?: boolean
  /** What was typed before. */
  readonly identifier?: string
  readonly errors?: readonly FormError[]
}

/** "Forgot password?": says what this server can do, and never that something was sent which was not. */
export function forgotView(view: ForgotView): Html {
  const after = html`<p><a href="/auth/login">Back to sign-in</a></p>`
  if (view.asked === true) return askedPage(view, after)
  return view.hasMail ? askPage(view, after) : waysPage(view, after)
}

function askPage({ ways, goesTo = null, identifier = '', errors = [] }: ForgotView, after: Html): Html {
  return formPage({
    title: 'Forgot your password?',
    lead:
      goesTo === null
        ? 'We send a link to the e-mail address of your account. It sets a new password.'
        : html`You can set a new one with a link in a letter. ${placeWords(goesTo)}`,
    errors,
    form: html`<form method="post" action="/auth/forgot" novalidate data-once>
${field({
  name: 'email',
  label: 'E-mail address or user name',
  value: identifier,
  error: errorFor(errors, 'email'),
  autocomplete: 'username',
  verbatim: true,
  more: { maxlength: 1000 },
})}
${honeypot()}
${button({ label: goesTo === null ? 'Send the link' : 'Write the letter', busy: 'Asking…', wide: true })}
</form>`,
    after: html`${otherWays(ways, goesTo === null ? 'No access to your mail?' : 'Other ways')}${after}`,
  })
}

/** The same for every name: whoever asks for a stranger learns nothing (RST-01). */
function askedPage({ ways, goesTo = null }: ForgotView, after: Html): Html {
  const isSent = goesTo === null
  return formPage({
    title: askedTitle(goesTo),
    lead: isSent
      ? 'If there is an account with that name or address, a letter with a link is on its way to it.'
      : html`If there is an account with that name or address, a letter with a link was written. ${placeWords(goesTo)}`,
    form: html`<p>The link works once, for 30 minutes. A newer one makes older ones void.</p>
<p>Nothing after a few minutes? ${isSent && 'Look among the unwanted mail, then '}<a href="/auth/forgot">${isSent ? 'ask again' : 'Ask again'}</a>. An account gets five letters an hour at the most.</p>`,
    after: html`${otherWays(ways, 'No letter?')}${after}`,
  })
}

export const askedTitle = (goesTo: LettersPlace | null): string =>
  goesTo === null ? 'Look into your mail' : 'A letter was written'

/** Where such a letter lies, with the way there. */
export const placeWords = ({ sentence, link }: LettersPlace): Html =>
  html`${sentence}${link !== undefined && html` <a href="${link.href}">${link.label}</a>`}`

function waysPage({ ways, errors = [] }: ForgotView, after: Html): Html {
  return formPage({
    title: 'Forgot your password?',
    lead:
      ways.length === 0
        ? 'This server has no way to set a new password by itself. Ask the person who runs it.'
        : 'This server sends no mail, and nobody can read your old password. You can set a new one:',
    errors,
    form: ways.length === 0 ? null : listOf(ways),
    after,
  })
}

const otherWays = (ways: readonly RecoveryWay[], title: string): Html | false =>
  ways.length > 0 && html`<details><summary>${title}</summary>${listOf(ways)}</details>`

const listOf = (ways: readonly RecoveryWay[]): Html =>
  html`<ol class="ways">${ways.map(
    (way) =>
      html`<li><h2>${way.title}</h2><p>${way.text}</p>${
        way.command !== undefined &&
        html`<pre class="command" tabindex="0" aria-label="Command"><code>${way.command}</code></pre>`
      }${way.link !== undefined && html`<p><a href="${way.link.href}">${way.link.label}</a></p>`}</li>`,
  )}</ol>`

import type { LettersPlace } from '../../mail/outbox.ts'
import { type HostText, textIn } from '../../words/host-text.ts'
import { english, type Words } from '../../words/words.ts'
import { button, errorFor, type FormError, field, formPage, honeypot } from './forms.ts'
import { type Html, html } from './html.ts'

/** One thing that a person can do who has lost the password. */
export interface RecoveryWay {
  readonly title: HostText
  readonly text: HostText
  /** What the operator types on the server, shown to be copied. */
  readonly command?: string
  readonly link?: { readonly href: string; readonly label: HostText }
}

export interface ForgotView {
  /** The words of the request; English where a host gives none. */
  readonly words?: Words
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
  const { forgot } = (view.words ?? english).recovery
  const after = html`<p><a href="/auth/login">${forgot.back}</a></p>`
  if (view.asked === true) return askedPage(view, after)
  return view.hasMail ? askPage(view, after) : waysPage(view, after)
}

function askPage(view: ForgotView, after: Html): Html {
  const { words = english, ways, goesTo = null, identifier = '', errors = [] } = view
  const say = words.recovery.forgot
  return formPage({
    words,
    title: say.title,
    lead: goesTo === null ? say.sentLead : html`${say.writtenLead} ${placeWords(goesTo, words)}`,
    errors,
    form: html`<form method="post" action="/auth/forgot" novalidate data-once>
${field({
  words,
  name: 'email',
  label: say.name,
  value: identifier,
  error: errorFor(errors, 'email'),
  autocomplete: 'username',
  verbatim: true,
  more: { maxlength: 1000 },
})}
${honeypot('website', words)}
${button({ label: goesTo === null ? say.send : say.write, busy: say.busy, wide: true })}
</form>`,
    after: html`${otherWays(ways, goesTo === null ? say.noMail : say.otherWays, words)}${after}`,
  })
}

/** The same for every name: whoever asks for a stranger learns nothing (RST-01). */
function askedPage({ words = english, ways, goesTo = null }: ForgotView, after: Html): Html {
  const say = words.recovery.asked
  const again = goesTo === null ? say.sentAgain : say.writtenAgain
  return formPage({
    words,
    title: askedTitle(goesTo, words),
    lead: goesTo === null ? say.sentLead : html`${say.writtenLead} ${placeWords(goesTo, words)}`,
    form: html`<p>${say.once}</p>
<p>${again.before}<a href="/auth/forgot">${again.label}</a>${again.after}</p>`,
    after: html`${otherWays(ways, say.noLetter, words)}${after}`,
  })
}

export const askedTitle = (goesTo: LettersPlace | null, { recovery }: Words): string =>
  goesTo === null ? recovery.asked.sentTitle : recovery.asked.writtenTitle

/** Where such a letter lies, with the way there. */
export const placeWords = ({ sentence, link }: LettersPlace, words: Words): Html =>
  html`${textIn(sentence, words)}${link !== undefined && html` <a href="${link.href}">${textIn(link.label, words)}</a>`}`

function waysPage({ words = english, ways, errors = [] }: ForgotView, after: Html): Html {
  const say = words.recovery.forgot
  return formPage({
    words,
    title: say.title,
    lead: ways.length === 0 ? say.noWay : say.ways,
    errors,
    form: ways.length === 0 ? null : listOf(ways, words),
    after,
  })
}

const otherWays = (ways: readonly RecoveryWay[], title: string, words: Words): Html | false =>
  ways.length > 0 && html`<details><summary>${title}</summary>${listOf(ways, words)}</details>`

const listOf = (ways: readonly RecoveryWay[], words: Words): Html =>
  html`<ol class="ways">${ways.map(
    (way) =>
      html`<li><h2>${textIn(way.title, words)}</h2><p>${textIn(way.text, words)}</p>${
        way.command !== undefined &&
        html`<pre class="command" tabindex="0" aria-label="${words.recovery.forgot.command}"><code>${way.command}</code></pre>`
      }${way.link !== undefined && html`<p><a href="${way.link.href}">${textIn(way.link.label, words)}</a></p>`}</li>`,
  )}</ol>`

import { isoTime } from '../../lib/clock.ts'
import type { LettersPlace } from '../../mail/outbox.ts'
import type { AddressWaiting } from '../../sign-in/confirm-address.ts'
import type { Words } from '../../words/words.ts'
import { placeWords } from './forgot-view.ts'
import { button, errorFor, type FormError, field, formPage } from './forms.ts'
import { type Html, html } from './html.ts'
import { section } from './lists.ts'

export interface AddressView {
  readonly words: Words
  readonly email: string | null
  readonly confirmed: boolean
  /** Until when an account waits that gets its address by confirming it, in milliseconds since 1970; else null. */
  readonly due: number | null
  /** What waits for its letter to be answered. */
  readonly waiting: AddressWaiting | null
  /** False on a server without mail. */
  readonly hasMail: boolean
  /** Where letters lie that no mail server takes, or null where they are sent. */
  readonly goesTo: LettersPlace | null
  /** Milliseconds since 1970. */
  readonly now: number
  readonly errors: readonly FormError[]
}

/** The address of an account: how it stands, the code of the letter, a new letter, the way to another address (V1, V2). */
export function addressView(view: AddressView): Html {
  const { words, email, confirmed, due, waiting, hasMail } = view
  const { address: say } = words
  const isChange = due === null && waiting !== null && waiting.address !== email
  const state = hasMail && (confirmed ? say.confirmed : say.unconfirmed)
  return html`${
    due !== null
      ? html`<p>${say.due}${utc(due)}.</p>`
      : email === null
        ? html`<p>${say.none}</p>`
        : html`<p>${say.yours}<strong dir="auto">${email}</strong>.${state}</p>`
  }
${
  hasMail
    ? html`${(waiting !== null || (email !== null && !confirmed)) && confirmSection(view, isChange)}
${changeSection(view)}`
    : html`<p>${say.noMail}</p>`
}`
}

/** The way to another address, or to the first. */
function changeSection({ words, email, confirmed, due }: AddressView): Html {
  const { address: say } = words
  const isFirst = email === null && due === null
  const label = isFirst ? say.add : due === null ? say.change : say.useAnother
  return section({
    id: 'change',
    title: isFirst ? say.add : say.another,
    intro: isFirst ? say.addIntro : due !== null ? say.slip : confirmed ? say.changeUndo : say.changeIntro,
    body: html`<p><a class="btn btn-secondary" href="/settings/address/change">${label}</a></p>`,
  })
}

/** To the minute, since the link ends then. */
const utc = (at: number): Html =>
  html`<time datetime="${isoTime(at)}">${isoTime(at).slice(0, 16).replace('T', ' ')} UTC</time>`

function confirmSection({ words, email, waiting, goesTo, now, errors }: AddressView, isChange: boolean): Html {
  const { confirm: say } = words.address
  const codeWorks = waiting?.codeEndsAt != null && waiting.codeEndsAt > now
  const wait = waiting === null ? 0 : Math.ceil((waiting.sendAgainAt - now) / 1000)
  const letter = html`${say.letter}<strong dir="auto">${waiting?.address ?? email}</strong>`
  const first = goesTo === null ? say.send : say.write
  const again = goesTo === null ? say.sendAgain : say.writeAgain
  const became = goesTo === null ? say.onItsWay : html`${say.written}${placeWords(goesTo, words)}${goesTo.link && '.'}`
  return section({
    id: 'confirm',
    title: isChange ? say.titleNew : say.title,
    intro:
      waiting === null
        ? html`${letter}${say.has}`
        : html`${letter}${became}${say.linkUntil}${utc(waiting.linkEndsAt)}${codeWorks ? say.codeWorks : say.codeEnded}`,
    body: html`${
      codeWorks &&
      html`<form method="post" action="/settings/address/confirm" novalidate data-once>
${field({
  words,
  name: 'code',
  label: say.code,
  hint: say.codeHint,
  error: errorFor(errors, 'code'),
  autocomplete: 'one-time-code',
  inputmode: 'numeric',
  verbatim: true,
  dir: 'ltr',
  maxlength: 100,
})}
${button({ label: say.submit, busy: say.busy })}
</form>`
    }
<form class="section-end" method="post" action="/settings/address/send" data-once>${button({
      label: waiting === null ? first : again,
      kind: codeWorks ? 'secondary' : 'primary',
      busy: say.moment,
    })}${wait > 0 && html`<p class="form-text" data-wait="${wait}">${say.wait.before}<span>${wait}</span>${say.wait.after}</p>`}</form>
${
  isChange &&
  html`<form class="section-end" method="post" action="/settings/address/drop" data-once>${button({ label: say.keep, kind: 'quiet' })}</form>`
}`,
  })
}

export interface ChangeAddressView {
  readonly words: Words
  readonly email: string | null
  readonly typed: string
  readonly errors: readonly FormError[]
}

/** Asks for another address, after a step-up. */
export function changeAddressView({ words, email, typed, errors }: ChangeAddressView): Html {
  const { form: say, confirm } = words.address
  return formPage({
    words,
    title: email === null ? say.addTitle : say.changeTitle,
    lead: email === null ? say.addLead : html`${say.lead.before}<strong dir="auto">${email}</strong>${say.lead.after}`,
    errors,
    form: html`<form method="post" action="/settings/address" novalidate data-once>
${field({
  words,
  name: 'email',
  label: say.label,
  type: 'email',
  value: typed,
  error: errorFor(errors, 'email'),
  autocomplete: 'email',
  inputmode: 'email',
  verbatim: true,
})}
${button({ label: say.submit, busy: confirm.moment, wide: true })}
</form>`,
    after: html`<p><a href="/settings/address">${say.back}</a></p>`,
  })
}

export interface ConfirmLinkView {
  readonly words: Words
  readonly token: string
  readonly username: string
  readonly address: string
  readonly errors: readonly FormError[]
}

/** The page of the link: opening it changes nothing, and it signs nobody in (EML-04). */
export function confirmLinkView({ words, token, username, address, errors }: ConfirmLinkView): Html {
  const { link: say, confirm } = words.address
  const { before, between, after } = say.lead
  return formPage({
    words,
    title: say.title,
    lead: html`${before}<strong dir="auto">${address}</strong>${between}<strong dir="auto">${username}</strong>${after}`,
    errors,
    form: html`<form method="post" action="/auth/confirm-address" data-once>
<input type="hidden" name="token" value="${token}">
${button({ label: say.submit, busy: confirm.busy, wide: true })}
</form>`,
    after: html`<p>${say.not}</p>`,
  })
}

/** What follows, whoever is signed in here. */
export function addressConfirmedView(words: Words): Html {
  const { link: say } = words.address
  return formPage({
    words,
    title: say.done,
    lead: say.doneLead,
    form: html`<a class="btn btn-primary btn-wide" href="/settings/address">${say.goOn}</a>`,
  })
}

/** A link that was used, has ended or is void: all look the same. */
export function confirmLinkDeadView(words: Words): Html {
  const { link: say } = words.address
  return formPage({
    words,
    title: say.dead,
    lead: say.deadLead,
    form: html`<a class="btn btn-primary btn-wide" href="/settings/address">${say.settings}</a>`,
  })
}

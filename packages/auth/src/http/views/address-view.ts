import { isoTime } from '../../lib/clock.ts'
import type { LettersPlace } from '../../mail/outbox.ts'
import type { AddressWaiting } from '../../sign-in/confirm-address.ts'
import { placeWords } from './forgot-view.ts'
import { button, errorFor, type FormError, field, formPage } from './forms.ts'
import { type Html, html } from './html.ts'
import { section } from './lists.ts'

export interface AddressView {
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
  const { email, confirmed, due, waiting, hasMail } = view
  const isChange = due === null && waiting !== null && waiting.address !== email
  return html`${
    due !== null
      ? html`<p>Your account gets its e-mail address once you have confirmed it, and opens then. Until then you sign in with your user name. Without it the account is deleted at ${utc(due)}.</p>`
      : email === null
        ? html`<p>Your account has no e-mail address.</p>`
        : html`<p>Your address is <strong dir="auto">${email}</strong>.${hasMail && (confirmed ? ' It is confirmed.' : ' It is not confirmed yet.')}</p>`
  }
${
  hasMail
    ? html`${(waiting !== null || (email !== null && !confirmed)) && confirmSection(view, isChange)}
${changeSection(view)}`
    : html`<p>This server cannot send e-mail, so it confirms no addresses and changes none. To have it changed, ask the people who run it.</p>`
}`
}

/** The way to another address, or to the first. */
function changeSection({ email, confirmed, due }: AddressView): Html {
  const isFirst = email === null && due === null
  const label = isFirst ? 'Add an address' : due === null ? 'Change the address' : 'Use another address'
  return section({
    id: 'change',
    title: isFirst ? 'Add an address' : 'Another address',
    intro: isFirst
      ? 'By a letter to it you can get back in when you have lost your password.'
      : due !== null
        ? 'If this one has a slip, or its letter does not come.'
        : `It counts once you have confirmed it. The address that you have now is told${confirmed ? ', and can undo the change for 7 days' : ''}.`,
    body: html`<p><a class="btn btn-secondary" href="/settings/address/change">${label}</a></p>`,
  })
}

/** To the minute, since the link ends then. */
const utc = (at: number): Html =>
  html`<time datetime="${isoTime(at)}">${isoTime(at).slice(0, 16).replace('T', ' ')} UTC</time>`

function confirmSection({ email, waiting, goesTo, now, errors }: AddressView, isChange: boolean): Html {
  const address = waiting?.address ?? email
  const codeWorks = waiting?.codeEndsAt != null && waiting.codeEndsAt > now
  const wait = waiting === null ? 0 : Math.ceil((waiting.sendAgainAt - now) / 1000)
  return section({
    id: 'confirm',
    title: isChange ? 'Confirm your new address' : 'Confirm your address',
    intro:
      waiting === null
        ? html`A letter to <strong dir="auto">${address}</strong> has a code and a link for it.`
        : html`A letter to <strong dir="auto">${address}</strong> ${goesTo === null ? 'is on its way.' : html`was written. ${placeWords(goesTo)}${goesTo.link && '.'}`} Its link works until ${utc(waiting.linkEndsAt)}${
            codeWorks ? ', its code for 10 minutes' : '; its code has ended'
          }.`,
    body: html`${
      codeWorks &&
      html`<form method="post" action="/settings/address/confirm" novalidate data-once>
${field({
  name: 'code',
  label: 'Code',
  hint: 'The 8 digits of the letter.',
  error: errorFor(errors, 'code'),
  autocomplete: 'one-time-code',
  inputmode: 'numeric',
  verbatim: true,
  dir: 'ltr',
  maxlength: 100,
})}
${button({ label: 'Confirm', busy: 'Confirming…' })}
</form>`
    }
<form class="section-end" method="post" action="/settings/address/send" data-once>${button({
      label: `${goesTo === null ? 'Send' : 'Write'} ${waiting === null ? 'the letter' : 'another letter'}`,
      kind: codeWorks ? 'secondary' : 'primary',
      busy: 'One moment…',
    })}${wait > 0 && html`<p class="form-text" data-wait="${wait}">You can ask for another one in <span>${wait}</span> seconds.</p>`}</form>
${
  isChange &&
  html`<form class="section-end" method="post" action="/settings/address/drop" data-once>${button({ label: 'Keep the address that I have', kind: 'quiet' })}</form>`
}`,
  })
}

/** Asks for another address, after a step-up. */
export function changeAddressView({
  email,
  typed,
  errors,
}: {
  readonly email: string | null
  readonly typed: string
  readonly errors: readonly FormError[]
}): Html {
  return formPage({
    title: email === null ? 'Add an e-mail address' : 'Change your e-mail address',
    lead:
      email === null
        ? 'It counts once you have confirmed it by a letter to it.'
        : html`It counts once you have confirmed it by a letter to it. Until then your account keeps <strong dir="auto">${email}</strong>.`,
    errors,
    form: html`<form method="post" action="/settings/address" novalidate data-once>
${field({
  name: 'email',
  label: 'New e-mail address',
  type: 'email',
  value: typed,
  error: errorFor(errors, 'email'),
  autocomplete: 'email',
  inputmode: 'email',
  verbatim: true,
})}
${button({ label: 'Go on', busy: 'One moment…', wide: true })}
</form>`,
    after: html`<p><a href="/settings/address">Back</a></p>`,
  })
}

/** The page of the link: opening it changes nothing, and it signs nobody in (EML-04). */
export function confirmLinkView(view: {
  readonly token: string
  readonly username: string
  readonly address: string
  readonly errors: readonly FormError[]
}): Html {
  return formPage({
    title: 'Confirm your e-mail address',
    lead: html`Does <strong dir="auto">${view.address}</strong> belong to you, and is the account <strong dir="auto">${view.username}</strong> yours?`,
    errors: view.errors,
    form: html`<form method="post" action="/auth/confirm-address" data-once>
<input type="hidden" name="token" value="${view.token}">
${button({ label: 'Yes, confirm it', busy: 'Confirming…', wide: true })}
</form>`,
    after: html`<p>If it is not yours, close this page: nothing happens.</p>`,
  })
}

/** What follows, whoever is signed in here. */
export function addressConfirmedView(): Html {
  return formPage({
    title: 'Your address is confirmed',
    lead: 'Nobody was signed in or out by this.',
    form: html`<a class="btn btn-primary btn-wide" href="/settings/address">Go on</a>`,
  })
}

/** A link that was used, has ended or is void: all look the same. */
export function confirmLinkDeadView(): Html {
  return formPage({
    title: 'This link does not work any more',
    lead: 'It has been used or has ended, or a newer letter was sent. You can have another one sent from your settings.',
    form: html`<a class="btn btn-primary btn-wide" href="/settings/address">Go to your settings</a>`,
  })
}

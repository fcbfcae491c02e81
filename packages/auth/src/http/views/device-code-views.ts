import { deviceWords } from '../../words/device-words.ts'
import type { Words } from '../../words/words.ts'
import { button, errorFor, type FormError, field, formPage } from './forms.ts'
import { type Html, html } from './html.ts'
import { relativeTime } from './relative-time.ts'

export interface UserCodeView {
  readonly words: Words
  /** Who is signed in, and would let the program in. */
  readonly username: string
  readonly code: string
  /** The code came with the address: nobody has typed it off a program yet. */
  readonly isGiven: boolean
  readonly errors: readonly FormError[]
}

/** Whoever makes somebody else enter a code is let into that account (RFC 8628 section 5.4). */
const warning = ({ devices }: Words): Html =>
  html`<div class="notice notice-warning"><p>${devices.codes.warning}</p></div>`

/** Asks for the code that a program shows. */
export function userCodeView({ words, username, code, isGiven, errors }: UserCodeView): Html {
  const { codes: say } = words.devices
  return formPage({
    words,
    title: say.title,
    lead: html`${say.lead} <strong dir="auto">${username}</strong>.`,
    errors,
    before: warning(words),
    form: html`<form method="post" action="/auth/device" novalidate data-once>
${field({
  words,
  name: 'user_code',
  label: say.code,
  hint: isGiven ? say.hintGiven : say.hint,
  value: code,
  error: errorFor(errors, 'user_code'),
  autocomplete: 'off',
  maxlength: 40,
  verbatim: true,
  dir: 'ltr',
})}
<div class="actions">${button({ label: say.submit })}<a class="btn btn-quiet" href="/">${say.leave}</a></div>
</form>`,
  })
}

export interface ProgramView {
  readonly words: Words
  readonly id: string
  readonly username: string
  readonly program: string
  readonly device: string
  readonly address: string
  /** It asks from another network than the person’s: usual for a server far away, and for somebody else’s program. */
  readonly isElsewhere: boolean
  readonly askedAt: number
  readonly now: number
}

/** Asks whether to let a program in. Its name is what it says of itself, so that the name alone must convince nobody. */
export function programView(view: ProgramView): Html {
  const { words, id, username, program, device, address, isElsewhere, askedAt, now } = view
  const { codes: say } = words.devices
  return formPage({
    words,
    title: say.decide,
    lead: html`${say.decideBefore}<strong dir="auto">${username}</strong>${say.decideAfter}`,
    before: html`${warning(words)}
<dl class="facts">
<dt>${say.callsItself}</dt><dd><bdi>${program}</bdi> ${say.notVerified}</dd>
<dt>${say.asksFrom}</dt><dd><bdi>${address}</bdi>${isElsewhere && `, ${say.elsewhere}`}</dd>
<dt>${say.device}</dt><dd><bdi>${deviceWords(device, words)}</bdi></dd>
<dt>${say.asked}</dt><dd>${relativeTime(askedAt, now, words)}</dd>
</dl>`,
    form: html`<div class="actions section-end"><form method="post" action="/auth/device/${id}/allow" data-once>${button({ label: say.allow, busy: say.allowing })}</form>
<form method="post" action="/auth/device/${id}/refuse" data-once>${button({ label: say.refuse, kind: 'secondary' })}</form></div>`,
  })
}

interface Outcome {
  readonly title: string
  readonly lead: string
  readonly href: string
  readonly label: string
}

const outcomeView = (words: Words, { title, lead, href, label }: Outcome): Html =>
  formPage({ words, title, lead, form: html`<a class="btn btn-secondary btn-wide" href="${href}">${label}</a>` })

/** Said once the program may get its tokens. */
export function programAllowedView(words: Words): Html {
  const { allowed, allowedLead, seeDevices } = words.devices.codes
  return outcomeView(words, { title: allowed, lead: allowedLead, href: '/settings/devices', label: seeDevices })
}

export function programRefusedView(words: Words): Html {
  const { refused, refusedLead, goOn } = words.devices.codes
  return outcomeView(words, { title: refused, lead: refusedLead, href: '/', label: goOn })
}

/** Said where the code was used or has expired since it was entered. */
export function programEndedView(words: Words): Html {
  const { ended, endedLead, another } = words.devices.codes
  return outcomeView(words, { title: ended, lead: endedLead, href: '/auth/device', label: another })
}

import { button, errorFor, type FormError, field, formPage } from './forms.ts'
import { type Html, html } from './html.ts'
import { relativeTime } from './relative-time.ts'

export interface UserCodeView {
  /** Who is signed in, and would let the program in. */
  readonly username: string
  readonly code: string
  /** The code came with the address: nobody has typed it off a program yet. */
  readonly isGiven: boolean
  readonly errors: readonly FormError[]
}

/** Whoever makes somebody else enter a code is let into that account (RFC 8628 section 5.4). */
const warning = html`<div class="notice notice-warning"><p>Did somebody send or tell you the code? Then leave it: it would let that person into your account.</p></div>`

/** Asks for the code that a program shows. */
export function userCodeView({ username, code, isGiven, errors }: UserCodeView): Html {
  return formPage({
    title: 'Let a program in',
    lead: html`For a program that you have started yourself, as <strong dir="auto">${username}</strong>.`,
    errors,
    before: warning,
    form: html`<form method="post" action="/auth/device" novalidate data-once>
${field({
  name: 'user_code',
  label: 'Code',
  hint: isGiven ? 'Go on only if your program shows the same.' : 'The eight letters that your program shows.',
  value: code,
  error: errorFor(errors, 'user_code'),
  autocomplete: 'off',
  maxlength: 40,
  verbatim: true,
  dir: 'ltr',
})}
<div class="actions">${button({ label: 'Go on' })}<a class="btn btn-quiet" href="/">Leave it</a></div>
</form>`,
  })
}

export interface ProgramView {
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
  const { id, username, program, device, address, isElsewhere, askedAt, now } = view
  return formPage({
    title: 'Let this program in?',
    lead: html`It could then do what <strong dir="auto">${username}</strong> can do, until you sign it out under Devices.`,
    before: html`${warning}
<dl class="facts">
<dt>Calls itself</dt><dd><bdi>${program}</bdi> (not verified)</dd>
<dt>Asks from</dt><dd><bdi>${address}</bdi>${isElsewhere && ', another network than yours'}</dd>
<dt>Device</dt><dd><bdi>${device}</bdi></dd>
<dt>Asked</dt><dd>${relativeTime(askedAt, now)}</dd>
</dl>`,
    form: html`<div class="actions section-end"><form method="post" action="/auth/device/${id}/allow" data-once>${button({ label: 'Let it in', busy: 'Letting it in…' })}</form>
<form method="post" action="/auth/device/${id}/refuse" data-once>${button({ label: 'Refuse', kind: 'secondary' })}</form></div>`,
  })
}

/** Said once the program may get its tokens. */
export const programAllowedView = (): Html =>
  formPage({
    title: 'The program is let in',
    lead: 'It goes on by itself within some seconds. You can close this page.',
    form: html`<a class="btn btn-secondary btn-wide" href="/settings/devices">See your devices</a>`,
  })

export const programRefusedView = (): Html =>
  formPage({
    title: 'The program is not let in',
    lead: 'It can do nothing with its code any more.',
    form: html`<a class="btn btn-secondary btn-wide" href="/">Go on</a>`,
  })

/** Said where the code was used or has expired since it was entered. */
export const programEndedView = (): Html =>
  formPage({
    title: 'This code has ended',
    lead: 'It was used already, or its ten minutes are over. Start the sign-in of the program anew.',
    form: html`<a class="btn btn-secondary btn-wide" href="/auth/device">Enter another code</a>`,
  })

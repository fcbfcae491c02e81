import { encode } from 'uqr'
import type { SecondFactorState } from '../../factors/factors.ts'
import type { TrustedDeviceListed } from '../../factors/trusted-devices.ts'
import { button, errorFor, type FormError, field, formPage } from './forms.ts'
import { type Html, html, plural } from './html.ts'
import { row, rowList, section } from './lists.ts'
import { day } from './time-words.ts'

const FEW_CODES = 3
const DOT = 4

/** How the second step stands, in a sentence. */
export function secondFactorWords({ authenticators, recoveryCodesLeft }: SecondFactorState): string {
  if (authenticators.length === 0) return 'Off. One step alone signs you in.'
  const apps = plural(authenticators.length, 'authenticator', 'authenticators')
  return `On, with ${apps} and ${plural(recoveryCodesLeft, 'recovery code', 'recovery codes')} left.`
}

/** A second step that somebody has yet to set up. */
export interface FactorDemanded {
  /** Milliseconds since 1970; null where it is only asked for. */
  readonly until: number | null
  /** Why an administrator demands it. */
  readonly reason: string | null
}

export interface FactorsView {
  readonly state: SecondFactorState
  /** Null where nothing is missing. */
  readonly demanded: FactorDemanded | null
  /** Milliseconds since 1970. */
  readonly now: number
  readonly trusted: readonly TrustedDeviceListed[]
  readonly errors: readonly FormError[]
}

/** Authenticators and recovery codes of an account, and where no code is asked for (M1 to M3, M6). */
export function factorsView({ state, demanded, now, trusted, errors }: FactorsView): Html {
  const { authenticators, recoveryCodesLeft } = state
  const isOn = authenticators.length > 0
  return html`<p>${secondFactorWords(state)}</p>
${demanded !== null && demanded.until !== null && demandNotice(demanded.until, now, demanded.reason)}
${
  isOn &&
  html`<section><h2>Authenticators</h2>
<p>Removing one signs out every other device.</p>
<ul>${authenticators.map(
    ({ id, name, createdAt }) =>
      html`<li><form method="post" action="/settings/authenticators/${id}/remove" data-once><p><bdi>${name}</bdi>, added ${day(createdAt)}
<button class="btn btn-quiet" type="submit">Remove<span class="visually-hidden"> ${name}</span></button></p></form></li>`,
  )}</ul></section>
<section id="recovery-codes"><h2>Recovery codes</h2>
${
  recoveryCodesLeft <= FEW_CODES &&
  html`<div class="notice notice-warning"><p>Only ${plural(recoveryCodesLeft, 'code is', 'codes are')} left. Make new ones.</p></div>`
}
<p>Each signs you in once where your authenticator is not at hand. ${plural(recoveryCodesLeft, 'code', 'codes')} left.</p>
<form method="post" action="/settings/recovery-codes" data-once>${button({ label: 'Make new recovery codes', kind: 'secondary' })}
<p class="form-text">The former ones stop working.</p></form></section>
${trusted.length > 0 && trustedSection(trusted)}`
}
<form class="form-narrow" method="post" action="/settings/authenticators" novalidate data-once>
<h2>Add an authenticator</h2>
${nameField(errors)}
${button({ label: 'Add an authenticator', kind: isOn ? 'secondary' : 'primary' })}
</form>`
}

const demandNotice = (until: number, now: number, reason: string | null): Html =>
  html`<div class="notice notice-warning"><p>${
    now < until
      ? html`Your account needs a second step by ${day(until)}; after that nothing else opens before it is set up.`
      : 'Nothing else opens before a second step is set up.'
  } An authenticator does, and so does <a href="/settings/passkeys">a passkey</a>.${reasonWords(reason)}</p></div>`

const reasonWords = (reason: string | null): Html =>
  html`${reason !== null && reason !== '' && html` An administrator asks for it: <bdi>${reason}</bdi>`}`

/** Why a sign-in stops here, and the first step of the way on (M8). */
export function enrolView({ reason, errors }: { reason: string | null; errors: readonly FormError[] }): Html {
  return formPage({
    title: 'Set up a second step',
    lead: 'This server asks for a second step at the sign-in, and your account has none yet. You need an authenticator app on your phone or computer. This sign-in waits ten minutes.',
    errors,
    before: html`${reason !== null && reason !== '' && html`<p>${reasonWords(reason)}</p>`}`,
    form: html`<form method="post" action="/auth/enrol" novalidate data-once>
${nameField(errors)}
${button({ label: 'Set up an authenticator', wide: true })}
</form>`,
    after: html`<p class="beside"><a href="/auth/login">Start again</a></p>`,
  })
}

const nameField = (errors: readonly FormError[]): Html =>
  field({
    name: 'name',
    label: 'Name',
    hint: 'What you will know it by, such as “My phone”.',
    value: 'My phone',
    error: errorFor(errors, 'name'),
    maxlength: 40,
    dir: 'auto',
  })

function trustedSection(trusted: readonly TrustedDeviceListed[]): Html {
  const cutButton = (to: string, label: Html | string) =>
    html`<form method="post" action="/settings/trusted-devices/${to}" data-once><button class="btn btn-quiet" type="submit">${label}</button></form>`
  return section({
    id: 'trusted-devices',
    title: 'Trusted devices',
    intro: 'They are asked for your password only. A new password, and any change of the second step, ends that.',
    body: html`${rowList(
      trusted.map(({ id, device, address, createdAt, lastUsedAt, endsAt, current }) =>
        row({
          title: device,
          ...(current && { mark: html`<span class="badge">This device</span>` }),
          text: html`<bdi>${address}</bdi>, since ${day(createdAt)}, last used ${day(lastUsedAt)}, until ${day(endsAt)}`,
          whole: true,
          action: cutButton(
            `${id}/cut`,
            html`Stop trusting<span class="visually-hidden"> ${device}, trusted since ${day(createdAt)}</span>`,
          ),
        }),
      ),
    )}
${trusted.length > 1 && cutButton('cut-all', 'Stop trusting all of them')}`,
  })
}

export interface AddAuthenticatorView {
  readonly name: string
  readonly secret: string
  readonly uri: string
  /** Where its form goes, and the way back without it. */
  readonly action: string
  readonly back: string
  readonly errors: readonly FormError[]
}

/** QR code, secret and link of a new authenticator; it counts from its first code on (M1). */
export function addAuthenticatorView({ name, secret, uri, action, back, errors }: AddAuthenticatorView): Html {
  return formPage({
    title: 'Set up your authenticator',
    lead: html`Scan this with the authenticator app that you call <bdi>${name}</bdi>.`,
    errors,
    before: html`${qrCode(uri)}
<p>No camera at hand? Type this key into the app:</p>
<p><code dir="ltr">${secret.replace(/.{4}(?=.)/g, '$& ')}</code></p>
<p><a href="${uri}">Open it in the app on this device</a></p>`,
    form: html`<form method="post" action="${action}" novalidate data-once>
${field({
  name: 'code',
  label: 'Code',
  hint: 'The 6 digits that the app shows now.',
  error: errorFor(errors, 'code'),
  autocomplete: 'one-time-code',
  inputmode: 'numeric',
  verbatim: true,
  dir: 'ltr',
  maxlength: 100,
})}
${button({ label: 'Turn it on', wide: true })}
</form>`,
    after: html`<p><a href="${back}">Not now</a></p>`,
  })
}

/** Black on white whatever the theme: cameras do not read the reverse. The key below it is its text alternative. */
function qrCode(text: string): Html {
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const dots = data.flatMap((line, y) => line.flatMap((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : [])))
  return html`<p><svg role="img" aria-label="QR code of the key that stands below" width="${size * DOT}" height="${size * DOT}" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}h-${size}z"/><path fill="#000" d="${dots.join('')}"/></svg></p>`
}

export interface RecoveryCodesView {
  readonly codes: readonly string[]
  /** Whose they are, and where: for the sheet of paper and the file. */
  readonly username: string
  readonly siteName: string
  /** Where it goes on, a local path. */
  readonly next: string
}

/**
 * Shown this once (M2), then on to `next` when the person says that they are saved; no code is burned to prove it. The link
 * is the file itself: no script, and nothing that could be fetched again. Copying and printing are the browser's, by script.
 */
export function recoveryCodesView({ codes, username, siteName, next }: RecoveryCodesView): Html {
  const text = `${codes.join('\n')}\n`
  const file = `${siteName}, recovery codes of ${username}. Each works once.\n\n${text}`
  return formPage({
    title: 'Your recovery codes',
    lead: 'Keep them where you find them without your phone. They are shown this once. Each signs you in one time.',
    before: html`<p class="on-paper">${siteName}, recovery codes of <bdi>${username}</bdi></p>
<pre id="recovery-codes" class="codes" dir="ltr" tabindex="0" aria-label="Recovery codes">${text}</pre>
<p class="actions"><a class="btn btn-secondary" download="recovery-codes.txt" href="data:text/plain;charset=utf-8,${encodeURIComponent(file)}">Save as a file</a>
<button class="btn btn-secondary" type="button" data-copy="recovery-codes" hidden>Copy</button>
<button class="btn btn-secondary" type="button" data-print hidden>Print</button></p>
<p class="soft" role="status" data-copied></p>`,
    form: html`<form action="${next}">
<div class="check"><input type="checkbox" id="field-saved" required><div><label for="field-saved">I have saved them</label></div></div>
${button({ label: 'Go on', wide: true })}</form>`,
  })
}

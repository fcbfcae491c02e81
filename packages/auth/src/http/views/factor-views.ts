import { encode } from 'uqr'
import type { SecondFactorState } from '../../factors/factors.ts'
import type { TrustedDeviceListed } from '../../factors/trusted-devices.ts'
import { deviceWords } from '../../words/device-words.ts'
import { english, type Words } from '../../words/words.ts'
import { button, errorFor, type FormError, field, formPage } from './forms.ts'
import { type Html, html } from './html.ts'
import { row, rowList, section } from './lists.ts'
import { passkeyButton } from './passkey-button.ts'
import { day } from './time-words.ts'

const FEW_CODES = 3
const DOT = 4

/** How the second step stands, in a sentence. `byPasskey`: a passkey is asked for after the password. */
export function secondFactorWords(
  { authenticators, recoveryCodesLeft }: SecondFactorState,
  keys = 0,
  { factors }: Words = english,
  byPasskey = false,
): string {
  const say = factors.state
  if (authenticators.length === 0) return byPasskey ? say.byPasskey(recoveryCodesLeft) : say.off
  const apps = say.apps(authenticators.length)
  return `${say.on}${apps}${keys === 0 ? '' : `, ${say.keys(keys)}`}${say.codes(recoveryCodesLeft)}`
}

/** A security key as its owner sees it. */
export interface SecurityKeyShown {
  readonly id: string
  readonly name: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly lastUsedAt: number | null
  /** Another host name, where it was registered for one and does not work here. */
  readonly madeFor: string | null
}

export interface SecurityKeysShown {
  readonly keys: readonly SecurityKeyShown[]
  /** Why this server can have none, in a sentence, or null. */
  readonly hindrance: string | null
}

/** A second step that somebody has yet to set up. */
export interface FactorDemanded {
  /** Milliseconds since 1970; null where it is only asked for. */
  readonly until: number | null
  /** Why an administrator demands it. */
  readonly reason: string | null
}

export interface FactorsView {
  readonly words: Words
  readonly state: SecondFactorState
  readonly securityKeys: SecurityKeysShown
  /** A passkey is asked for after the password, since a second step is demanded. */
  readonly byPasskey: boolean
  /** Null where nothing is missing. */
  readonly demanded: FactorDemanded | null
  /** Milliseconds since 1970. */
  readonly now: number
  readonly trusted: readonly TrustedDeviceListed[]
  readonly errors: readonly FormError[]
}

/** Authenticators, security keys and recovery codes of an account, and where no code is asked for (M1 to M3, M6). */
export function factorsView(view: FactorsView): Html {
  const { words, state, securityKeys, byPasskey, demanded, now, trusted, errors } = view
  const say = words.factors.page
  const { authenticators, recoveryCodesLeft } = state
  const isOn = authenticators.length > 0
  return html`<p class="lead">${secondFactorWords(state, securityKeys.keys.length, words, byPasskey)}</p>
${demanded !== null && demanded.until !== null && demandNotice(demanded.until, now, demanded.reason, words)}
${isOn && html`${authenticatorsSection(authenticators, words)}${securityKeysSection(securityKeys, words)}`}
${(isOn || byPasskey) && recoveryCodesSection(recoveryCodesLeft, words)}
${isOn && trusted.length > 0 && trustedSection(trusted, words)}
${section({
  id: 'add',
  title: say.add,
  body: html`<form class="form-narrow" method="post" action="/settings/authenticators" novalidate data-once>
${nameField(errors, words)}
${button({ label: say.add, kind: isOn ? 'secondary' : 'primary' })}
</form>`,
})}`
}

function authenticatorsSection(authenticators: SecondFactorState['authenticators'], words: Words): Html {
  const say = words.factors.page
  return section({
    id: 'authenticators',
    title: say.authenticators,
    intro: say.removing,
    body: rowList(
      authenticators.map(({ id, name, ...times }) =>
        row({
          title: name,
          text: timesWords(times, words),
          whole: true,
          action: html`<form method="post" action="/settings/authenticators/${id}/remove" data-once><button class="btn btn-quiet" type="submit">${say.remove}<span class="visually-hidden"> <bdi>${name}</bdi></span></button></form>`,
        }),
      ),
    ),
  })
}

function recoveryCodesSection(left: number, words: Words): Html {
  const say = words.factors.page
  return section({
    id: 'recovery-codes',
    title: say.recoveryCodes,
    intro: say.each(left),
    body: html`${left <= FEW_CODES && html`<div class="notice notice-warning"><p>${say.few(left)}</p></div>`}
<form method="post" action="/settings/recovery-codes" data-once><p class="form-text">${say.formerStop}</p>
${button({ label: say.makeNew, kind: 'secondary' })}</form>`,
  })
}

/** Only beside an authenticator: its recovery codes are the way back in when the key is lost. */
function securityKeysSection({ keys, hindrance }: SecurityKeysShown, words: Words): Html {
  const say = words.factors.keys
  const listed = keys.map((key) =>
    row({
      title: key.name,
      href: `/settings/security-keys/${key.id}`,
      mark: html`<span class="badge">${say.badge}</span>`,
      text: securityKeyWords(key, words),
      whole: true,
    }),
  )
  const label = keys.length === 0 ? say.add : say.addAnother
  const add = html`${passkeyButton({ action: 'add-key', label, keysOnly: true, wide: false })}
<p class="form-text" data-passkey-without>${say.without}</p>`
  return section({
    id: 'security-keys',
    title: say.title,
    intro: say.intro,
    body: html`${keys.length > 0 && rowList(listed)}
${hindrance === null ? add : html`<div class="notice notice-warning"><p>${hindrance}</p></div>`}`,
  })
}

function securityKeyWords({ madeFor, ...times }: SecurityKeyShown, words: Words): Html {
  const say = words.factors.keys
  return html`${madeFor !== null && html`${say.madeFor.before}<bdi>${madeFor}</bdi>${say.madeFor.after}`}${timesWords(times, words)}`
}

/** "Added 23 Nov 2026, last used 24 Nov 2026." */
function timesWords({ createdAt, lastUsedAt }: { createdAt: number; lastUsedAt: number | null }, words: Words): Html {
  const say = words.factors.keys
  const used = lastUsedAt === null ? say.notUsed : html`${say.lastUsed}${day(lastUsedAt, words)}`
  return html`${say.added}${day(createdAt, words)}${used}.`
}

export interface SecurityKeyView {
  readonly words: Words
  readonly key: SecurityKeyShown
  readonly errors: readonly FormError[]
}

/** One security key: its name, and its removal. */
export function securityKeyView({ words, key, errors }: SecurityKeyView): Html {
  const say = words.factors.keys
  return html`<p>${securityKeyWords(key, words)}</p>
${section({
  id: 'rename',
  title: say.rename,
  body: html`<form method="post" action="/settings/security-keys/${key.id}/rename" novalidate data-once>
${nameField(errors, words, { value: key.name, hint: say.nameHint })}
${button({ label: say.saveName, kind: 'secondary' })}
</form>`,
})}
${section({
  id: 'remove',
  title: say.remove,
  intro: say.removeIntro,
  body: html`<form method="post" action="/settings/security-keys/${key.id}/remove" data-once>${button({
    label: say.removeSubmit,
    kind: 'danger',
  })}</form>`,
})}
<p><a href="/settings/second-factor">${words.factors.page.title}</a></p>`
}

function demandNotice(until: number, now: number, reason: string | null, words: Words): Html {
  const say = words.factors.demanded
  return html`<div class="notice notice-warning"><p>${
    now < until ? html`${say.soon}${day(until, words)}${say.after}` : say.now
  }<a href="/settings/passkeys">${say.passkey}</a>${say.end}${reasonWords(reason, words)}</p></div>`
}

const reasonWords = (reason: string | null, { factors }: Words): Html =>
  html`${reason !== null && reason !== '' && html` <span>${factors.demanded.reason}<bdi>${reason}</bdi></span>`}`

export interface EnrolView {
  readonly words: Words
  readonly reason: string | null
  /** A passkey is offered, too. */
  readonly passkeys: boolean
  readonly errors: readonly FormError[]
}

/** Why a sign-in stops here, and the first step of the way on (M8). */
export function enrolView({ words, reason, passkeys, errors }: EnrolView): Html {
  const say = words.factors.enrol
  return formPage({
    words,
    title: say.title,
    lead: html`${say.lead} ${passkeys ? say.either : say.authenticator} ${say.waits}`,
    errors,
    before: html`${reason !== null && reason !== '' && html`<p>${reasonWords(reason, words)}</p>`}`,
    form: html`<form method="post" action="/auth/enrol" novalidate data-once>
${nameField(errors, words)}
${button({ label: say.submit, wide: true })}
</form>
${passkeys && enrolByPasskey(words)}`,
    after: html`<p class="beside"><a href="/auth/login">${say.again}</a></p>`,
  })
}

/** A form around the button: what the script has made is sent as one, so that a page with the recovery codes comes back. */
const enrolByPasskey = ({ factors, signIn }: Words): Html =>
  html`<form method="post" action="/auth/enrol/passkey" data-once>${passkeyButton({ action: 'enrol', label: factors.enrol.passkey, hint: factors.enrol.passkeyHint })}</form>
<p class="form-text" data-passkey-without>${signIn.secondFactor.passkeyWithout}</p>`

const nameField = (
  errors: readonly FormError[],
  words: Words,
  { hint, value }: { readonly hint: string; readonly value: string } = words.factors.name,
): Html =>
  field({
    words,
    name: 'name',
    label: words.factors.name.label,
    hint,
    value,
    error: errorFor(errors, 'name'),
    maxlength: 40,
    dir: 'auto',
  })

function trustedSection(trusted: readonly TrustedDeviceListed[], words: Words): Html {
  const say = words.factors.trusted
  const cutButton = (to: string, label: Html | string) =>
    html`<form method="post" action="/settings/trusted-devices/${to}" data-once><button class="btn btn-quiet" type="submit">${label}</button></form>`
  return section({
    id: 'trusted-devices',
    title: say.title,
    intro: say.intro,
    body: html`${rowList(
      trusted.map(({ id, device, address, createdAt, lastUsedAt, endsAt, current }) =>
        row({
          title: deviceWords(device, words),
          ...(current && { mark: html`<span class="badge">${say.current}</span>` }),
          text: html`<bdi>${address}</bdi>${say.since}${day(createdAt, words)}${say.lastUsed}${day(lastUsedAt, words)}${say.until}${day(endsAt, words)}`,
          whole: true,
          action: cutButton(
            `${id}/cut`,
            html`${say.stop}<span class="visually-hidden"> <bdi>${deviceWords(device, words)}</bdi>${say.stopSince}${day(createdAt, words)}</span>`,
          ),
        }),
      ),
    )}
${trusted.length > 1 && cutButton('cut-all', say.stopAll)}`,
  })
}

export interface AddAuthenticatorView {
  readonly words: Words
  readonly name: string
  readonly secret: string
  readonly uri: string
  /** Where its form goes, and the way back without it. */
  readonly action: string
  readonly back: string
  readonly errors: readonly FormError[]
}

/** QR code, secret and link of a new authenticator; it counts from its first code on (M1). */
export function addAuthenticatorView(view: AddAuthenticatorView): Html {
  const { words, name, secret, uri, action, back, errors } = view
  const say = words.factors.setUp
  return formPage({
    words,
    title: say.title,
    lead: html`${say.lead.before}<bdi>${name}</bdi>${say.lead.after}`,
    errors,
    before: html`${qrCode(uri, say.qrCode)}
<p>${say.noCamera}</p>
<p><code dir="ltr">${secret.replace(/.{4}(?=.)/g, '$& ')}</code></p>
<p><a href="${uri}">${say.openApp}</a></p>`,
    form: html`<form method="post" action="${action}" novalidate data-once>
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
${button({ label: say.submit, wide: true })}
</form>`,
    after: html`<p><a href="${back}">${say.notNow}</a></p>`,
  })
}

/** Black on white whatever the theme: cameras do not read the reverse. The key below it is its text alternative. */
function qrCode(text: string, label: string): Html {
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const dots = data.flatMap((line, y) => line.flatMap((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : [])))
  return html`<p><svg role="img" aria-label="${label}" width="${size * DOT}" height="${size * DOT}" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}h-${size}z"/><path fill="#000" d="${dots.join('')}"/></svg></p>`
}

export interface RecoveryCodesView {
  readonly words: Words
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
export function recoveryCodesView({ words, codes, username, siteName, next }: RecoveryCodesView): Html {
  const say = words.factors.codes
  const text = `${codes.join('\n')}\n`
  const file = `${say.file(siteName, username)}\n\n${text}`
  return formPage({
    words,
    title: say.title,
    lead: say.lead,
    before: html`<p class="on-paper">${say.ofWhom(siteName)}<bdi>${username}</bdi></p>
<pre id="recovery-codes" class="codes" dir="ltr" tabindex="0" aria-label="${say.list}">${text}</pre>
<p class="actions"><a class="btn btn-secondary" download="${say.fileName}" href="data:text/plain;charset=utf-8,${encodeURIComponent(file)}">${say.save}</a>
<button class="btn btn-secondary" type="button" data-copy="recovery-codes" hidden>${say.copy}</button>
<button class="btn btn-secondary" type="button" data-print hidden>${say.print}</button></p>
<p class="soft" role="status" data-copied></p>`,
    form: html`<form action="${next}">
<div class="check"><input type="checkbox" id="field-saved" required><div><label for="field-saved">${say.saved}</label></div></div>
${button({ label: say.submit, wide: true })}</form>`,
  })
}

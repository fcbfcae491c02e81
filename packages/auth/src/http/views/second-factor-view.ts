import type { Words } from '../../words/words.ts'
import { button, check, errorFor, type FormError, field, formPage, passwordField } from './forms.ts'
import { type Html, html } from './html.ts'
import { nextField, nextQuery } from './login-view.ts'
import { passkeyButton } from './passkey-button.ts'
import type { ProviderShown } from './provider-views.ts'

export interface SecondFactorView {
  readonly words: Words
  /** A local path, checked by the caller (RED-01). */
  readonly next: string
  readonly errors: readonly FormError[]
  /** For how long a browser can be trusted; 0 does not offer it. */
  readonly trustDays: number
  /** The account has a passkey, which does as well. */
  readonly passkeys: boolean
  /** The account has a security key, which does as well. */
  readonly keys: boolean
  /** Which codes do: those of an authenticator too, recovery codes beside a passkey alone, or none. */
  readonly codes: 'all' | 'recovery' | null
}

const codeField = (
  errors: readonly FormError[],
  words: Words,
  { code, hint }: { readonly code: string; readonly hint: string } = words.signIn.secondFactor,
): Html =>
  field({
    words,
    name: 'code',
    label: code,
    hint,
    error: errorFor(errors, 'code'),
    autocomplete: 'one-time-code',
    verbatim: true,
    dir: 'ltr',
    maxlength: 100,
  })

/** One field that takes both kinds of code (M4); a passkey goes before its recovery codes. */
export function secondFactorView(view: SecondFactorView): Html {
  const { words, next, errors, passkeys, keys, codes } = view
  const say = words.signIn.secondFactor
  const byCode = codes === 'all'
  return formPage({
    title: byCode ? say.title : say.passkeyTitle,
    words,
    lead: say.lead,
    errors,
    form: html`${byCode && codeForm(view)}
${(passkeys || keys) && passkeyButton({ action: 'second-factor', label: byCode ? heldWords(say, passkeys, keys) : say.passkeyTitle, kind: byCode ? 'secondary' : 'primary', keysOnly: !passkeys, next })}
${passkeys && !byCode && html`<p class="form-text" data-passkey-without>${say.passkeyWithout}</p>`}
${codes === 'recovery' && recoveryForm(view)}`,
    after: html`<p class="beside"><a href="/auth/login${nextQuery(next)}">${say.again}</a></p>`,
  })
}

interface HeldWords {
  readonly withPasskey: string
  readonly withKey: string
  readonly withEither: string
}

/** What the button takes: the browser's own window offers what is at hand of both. */
const heldWords = ({ withPasskey, withKey, withEither }: HeldWords, passkeys: boolean, keys: boolean): string =>
  passkeys && keys ? withEither : keys ? withKey : withPasskey

function codeForm({ words, next, errors, trustDays }: SecondFactorView): Html {
  const say = words.signIn.secondFactor
  return html`<form method="post" action="/auth/second-factor" novalidate data-once>
${nextField(next)}
${codeField(errors, words)}
${
  trustDays > 0 &&
  check({
    name: 'trust_device',
    label: say.trust(trustDays),
    hint: say.trustHint,
  })
}
${button({ label: say.submit, busy: say.busy, wide: true })}
</form>`
}

/** Nothing trusts a browser by a code from a sheet of paper. */
function recoveryForm({ words, next, errors }: SecondFactorView): Html {
  const say = words.signIn.secondFactor
  return html`<form method="post" action="/auth/second-factor" novalidate data-once>
${nextField(next)}
${codeField(errors, words, say.recovery)}
${button({ label: say.recovery.submit, busy: say.busy, kind: 'secondary', wide: true })}
</form>`
}

/** The same where nothing waits any more. */
export function signInExpiredView(next: string, words: Words): Html {
  const say = words.signIn.secondFactor
  return formPage({
    title: say.ended,
    words,
    lead: say.endedLead,
    form: html`<a class="btn btn-primary btn-wide" href="/auth/login${nextQuery(next)}">${say.submit}</a>`,
  })
}

export interface StepUpView {
  readonly words: Words
  readonly next: string
  /** By what: a code where there is an authenticator, else the password where there is one. */
  readonly by: 'code' | 'password' | null
  /** The account has a passkey, which does as well. */
  readonly passkeys: boolean
  /** The account has a security key, which does as well. */
  readonly keys: boolean
  readonly username: string
  /** Where an account without password and authenticator shows who it is; none otherwise. */
  readonly providers: readonly ProviderShown[]
  readonly errors: readonly FormError[]
}

/** Asks somebody signed in to show once more who it is (LOG-08). */
export function stepUpView(view: StepUpView): Html {
  const { words, next, by, passkeys, keys, providers, errors } = view
  const say = words.factors.stepUp
  return formPage({
    words,
    title: say.title,
    lead: say.lead,
    errors,
    form: html`${by !== null && stepUpForm(view)}
${(passkeys || keys) && passkeyButton({ action: 'step-up', label: heldWords(say, passkeys, keys), kind: by === null ? 'primary' : 'secondary', keysOnly: !passkeys, next })}
${by === null && passkeys && html`<p class="form-text" data-passkey-without>${words.signIn.secondFactor.passkeyWithout}</p>`}
${providers.map((provider) => providerForm(provider, next, passkeys ? 'secondary' : 'primary', words))}
${by === null && !passkeys && providers.length === 0 && signInAgain(words)}`,
    after: html`<p class="beside"><a href="/settings">${say.back}</a></p>`,
  })
}

function stepUpForm({ words, next, by, username, errors }: StepUpView): Html {
  const say = words.factors.stepUp
  return html`<form method="post" action="/settings/confirm" novalidate data-once>
<input type="hidden" name="next" value="${next}">
<input type="text" name="username" value="${username}" autocomplete="username" readonly hidden>
${
  by === 'code'
    ? codeField(errors, words)
    : passwordField({
        words,
        name: 'password',
        label: say.password,
        error: errorFor(errors, 'password'),
        autocomplete: 'current-password',
      })
}
${button({ label: say.submit, busy: say.busy, wide: true })}
</form>`
}

/** For an account that only a provider opens which cannot say when its person has shown who it is. */
const signInAgain = ({ factors }: Words): Html => html`<p>${factors.stepUp.signInAgain}</p>
<form method="post" action="/auth/logout" data-once>${button({ label: factors.stepUp.signOut, wide: true })}</form>`

function providerForm({ id, label }: ProviderShown, next: string, kind: 'primary' | 'secondary', words: Words): Html {
  const { before, after } = words.factors.stepUp.provider
  return html`<form method="post" action="/settings/providers/${id}/confirm" data-once>${nextField(next)}
<p><button class="btn btn-${kind} btn-wide" type="submit">${before}<bdi>${label}</bdi>${after}</button></p></form>`
}

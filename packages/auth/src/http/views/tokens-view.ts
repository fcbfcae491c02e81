import type { PersonalTokenListed } from '../../personal-tokens/personal-tokens.ts'
import type { Words } from '../../words/words.ts'
import { button, check, errorFor, type FormError, field, fieldId, formPage, select } from './forms.ts'
import { type Html, html } from './html.ts'
import { row, rowList, section } from './lists.ts'
import { relativeTime } from './relative-time.ts'
import { day } from './time-words.ts'

export interface TokensView {
  readonly words: Words
  readonly tokens: readonly PersonalTokenListed[]
  /** What a token may be allowed, with words for people. */
  readonly scopes: Readonly<Record<string, string>>
  readonly now: number
  readonly errors: readonly FormError[]
  /** What was typed before, after an error. */
  readonly typed: { readonly name: string; readonly days: string }
}

/** Days that a token can work for. */
const lifetimes = [7, 30, 90, 365] as const

/** Personal tokens of an account, and the form for a new one (S6). */
export function tokensView({ words, tokens, scopes, now, errors, typed }: TokensView): Html {
  const { tokens: say } = words.devices
  const scopesError = errorFor(errors, 'scopes')
  const options = lifetimes.map((days) => ({ value: String(days), label: days === 365 ? say.year : say.days(days) }))
  return html`${section({
    id: 'tokens',
    title: say.yours,
    intro: tokens.length === 0 ? say.none : say.some,
    body: tokens.length === 0 ? html`` : rowList(tokens.map((token) => tokenRow(token, { words, scopes, now }))),
  })}
<form class="form-narrow" method="post" action="/settings/tokens" novalidate data-once>
<h2>${say.make}</h2>
${field({ words, name: 'name', label: say.name, hint: say.nameHint, value: typed.name, error: errorFor(errors, 'name'), maxlength: 60, dir: 'auto' })}
${select({ name: 'days', label: say.worksFor, options, value: typed.days, error: errorFor(errors, 'days') })}
<div class="field" role="group" aria-labelledby="scopes-label" id="${fieldId('scopes')}" tabindex="-1"><p class="form-label" id="scopes-label">${say.may}</p>
${scopesError && html`<p class="field-error">${scopesError}</p>`}
${Object.entries(scopes).map(([name, label]) => check({ name: `scope-${name}`, label }))}</div>
${button({ label: say.submit, kind: tokens.length === 0 ? 'primary' : 'secondary' })}
</form>
<p class="section-end">${say.code} <a href="/auth/device">${say.letIn}</a> ${say.withoutToken}</p>`
}

function tokenRow(
  token: PersonalTokenListed,
  { words, scopes, now }: Pick<TokensView, 'words' | 'scopes' | 'now'>,
): Html {
  const { id, name, createdAt, expiresAt, lastUsedAt, lastUsedFrom } = token
  const { tokens: say } = words.devices
  const used =
    lastUsedAt === null
      ? say.never
      : html`${say.used} ${relativeTime(lastUsedAt, now, words)}${lastUsedFrom !== null && ` ${say.from} ${lastUsedFrom}`}`
  return row({
    title: name,
    whole: true,
    text: html`${used}<br>${say.made} ${day(createdAt, words)}, ${say.until} ${day(expiresAt, words)}<br>${say.allowed} ${token.scopes.map((scope) => (scopes[scope] ?? scope).replace(/^./, (first) => first.toLowerCase())).join('; ')}`,
    action: html`<form method="post" action="/settings/tokens/${id}/revoke" data-once><button class="btn btn-quiet" type="submit">${say.revoke}<span class="visually-hidden"> ${name}</span></button></form>`,
  })
}

export interface TokenMadeView {
  readonly words: Words
  readonly name: string
  readonly token: string
  readonly expiresAt: number
}

/** Shown this once: only its hash is stored. */
export function tokenMadeView({ words, name, token, expiresAt }: TokenMadeView): Html {
  const { tokens: say } = words.devices
  return formPage({
    words,
    title: say.newTitle,
    lead: html`${say.quotes.open}<bdi>${name}</bdi>${say.quotes.close} ${say.newLead} ${day(expiresAt, words)}. ${say.copyNow}`,
    before: html`<pre class="token" dir="ltr" tabindex="0" aria-label="${say.token}">${token}</pre>`,
    form: html`<p>${say.sends} <code>Authorization: Bearer …</code></p><a class="btn btn-primary btn-wide" href="/settings/tokens">${say.copied}</a>`,
  })
}

import type { PersonalTokenListed } from '../../personal-tokens/personal-tokens.ts'
import { button, check, errorFor, type FormError, field, fieldId, formPage, select } from './forms.ts'
import { type Html, html } from './html.ts'
import { row, rowList, section } from './lists.ts'
import { relativeTime } from './relative-time.ts'
import { day } from './time-words.ts'

export interface TokensView {
  readonly tokens: readonly PersonalTokenListed[]
  /** What a token may be allowed, with words for people. */
  readonly scopes: Readonly<Record<string, string>>
  readonly now: number
  readonly errors: readonly FormError[]
  /** What was typed before, after an error. */
  readonly typed: { readonly name: string; readonly days: string }
}

const lifetimes = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
] as const

/** Personal tokens of an account, and the form for a new one (S6). */
export function tokensView({ tokens, scopes, now, errors, typed }: TokensView): Html {
  const scopesError = errorFor(errors, 'scopes')
  return html`${section({
    id: 'tokens',
    title: 'Your tokens',
    intro: tokens.length === 0 ? 'You have none.' : 'Revoke what you do not use. It counts at once.',
    body: tokens.length === 0 ? html`` : rowList(tokens.map((token) => tokenRow(token, scopes, now))),
  })}
<form class="form-narrow" method="post" action="/settings/tokens" novalidate data-once>
<h2>Make a token</h2>
${field({ name: 'name', label: 'Name', hint: 'What will use it, such as “Backup at home”.', value: typed.name, error: errorFor(errors, 'name'), maxlength: 60, dir: 'auto' })}
${select({ name: 'days', label: 'Works for', options: lifetimes, value: typed.days, error: errorFor(errors, 'days') })}
<div class="field" role="group" aria-labelledby="scopes-label" id="${fieldId('scopes')}" tabindex="-1"><p class="form-label" id="scopes-label">It may</p>
${scopesError && html`<p class="field-error">${scopesError}</p>`}
${Object.entries(scopes).map(([name, label]) => check({ name: `scope-${name}`, label }))}</div>
${button({ label: 'Make the token', kind: tokens.length === 0 ? 'primary' : 'secondary' })}
</form>
<p class="section-end">A program shows you a code? <a href="/auth/device">Let it in</a> without a token.</p>`
}

function tokenRow(token: PersonalTokenListed, scopes: TokensView['scopes'], now: number): Html {
  const { id, name, createdAt, expiresAt, lastUsedAt, lastUsedFrom } = token
  const used =
    lastUsedAt === null
      ? 'Never used'
      : html`Last used ${relativeTime(lastUsedAt, now)}${lastUsedFrom !== null && ` from ${lastUsedFrom}`}`
  return row({
    title: name,
    whole: true,
    text: html`${used}<br>Made on ${day(createdAt)}, works until ${day(expiresAt)}<br>May ${token.scopes.map((scope) => (scopes[scope] ?? scope).replace(/^./, (first) => first.toLowerCase())).join('; ')}`,
    action: html`<form method="post" action="/settings/tokens/${id}/revoke" data-once><button class="btn btn-quiet" type="submit">Revoke<span class="visually-hidden"> ${name}</span></button></form>`,
  })
}

/** Shown this once: only its hash is stored. */
export function tokenMadeView({ name, token, expiresAt }: { name: string; token: string; expiresAt: number }): Html {
  return formPage({
    title: 'Your new token',
    lead: html`“<bdi>${name}</bdi>” works until ${day(expiresAt)}. Copy the token now: it is shown this once.`,
    before: html`<pre class="token" dir="ltr" tabindex="0" aria-label="Token">${token}</pre>`,
    form: html`<p>A program sends it as <code>Authorization: Bearer …</code></p><a class="btn btn-primary btn-wide" href="/settings/tokens">I have copied it</a>`,
  })
}

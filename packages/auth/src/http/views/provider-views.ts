import type { IdentityListed } from '../../providers/providers.ts'
import { english, type Words } from '../../words/words.ts'
import { button, errorFor, type FormError, field, formPage, honeypot } from './forms.ts'
import { type Html, html } from './html.ts'
import { row, rowList, section } from './lists.ts'
import { day } from './time-words.ts'

/** A provider on a button. */
export interface ProviderShown {
  readonly id: string
  readonly label: string
}

/**
 * Buttons below a form: they send it to the provider's address, so that "stay signed in" and the page that was asked for go
 * along. What else was typed is not read there.
 */
export function providerButtons(
  providers: readonly ProviderShown[],
  form: string,
  words: Words = english,
): Html | null {
  const say = words.signIn.providers
  if (providers.length === 0) return null
  return html`<div class="providers" role="group" aria-label="${say.group}"><p class="providers-or"><span>${say.or}</span></p>
${providers.map(
  ({ id, label }) =>
    html`<button class="btn btn-secondary btn-wide" type="submit" form="${form}" formaction="/auth/providers/${id}" formnovalidate>${say.before}<bdi>${label}</bdi>${say.after}</button>`,
)}</div>`
}

/** On the way to a provider: the answer itself leads on, this is what a slow one shows. */
export function goingView({ label, url }: { label: string; url: string }): Html {
  return formPage({
    title: `Going to ${label}`,
    lead: html`<bdi>${label}</bdi> asks who you are, and then sends you back here.`,
    form: html`<a class="btn btn-primary btn-wide" href="${url}" rel="noreferrer">Go on to <bdi>${label}</bdi></a>`,
    after: html`<p><a href="/auth/login">Back to the sign-in</a></p>`,
  })
}

export interface WelcomeView {
  readonly label: string
  /** What the person is called there. */
  readonly name: string
  /** The verified address that the account gets, or null. */
  readonly email: string | null
  readonly username: string
  readonly errors: readonly FormError[]
  readonly ownFields?: Html
}

/** Somebody whom no account here is linked to chooses a name for a new one. */
export function welcomeView({ label, name, email, username, errors, ownFields }: WelcomeView): Html {
  return formPage({
    title: 'Choose a name',
    lead: html`You are signed in at <bdi>${label}</bdi> as <bdi>${name}</bdi>. No account here is linked to that one yet.`,
    errors,
    form: html`<form method="post" action="/auth/welcome" novalidate data-once>
${field({
  name: 'username',
  label: 'User name',
  hint: '3 to 32 letters, figures, dots, hyphens or underscores.',
  value: username,
  error: errorFor(errors, 'username'),
  autocomplete: 'username',
  verbatim: true,
})}
${email !== null && html`<p class="form-text">Your account gets the address <bdi>${email}</bdi>.</p>`}
${ownFields}
${honeypot()}
${button({ label: 'Create account', busy: 'Creating your account…', wide: true })}
</form>`,
    after: html`<p>Have an account here already? <a href="/auth/login?next=%2Fsettings%2Fproviders">Sign in to it</a>, then link <bdi>${label}</bdi> in your settings.</p>`,
  })
}

/** The same where nobody waits any more. */
export function welcomeExpiredView(): Html {
  return formPage({
    title: 'This sign-in has ended',
    lead: 'It took too long, or was finished already. Sign in again.',
    form: html`<a class="btn btn-primary btn-wide" href="/auth/login">Sign in</a>`,
  })
}

export interface ProvidersView {
  readonly identities: readonly IdentityListed[]
  /** Those that could be linked. */
  readonly providers: readonly ProviderShown[]
}

/** The accounts elsewhere that open this one, and those that could. */
export function providersView({ identities, providers }: ProvidersView): Html {
  return html`${section({
    id: 'linked',
    title: 'Linked accounts',
    ...(identities.length > 0 && { intro: 'Unlinking one signs out every other device.' }),
    body:
      identities.length === 0
        ? html`<p>None. Only what you have set up here signs you in.</p>`
        : rowList(identities.map(identityRow)),
  })}
${
  providers.length > 0 &&
  section({
    id: 'link',
    title: 'Link another account',
    intro: 'Whoever is signed in there can then open your account here. A code is still asked for where you use one.',
    body: html`${providers.map(
      ({ id, label }) =>
        html`<form method="post" action="/settings/providers/${id}/link" data-once><p><button class="btn btn-secondary" type="submit">Link <bdi>${label}</bdi></button></p></form>`,
    )}`,
  })
}`
}

function identityRow({ id, label, name, createdAt, lastUsedAt, opens }: IdentityListed): Html {
  const used = lastUsedAt === null ? html`not used yet` : html`last used ${day(lastUsedAt)}`
  return row({
    title: label,
    text: html`<bdi>${name}</bdi>, linked ${day(createdAt)}, ${used}.${!opens && ' This server does not offer it any more: it opens nothing.'}`,
    whole: true,
    action: html`<form method="post" action="/settings/providers/${id}/unlink" data-once><button class="btn btn-quiet" type="submit">Unlink<span class="visually-hidden"> ${label}, ${name}</span></button></form>`,
  })
}

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

export interface GoingView {
  readonly words: Words
  readonly label: string
  readonly url: string
}

/** On the way to a provider: the answer itself leads on, this is what a slow one shows. */
export function goingView({ words, label, url }: GoingView): Html {
  const { providers: say } = words
  return formPage({
    words,
    title: say.going(label),
    lead: html`<bdi>${label}</bdi>${say.goingLead}`,
    form: html`<a class="btn btn-primary btn-wide" href="${url}" rel="noreferrer">${say.goOn}<bdi>${label}</bdi></a>`,
    after: html`<p><a href="/auth/login">${say.back}</a></p>`,
  })
}

export interface WelcomeView {
  readonly words: Words
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
export function welcomeView({ words, label, name, email, username, errors, ownFields }: WelcomeView): Html {
  const { welcome: say } = words.providers
  const { before, as, after } = say.lead
  return formPage({
    words,
    title: say.title,
    lead: html`${before}<bdi>${label}</bdi>${as}<bdi>${name}</bdi>${after}`,
    errors,
    form: html`<form method="post" action="/auth/welcome" novalidate data-once>
${field({
  words,
  name: 'username',
  label: say.name,
  hint: say.nameHint,
  value: username,
  error: errorFor(errors, 'username'),
  autocomplete: 'username',
  verbatim: true,
})}
${email !== null && html`<p class="form-text">${say.address.before}<bdi>${email}</bdi>${say.address.after}</p>`}
${ownFields}
${honeypot('website', words)}
${button({ label: say.submit, busy: say.busy, wide: true })}
</form>`,
    after: html`<p>${say.have.before} <a href="/auth/login?next=%2Fsettings%2Fproviders">${say.have.link}</a>${say.have.service}<bdi>${label}</bdi>${say.have.after}</p>`,
  })
}

/** The same where nobody waits any more. */
export function welcomeExpiredView(words: Words): Html {
  const { welcome: say } = words.providers
  return formPage({
    words,
    title: say.ended,
    lead: say.endedLead,
    form: html`<a class="btn btn-primary btn-wide" href="/auth/login">${say.signIn}</a>`,
  })
}

export interface ProvidersView {
  readonly words: Words
  readonly identities: readonly IdentityListed[]
  /** Those that could be linked. */
  readonly providers: readonly ProviderShown[]
}

/** The accounts elsewhere that open this one, and those that could. */
export function providersView({ words, identities, providers }: ProvidersView): Html {
  const { page: say } = words.providers
  return html`${section({
    id: 'linked',
    title: say.linked,
    ...(identities.length > 0 && { intro: say.linkedIntro }),
    body:
      identities.length === 0
        ? html`<p>${say.none}</p>`
        : rowList(identities.map((identity) => identityRow(identity, words))),
  })}
${
  providers.length > 0 &&
  section({
    id: 'link',
    title: say.linkAnother,
    intro: say.linkIntro,
    body: html`${providers.map(
      ({ id, label }) =>
        html`<form method="post" action="/settings/providers/${id}/link" data-once><p><button class="btn btn-secondary" type="submit">${say.link}<bdi>${label}</bdi>${say.linkAfter}</button></p></form>`,
    )}`,
  })
}`
}

function identityRow({ id, label, name, createdAt, lastUsedAt, opens }: IdentityListed, words: Words): Html {
  const { page: say } = words.providers
  const used = lastUsedAt === null ? say.notUsed : html`${say.lastUsed}${day(lastUsedAt, words)}`
  return row({
    title: label,
    text: html`<bdi>${name}</bdi>${say.since}${day(createdAt, words)}${used}.${!opens && say.closed}`,
    whole: true,
    action: html`<form method="post" action="/settings/providers/${id}/unlink" data-once><button class="btn btn-quiet" type="submit">${say.unlink}<span class="visually-hidden"> ${label}, ${name}</span></button></form>`,
  })
}

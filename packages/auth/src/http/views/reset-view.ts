import { button, errorFor, type FormError, field, formPage } from './forms.ts'
import { type Html, html } from './html.ts'
import { newPasswordField } from './register-view.ts'

export interface ResetView {
  /** The secret of the link: carried in the form, spent by POST only (F1). */
  readonly token: string
  readonly username: string
  readonly passwordMinLength: number
  /** Passkeys and linked services go with it. */
  readonly takesWays?: boolean
  readonly errors?: readonly FormError[]
}

/** Choose a new password with a one-time link. The name is there so that the right entry is updated (F5). */
export function resetView(view: ResetView): Html {
  const errors = view.errors ?? []
  return formPage({
    title: 'Set a new password',
    lead: `You are signed out everywhere else after this.${view.takesWays ? ' Passkeys and linked services are removed: they were added before anybody had confirmed this e-mail address.' : ''}`,
    errors,
    form: html`<form method="post" action="/auth/reset" novalidate data-once>
<input type="hidden" name="token" value="${view.token}">
${field({
  name: 'username',
  label: 'User name',
  value: view.username,
  autocomplete: 'username',
  readonly: true,
  required: false,
  verbatim: true,
  dir: 'auto',
})}
${newPasswordField({
  name: 'new_password',
  label: 'New password',
  minLength: view.passwordMinLength,
  error: errorFor(errors, 'new_password'),
})}
${button({ label: 'Set password', busy: 'Setting your password…', wide: true })}
</form>`,
  })
}

/**
 * A link that has been used, has expired, or never was one. `token` of one that was: a new one goes to the same account, and
 * nobody has to type its address again, nor learns it from an old link (F6).
 */
export function linkInvalidView({ token }: { readonly token?: string } = {}): Html {
  const title = 'This link does not work any more'
  if (token === undefined) {
    return formPage({
      title,
      lead: 'It has been used or has expired. Ask for a new one, or try your password again.',
      form: html`<a class="btn btn-primary btn-wide" href="/auth/login">Sign in</a>`,
      after: html`<p><a href="/auth/forgot">How to get a new link</a></p>`,
    })
  }
  return formPage({
    title,
    lead: 'It has been used or has expired. We can send a new one to the same account.',
    form: html`<form method="post" action="/auth/forgot" novalidate data-once>
<input type="hidden" name="token" value="${token}">
${button({ label: 'Send a new link', busy: 'Asking…', wide: true })}
</form>`,
    after: html`<p><a href="/auth/login">Sign in</a></p>`,
  })
}

import { formPage } from './forms.ts'
import { type Html, html } from './html.ts'

/** One thing that a person can do who has lost the password. */
export interface RecoveryWay {
  readonly title: string
  readonly text: string
  /** What the operator types on the server, shown to be copied. */
  readonly command?: string
  readonly link?: { readonly href: string; readonly label: string }
}

export interface ForgotView {
  /** Exactly the ways that this server has (F2, F3). */
  readonly ways: readonly RecoveryWay[]
}

/** "Forgot password?": says what this server can do, and never that something was sent which was not. */
export function forgotView({ ways }: ForgotView): Html {
  return formPage({
    title: 'Forgot your password?',
    lead:
      ways.length === 0
        ? 'This server has no way to set a new password by itself. Ask the person who runs it.'
        : 'Nobody can read your old password, not even this server. You can set a new one:',
    form:
      ways.length === 0
        ? null
        : html`<ol class="ways">${ways.map(
            (way) =>
              html`<li><h2>${way.title}</h2><p>${way.text}</p>${
                way.command !== undefined &&
                html`<pre class="command" tabindex="0" aria-label="Command"><code>${way.command}</code></pre>`
              }${way.link !== undefined && html`<p><a href="${way.link.href}">${way.link.label}</a></p>`}</li>`,
          )}</ol>`,
    after: html`<p><a href="/auth/login">Back to sign-in</a></p>`,
  })
}

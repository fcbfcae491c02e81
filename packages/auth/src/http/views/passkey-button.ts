import { attributes, type Html, html } from './html.ts'

export interface PasskeyButton {
  /** What `passkeys.js` is to do. */
  readonly action: 'sign-in' | 'second-factor' | 'step-up' | 'sign-up' | 'enrol' | 'add' | 'add-key'
  readonly label: string
  /** A sentence below the button. */
  readonly hint?: string
  readonly kind?: 'primary' | 'secondary'
  /** A local path to go on to. */
  readonly next?: string | undefined
  /** It is for security keys alone, and says so when it fails. */
  readonly keysOnly?: boolean
  /** As wide as a form. */
  readonly wide?: boolean
}

/**
 * A button that `passkeys.js` shows where the browser has passkeys: only scripts reach them. What goes wrong is said below
 * it.
 */
export function passkeyButton({
  action,
  label,
  hint,
  kind = 'secondary',
  next,
  keysOnly = false,
  wide = true,
}: PasskeyButton): Html {
  const place = attributes({
    'data-passkey': action,
    'data-passkey-keys': keysOnly ? '' : null,
    'data-next': next === '/' ? null : next,
  })
  return html`<div class="passkey"${place} hidden>
<button class="btn btn-${kind}${wide && ' btn-wide'}" type="button">${label}</button>
${hint !== undefined && html`<p class="form-text">${hint}</p>`}
<p class="passkey-said" role="status"></p>
</div>`
}

import { button, errorFor, type FormError, field } from './forms.ts'
import { attributes, type Html, html } from './html.ts'
import { row, rowList, section } from './lists.ts'
import { passkeyButton } from './passkey-button.ts'
import { day } from './time-words.ts'

/** A passkey as its owner sees it. */
export interface PasskeyShown {
  readonly id: string
  readonly name: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly lastUsedAt: number | null
  readonly synced: boolean
  /** It was used in this very browser. */
  readonly usedHere: boolean
  /** Another host name, where it was made for one and does not work here. */
  readonly madeFor: string | null
}

/** What browsers are told, so that they forget passkeys that were removed and know the person's name (P2). */
export interface PasskeyAccount {
  readonly rpId: string
  readonly handle: string
  readonly username: string
  readonly displayName: string
  readonly credentialIds: readonly string[]
}

export interface PasskeysView {
  readonly passkeys: readonly PasskeyShown[]
  /** Why this server can have none, in a sentence, or null. */
  readonly hindrance: string | null
  readonly account: PasskeyAccount | null
}

/** The list of an account's passkeys (P1, P3). */
export function passkeysView({ passkeys, hindrance, account }: PasskeysView): Html {
  return html`${
    account !== null &&
    html`<div${attributes({
      'data-passkey-account': JSON.stringify({
        rpId: account.rpId,
        userId: account.handle,
        name: account.username,
        displayName: account.displayName,
        allAcceptedCredentialIds: account.credentialIds,
      }),
    })}></div>`
  }
${
  passkeys.length > 0 &&
  rowList(
    passkeys.map((passkey) =>
      row({ title: passkey.name, href: `/settings/passkeys/${passkey.id}`, text: passkeyWords(passkey), whole: true }),
    ),
  )
}
${hindrance === null ? adding(passkeys.length === 0) : html`<div class="notice notice-warning"><p>${hindrance}</p></div>`}`
}

const adding = (isFirst: boolean): Html => html`${passkeyButton({
  action: 'add',
  label: isFirst ? 'Add a passkey' : 'Add another passkey',
  kind: isFirst ? 'primary' : 'secondary',
  wide: false,
})}
<p class="form-text" data-passkey-without>Adding one needs scripts and a browser that knows passkeys.</p>`

/** "Synced to your devices. Added 2026-11-23, used 2026-11-23 on this device." */
function passkeyWords({ synced, createdAt, lastUsedAt, usedHere, madeFor }: PasskeyShown): Html {
  return html`${madeFor !== null && html`Works under ${madeFor} only. `}${
    synced ? 'Synced to your devices.' : 'On one device only.'
  } Added ${day(createdAt)}, ${lastUsedAt === null ? 'not used yet' : html`last used ${day(lastUsedAt)}`}${
    usedHere && (lastUsedAt === null ? ', made on this device' : ' on this device')
  }.`
}

/** One passkey: its name, and its removal (P2). */
export function passkeyView({ passkey, errors }: { passkey: PasskeyShown; errors: readonly FormError[] }): Html {
  return html`<p>${passkeyWords(passkey)}</p>
${section({
  id: 'rename',
  title: 'Rename it',
  body: html`<form method="post" action="/settings/passkeys/${passkey.id}/rename" novalidate data-once>
${field({
  name: 'name',
  label: 'Name',
  hint: 'What you will know it by.',
  value: passkey.name,
  error: errorFor(errors, 'name'),
  maxlength: 40,
  dir: 'auto',
})}
${button({ label: 'Save name', kind: 'secondary' })}
</form>`,
})}
${section({
  id: 'remove',
  title: 'Remove it',
  intro:
    'It stops signing you in, and every other device is signed out. Your browser or password manager may go on to list it.',
  body: html`<form method="post" action="/settings/passkeys/${passkey.id}/remove" data-once>${button({
    label: 'Remove passkey',
    kind: 'danger',
  })}</form>`,
})}
<p><a href="/settings/passkeys">All passkeys</a></p>`
}

import type { Words } from '../../words/words.ts'
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
  readonly words: Words
  readonly passkeys: readonly PasskeyShown[]
  /** Why this server can have none, in a sentence, or null. */
  readonly hindrance: string | null
  readonly account: PasskeyAccount | null
}

/** The list of an account's passkeys (P1, P3). */
export function passkeysView({ words, passkeys, hindrance, account }: PasskeysView): Html {
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
      row({
        title: passkey.name,
        href: `/settings/passkeys/${passkey.id}`,
        text: passkeyWords(passkey, words),
        whole: true,
      }),
    ),
  )
}
${hindrance === null ? adding(passkeys.length === 0, words) : html`<div class="notice notice-warning"><p>${hindrance}</p></div>`}`
}

const adding = (isFirst: boolean, { passkeys: say }: Words): Html => html`${passkeyButton({
  action: 'add',
  label: isFirst ? say.add : say.addAnother,
  kind: isFirst ? 'primary' : 'secondary',
  wide: false,
})}
<p class="form-text" data-passkey-without>${say.without}</p>`

/** "Synced to your devices. Added 2026-11-23, last used 2026-11-23 on this device." */
function passkeyWords({ synced, createdAt, lastUsedAt, usedHere, madeFor }: PasskeyShown, words: Words): Html {
  const { passkeys: say } = words
  const elsewhere = madeFor !== null && html`${say.madeFor.before}<bdi>${madeFor}</bdi>${say.madeFor.after}`
  const used = lastUsedAt === null ? say.notUsed : html`${say.lastUsed} ${day(lastUsedAt, words)}`
  const here = usedHere && (lastUsedAt === null ? say.madeHere : say.usedHere)
  return html`${elsewhere}${synced ? say.synced : say.bound} ${say.added} ${day(createdAt, words)}${used}${here}.`
}

export interface PasskeyView {
  readonly words: Words
  readonly passkey: PasskeyShown
  readonly errors: readonly FormError[]
}

/** One passkey: its name, and its removal (P2). */
export function passkeyView({ words, passkey, errors }: PasskeyView): Html {
  const { passkeys: say } = words
  return html`<p>${passkeyWords(passkey, words)}</p>
${section({
  id: 'rename',
  title: say.rename,
  body: html`<form method="post" action="/settings/passkeys/${passkey.id}/rename" novalidate data-once>
${field({
  words,
  name: 'name',
  label: say.name,
  hint: say.nameHint,
  value: passkey.name,
  error: errorFor(errors, 'name'),
  maxlength: 40,
  dir: 'auto',
})}
${button({ label: say.saveName, kind: 'secondary' })}
</form>`,
})}
${section({
  id: 'remove',
  title: say.remove,
  intro: say.removeIntro,
  body: html`<form method="post" action="/settings/passkeys/${passkey.id}/remove" data-once>${button({
    label: say.removeSubmit,
    kind: 'danger',
  })}</form>`,
})}
<p><a href="/settings/passkeys">${say.all}</a></p>`
}

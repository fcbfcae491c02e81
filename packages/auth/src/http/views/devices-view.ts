import type { AccountEvent } from '../../audit/audit.ts'
import type { DeviceListed } from '../../sign-in/devices.ts'
import { deviceWords } from '../../words/device-words.ts'
import type { Words } from '../../words/words.ts'
import { eventWords } from './event-words.ts'
import { button, type FormError, fieldId } from './forms.ts'
import { type Html, html } from './html.ts'
import { row, rowList, section } from './lists.ts'
import { relativeTime } from './relative-time.ts'
import { methodWords } from './sign-in-words.ts'
import { day } from './time-words.ts'

export interface DevicesView {
  readonly words: Words
  readonly devices: readonly DeviceListed[]
  readonly signIns: readonly AccountEvent[]
  /** About where addresses are; empty where the host looks none up. */
  readonly places: ReadonlyMap<string, string>
  /** Tokens that the person has made for programs: they outlast the sign-out of the others. */
  readonly personalTokens: number
  readonly now: number
  /** The device whose name was refused, and why. */
  readonly wrong?: { readonly id: string; readonly name: string; readonly errors: readonly FormError[] } | undefined
}

/** Every signed-in device, and the recent sign-ins (S1 to S5). */
export function devicesView(view: DevicesView): Html {
  const { words, devices, signIns, personalTokens, wrong } = view
  const { page } = words.devices
  const others = devices.filter((device) => !device.current).length
  return html`${section({
    id: 'devices',
    title: page.now,
    intro: others === 0 ? page.only : page.others,
    body: html`${rowList(devices.map((device) => deviceRow(device, view, wrong?.id === device.id ? wrong : undefined)))}
${
  others > 0 &&
  html`<form class="section-end" method="post" action="/settings/sessions/end-others" data-once>${button({
    label: page.endOthers(others),
    kind: 'danger',
    busy: page.ending,
  })}</form>`
}
${
  personalTokens > 0 &&
  html`<p class="section-end">${page.tokensStay(personalTokens)}<a href="/settings/access">${page.seeAll}</a>.</p>`
}`,
  })}
${section({
  id: 'sign-ins',
  title: page.signIns,
  intro: html`${page.notYou}<a href="/settings/security#password">${page.changePassword}</a>${page.notYouEnd}`,
  action: html`<a href="/settings/activity">${page.allActivity}</a>`,
  body: rowList(signIns.map((event) => signInRow(event, view))),
})}`
}

/** A sign-in, or one that did not come about. */
export function signInRow(
  event: AccountEvent,
  { words, places, now }: Pick<DevicesView, 'words' | 'places' | 'now'>,
): Html {
  const { row: say } = words.devices
  const { result, at, device, address } = event
  const failed = result !== 'ok' && html`<strong>${result === 'limited' ? say.turnedAway : say.failed}</strong>, `
  return row({
    title: eventWords(event, words),
    whole: true,
    text: html`${failed}${relativeTime(at, now, words)}, ${deviceWords(device, words)}, ${say.from} ${address}${placeWords(places.get(address), words)}`,
  })
}

/** A guess, and said as one. */
const placeWords = (place: string | undefined, { devices }: Words): Html | false =>
  place !== undefined && html` (${devices.row.about} <bdi>${place}</bdi>)`

function deviceRow(listed: DeviceListed, { words, places, now }: DevicesView, wrong: DevicesView['wrong']): Html {
  const { id, name, device, address, current, createdAt, lastSeenAt, method, trustedUntil, isNew, shared } = listed
  const { row: say } = words.devices
  const known = deviceWords(device, words)
  const title = name ?? known
  const marks = html`${current && html`<span class="badge badge-done">${say.thisDevice}</span>`}${isNew && html`<span class="badge badge-warning">${say.isNew}</span>`}${trustedUntil !== null && html`<span class="badge">${say.trusted}</span>`}`
  const own = name !== null && html`${known}${listed.kind === 'tokens' && `, ${say.program}`}<br>`
  const active = current ? say.activeNow : html`${say.lastActive} ${relativeTime(lastSeenAt, now, words)}`
  const trusted =
    trustedUntil !== null &&
    html`<br>${say.trustedUntil} ${day(trustedUntil, words)}: <a href="/settings/second-factor#trusted-devices">${say.trustedDevices}</a>`
  return row({
    title,
    whole: true,
    mark: marks,
    text: html`${own}${active}, ${say.from} ${address}${placeWords(places.get(address), words)}<br>${say.firstSeen} ${relativeTime(createdAt, now, words)}, ${say.signedIn} ${methodWords(method, words)}${shared && html`<br>${say.shared}`}${trusted}`,
    below: nameForm({ id, title, name: wrong?.name ?? name, errors: wrong?.errors ?? [] }, words),
    ...(!current && {
      action: html`<form method="post" action="/settings/sessions/${id}/end" data-once><button class="btn btn-quiet" type="submit">${say.signOut}<span class="visually-hidden"> ${title}</span></button></form>`,
    }),
  })
}

interface Named {
  readonly id: string
  readonly title: string
  readonly name: string | null
  readonly errors: readonly FormError[]
}

/** Behind one word: nobody names a device often. */
function nameForm({ id, title, name, errors }: Named, { devices: { row: say } }: Words): Html {
  const [error] = errors
  const field = fieldId(`name-${id}`)
  return html`<details${errors.length > 0 && html` open`}><summary>${say.nameIt}<span class="visually-hidden">: ${title}</span></summary>
<form method="post" action="/settings/sessions/${id}/name" novalidate data-once>
<label class="form-label" for="${field}">${say.name}</label>
${error && html`<p class="field-error" id="${field}-error">${error.message}</p>`}
<div class="search"><input class="form-control" id="${field}" name="name" value="${name ?? ''}" maxlength="40" dir="auto" autocomplete="off"${error && html` aria-invalid="true" aria-describedby="${field}-error"`}>${button({ label: say.save, kind: 'secondary' })}</div>
</form></details>`
}

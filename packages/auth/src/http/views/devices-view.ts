import type { AccountEvent } from '../../audit/audit.ts'
import type { DeviceListed } from '../../sign-in/devices.ts'
import { eventWords } from './event-words.ts'
import { button, type FormError, fieldId } from './forms.ts'
import { type Html, html, plural } from './html.ts'
import { row, rowList, section } from './lists.ts'
import { relativeTime } from './relative-time.ts'
import { methodWords } from './sign-in-words.ts'
import { day } from './time-words.ts'

export interface DevicesView {
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

/** Every signed-in device, and the sign-ins of late (S1 to S5). */
export function devicesView({ devices, signIns, places, personalTokens, now, wrong }: DevicesView): Html {
  const others = devices.filter((device) => !device.current).length
  return html`${section({
    id: 'devices',
    title: 'Signed in now',
    intro:
      others === 0
        ? 'This is your only signed-in device.'
        : 'Sign out whatever you do not know. It counts within a second, also in pages that are open there.',
    body: html`${rowList(devices.map((device) => deviceRow(device, places, now, wrong?.id === device.id ? wrong : undefined)))}
${
  others > 0 &&
  html`<form class="section-end" method="post" action="/settings/sessions/end-others" data-once>${button({
    label: `Sign out ${plural(others, 'other device', 'other devices')}`,
    kind: 'danger',
    busy: 'Signing out…',
  })}</form>`
}
${
  personalTokens > 0 &&
  html`<p class="section-end">${plural(personalTokens, 'token for programs is no device and stays', 'tokens for programs are no devices and stay')}: <a href="/settings/access">see all that is open, and shut it</a>.</p>`
}`,
  })}
${section({
  id: 'sign-ins',
  title: 'Sign-ins of late',
  intro: html`If one was not you, <a href="/settings/security#password">change your password</a>: that signs out everybody else.`,
  action: html`<a href="/settings/activity">All activity</a>`,
  body: rowList(signIns.map((event) => signInRow(event, now, places))),
})}`
}

/** A sign-in, or one that did not come about. */
export const signInRow = (event: AccountEvent, now: number, places: DevicesView['places'] = new Map()): Html =>
  row({
    title: eventWords(event),
    whole: true,
    text: html`${event.result !== 'ok' && html`<strong>${event.result === 'limited' ? 'Turned away' : 'Failed'}</strong>, `}${relativeTime(event.at, now)}, ${event.device}, from ${event.address}${placeWords(places.get(event.address))}`,
  })

/** A guess, and said as one. */
const placeWords = (place: string | undefined): Html | false =>
  place !== undefined && html` (about: <bdi>${place}</bdi>)`

function deviceRow(
  device: DeviceListed,
  places: DevicesView['places'],
  now: number,
  wrong: DevicesView['wrong'],
): Html {
  const { id, name, current, createdAt, lastSeenAt, method, trustedUntil, isNew, shared } = device
  const title = name ?? device.device
  return row({
    title,
    whole: true,
    mark: html`${current && html`<span class="badge badge-done">This device</span>`}${isNew && html`<span class="badge badge-warning">New</span>`}${trustedUntil !== null && html`<span class="badge">Trusted</span>`}`,
    text: html`${name !== null && html`${device.device}${device.kind === 'tokens' && ', a program'}<br>`}${current ? 'Active now' : html`Last active ${relativeTime(lastSeenAt, now)}`}, from ${device.address}${placeWords(places.get(device.address))}<br>First seen ${relativeTime(createdAt, now)}, signed in ${methodWords(method)}${shared && html`<br>A shared computer: it signs itself out soon`}${trustedUntil !== null && html`<br>Asked for no second step until ${day(trustedUntil)}: <a href="/settings/second-factor#trusted-devices">trusted devices</a>`}`,
    below: nameForm(id, title, wrong?.name ?? name, wrong?.errors),
    ...(!current && {
      action: html`<form method="post" action="/settings/sessions/${id}/end" data-once><button class="btn btn-quiet" type="submit">Sign out<span class="visually-hidden"> ${title}</span></button></form>`,
    }),
  })
}

/** Behind one word: nobody names a device often. */
function nameForm(id: string, title: string, name: string | null, errors: readonly FormError[] = []): Html {
  const [error] = errors
  const field = fieldId(`name-${id}`)
  return html`<details${errors.length > 0 && html` open`}><summary>Name it<span class="visually-hidden">: ${title}</span></summary>
<form method="post" action="/settings/sessions/${id}/name" novalidate data-once>
<label class="form-label" for="${field}">Name of the device</label>
${error && html`<p class="field-error" id="${field}-error">${error.message}</p>`}
<div class="search"><input class="form-control" id="${field}" name="name" value="${name ?? ''}" maxlength="40" dir="auto" autocomplete="off"${error && html` aria-invalid="true" aria-describedby="${field}-error"`}>${button({ label: 'Save', kind: 'secondary' })}</div>
</form></details>`
}

import type { AccountEvent } from '../../audit/audit.ts'
import type { DeviceListed } from '../../sign-in/sign-out.ts'
import type { PageView } from '../exchange.ts'
import { eventWords } from '../views/event-words.ts'
import { button, errorFor, field } from '../views/forms.ts'
import { type Html, html, plural } from '../views/html.ts'
import { settingsFrame } from '../views/settings-frame.ts'
import { moment } from '../views/time-words.ts'
import type { ActivityData, SettingsData } from './page-settings.ts'

/** The library's own settings page; the host app may draw its own. */
export function defaultSettingsView({ user, errors, devices, events, notice }: SettingsData): PageView {
  const others = devices.filter((device) => !device.current).length
  return settingsFrame({
    active: '/settings',
    title: 'Settings',
    errors,
    notice,
    content: html`<form method="post" action="/settings/profile" novalidate data-once>
<h2>Profile</h2>
<p>Signed in as <strong dir="auto">${user.username}</strong>${user.email !== null && `, ${user.email}`}.</p>
${field({ name: 'display_name', label: 'Name', value: user.displayName, error: errorFor(errors, 'display_name'), autocomplete: 'nickname', required: false, dir: 'auto' })}
${button({ label: 'Save profile' })}
</form>
<section>
<h2>Signed-in devices</h2>
<ul>${devices.map((device) => deviceItem(device))}</ul>
${
  others > 0 &&
  html`<form method="post" action="/settings/sessions/end-others">${button({
    label: `Sign out ${plural(others, 'other device', 'other devices')}`,
    kind: 'danger',
  })}</form>`
}
</section>
<section>
<h2>Recent activity</h2>
${eventList(events)}
<p><a href="/settings/activity">All activity</a></p>
</section>`,
  })
}

function deviceItem(device: DeviceListed): Html {
  if (device.current) return html`<li><p>${device.device}, ${device.address} (this device)</p></li>`
  return html`<li><form method="post" action="/settings/sessions/${device.id}/end">
<p>${device.device}, ${device.address}, last used ${moment(device.lastSeenAt)}
<button class="btn btn-quiet" type="submit">Sign out<span class="visually-hidden"> ${device.device}</span></button></p></form></li>`
}

/** The library's own page of what happened to the account. */
export function defaultActivityView({ events, olderHref, isOlder }: ActivityData): PageView {
  return settingsFrame({
    active: '/settings/activity',
    title: 'Activity',
    lead: html`What happened to your account in the last 90 days. Was something not you? <a href="/settings/security#password">Change your password.</a>`,
    content: html`${events.length === 0 ? html`<p>There is nothing older.</p>` : eventList(events)}
<p>${isOlder && html`<a href="/settings/activity">The newest</a> `}${olderHref !== null && html`<a href="${olderHref}">Older</a>`}</p>`,
  })
}

const eventList = (events: readonly AccountEvent[]): Html =>
  html`<ul>${events.map((event) => html`<li>${eventWords(event)}, ${moment(event.at)}, ${event.device}, ${event.address}</li>`)}</ul>`

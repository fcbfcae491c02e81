import type { AccountEvent } from '../../audit/audit.ts'
import { isoTime } from '../../lib/clock.ts'
import type { DeviceListed } from '../../sign-in/sign-out.ts'
import type { PageView } from '../exchange.ts'
import { eventWords } from '../views/event-words.ts'
import { secondFactorWords } from '../views/factor-views.ts'
import { button, errorFor, errorSummary, field, passwordField } from '../views/forms.ts'
import { type Html, html, plural } from '../views/html.ts'
import { newPasswordField } from '../views/register-view.ts'
import type { ActivityData, SettingsData } from './page-settings.ts'

/** The library's own settings page; the host app may draw its own. */
export function defaultSettingsView(data: SettingsData): PageView {
  const { user, errors, devices, events, notice } = data
  const others = devices.filter((device) => !device.current).length
  return {
    title: 'Settings',
    hasErrors: errors.length > 0,
    ...(notice ? { notice } : {}),
    body: html`${errorSummary(errors)}
<h1>Settings</h1>
<form method="post" action="/settings/profile" novalidate data-once>
<h2>Profile</h2>
<p>Signed in as <strong dir="auto">${user.username}</strong>${user.email !== null && `, ${user.email}`}.</p>
${field({ name: 'display_name', label: 'Name', value: user.displayName, error: errorFor(errors, 'display_name'), autocomplete: 'nickname', required: false, dir: 'auto' })}
${button({ label: 'Save profile' })}
</form>
<form method="post" action="/settings/password" novalidate data-once>
<h2>Password</h2>
<p>Changing it signs out every other device.</p>
<input type="text" name="username" value="${user.username}" autocomplete="username" readonly hidden>
${passwordField({ name: 'current_password', label: 'Current password', error: errorFor(errors, 'current_password'), autocomplete: 'current-password' })}
${newPasswordField({ name: 'new_password', label: 'New password', minLength: data.passwordMinLength, error: errorFor(errors, 'new_password') })}
${button({ label: 'Change password', busy: 'Changing your password…' })}
</form>
<section>
<h2>Two-step sign-in</h2>
<p>${secondFactorWords(data.secondFactor)} <a href="/settings/second-factor">Change it</a></p>
</section>
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
  }
}

function deviceItem(device: DeviceListed): Html {
  if (device.current) return html`<li><p>${device.device}, ${device.address} (this device)</p></li>`
  return html`<li><form method="post" action="/settings/sessions/${device.id}/end">
<p>${device.device}, ${device.address}, last used ${moment(device.lastSeenAt)}
<button class="btn btn-quiet" type="submit">Sign out<span class="visually-hidden"> ${device.device}</span></button></p></form></li>`
}

function moment(at: number): Html {
  const time = isoTime(at)
  return html`<time datetime="${time}">${time.slice(0, 16).replace('T', ' ')} UTC</time>`
}

/** The library's own page of what happened to the account. */
export function defaultActivityView({ events, olderHref, isOlder }: ActivityData): PageView {
  return {
    title: 'Activity',
    body: html`<h1>Activity</h1>
<p>What happened to your account in the last 90 days. Was something not you? <a href="/settings">Change your password.</a></p>
${events.length === 0 ? html`<p>There is nothing older.</p>` : eventList(events)}
<p>${isOlder && html`<a href="/settings/activity">The newest</a> `}${olderHref !== null && html`<a href="${olderHref}">Older</a>`}</p>`,
  }
}

const eventList = (events: readonly AccountEvent[]): Html =>
  html`<ul>${events.map((event) => html`<li>${eventWords(event)}, ${moment(event.at)}, ${event.device}, ${event.address}</li>`)}</ul>`

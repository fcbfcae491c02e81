import type { AccountEvent } from '../../audit/audit.ts'
import type { PageView } from '../exchange.ts'
import { eventWords } from '../views/event-words.ts'
import { button, errorFor, field } from '../views/forms.ts'
import { type Html, html } from '../views/html.ts'
import { relativeTime } from '../views/relative-time.ts'
import { settingsFrame } from '../views/settings-frame.ts'
import type { ActivityData, SettingsData } from './page-settings.ts'

/** The library's own settings page; the host app may draw its own. */
export function defaultSettingsView({ user, errors, events, notice, now }: SettingsData): PageView {
  return settingsFrame({
    active: '/settings',
    title: 'Settings',
    errors,
    notice,
    content: html`<form method="post" action="/settings/profile" novalidate data-once>
<h2>Profile</h2>
<p>Signed in as <strong dir="auto">${user.username}</strong>${user.email !== null && `, ${user.email}`}. <a href="/settings/username">Change the user name</a></p>
${field({ name: 'display_name', label: 'Name', value: user.displayName, error: errorFor(errors, 'display_name'), autocomplete: 'nickname', required: false, dir: 'auto' })}
${button({ label: 'Save profile' })}
</form>
<section>
<h2>Recent activity</h2>
${eventList(events, now)}
<p><a href="/settings/activity">All activity</a></p>
</section>`,
  })
}

/** The library's own page of what happened to the account. */
export function defaultActivityView({ events, olderHref, isOlder, now }: ActivityData): PageView {
  return settingsFrame({
    active: '/settings/activity',
    title: 'Activity',
    lead: html`What happened to your account in the last 90 days. Was something not you? <a href="/settings/security#password">Change your password.</a>`,
    content: html`${events.length === 0 ? html`<p>There is nothing older.</p>` : eventList(events, now)}
<p>${isOlder && html`<a href="/settings/activity">The newest</a> `}${olderHref !== null && html`<a href="${olderHref}">Older</a>`}</p>`,
  })
}

const eventList = (events: readonly AccountEvent[], now: number): Html =>
  html`<ul>${events.map((event) => html`<li>${eventWords(event)}, ${relativeTime(event.at, now)}, ${event.device}, ${event.address}</li>`)}</ul>`

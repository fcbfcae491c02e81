import type { PageView, SettingsData } from '@miachat/auth'
import { button, errorFor, field, type Html, html, relativeTime, section, settingsFrame } from '@miachat/auth/views'
import { eventRows } from './activity-view.ts'

/** Profile, and what happened lately: `createAuth({ settingsView })`. */
export function settingsView(data: SettingsData): PageView {
  return settingsFrame({
    active: '/settings',
    title: 'Settings',
    errors: data.errors,
    notice: data.notice,
    content: html`${profile(data)}
${history(data)}`,
  })
}

function profile({ user, errors, now }: SettingsData): Html {
  return section({
    id: 'profile',
    title: 'Profile',
    body: html`<form method="post" action="/settings/profile" novalidate data-once data-guard>
${field({
  name: 'display_name',
  label: 'Name',
  hint: 'What characters call you.',
  value: user.displayName,
  error: errorFor(errors, 'display_name'),
  autocomplete: 'nickname',
  dir: 'auto',
})}
${button({ label: 'Save name', kind: 'secondary', busy: 'Saving…' })}
</form>
<dl class="facts section-end">
<dt>User name</dt><dd><bdi>${user.username}</bdi> <a href="/settings/username">Change<span class="visually-hidden"> the user name</span></a></dd>
<dt>E-mail address</dt><dd>${user.email ?? 'None'}</dd>
<dt>Account made</dt><dd>${relativeTime(Date.parse(user.createdAt), now)}</dd>
</dl>`,
  })
}

function history({ events, now }: SettingsData): Html {
  return section({
    id: 'activity',
    title: 'Recent activity',
    intro: 'If something was not you, change your password: that signs out everybody else.',
    action: html`<a href="/settings/activity">All activity</a>`,
    body: eventRows(events, now),
  })
}

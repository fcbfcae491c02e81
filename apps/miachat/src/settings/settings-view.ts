import type { DeviceListed, PageView, SettingsData } from '@miachat/auth'
import {
  button,
  errorFor,
  field,
  type Html,
  html,
  plural,
  row,
  rowList,
  section,
  settingsFrame,
} from '@miachat/auth/views'
import { type IconName, icon } from '../views/icons.ts'
import { badge } from '../views/pieces.ts'
import { relativeTime } from '../views/relative-time.ts'
import { eventRows } from './activity-view.ts'

/** Profile, every device that is signed in, and what happened lately: `createAuth({ settingsView })`. */
export function settingsView(data: SettingsData): PageView {
  return settingsFrame({
    active: '/settings',
    title: 'Settings',
    errors: data.errors,
    notice: data.notice,
    content: html`${profile(data)}
${deviceList(data)}
${history(data)}`,
  })
}

function profile({ user, errors, now }: SettingsData): Html {
  return section({
    id: 'profile',
    title: 'Profile',
    body: html`<form method="post" action="/settings/profile" novalidate data-once>
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
<dt>User name</dt><dd><bdi>${user.username}</bdi></dd>
<dt>E-mail address</dt><dd>${user.email ?? 'None'}</dd>
<dt>Account made</dt><dd>${relativeTime(Date.parse(user.createdAt), now)}</dd>
</dl>`,
  })
}

function deviceList({ devices, now }: SettingsData): Html {
  const others = devices.filter((device) => !device.current).length
  return section({
    id: 'devices',
    title: 'Signed-in devices',
    intro:
      others === 0
        ? 'This is your only signed-in device.'
        : 'Sign out whatever you do not know. It takes effect at once.',
    body: html`${rowList(devices.map((device) => deviceRow(device, now)))}
${
  others > 0 &&
  html`<form class="section-end" method="post" action="/settings/sessions/end-others" data-once>${button({
    label: `Sign out ${plural(others, 'other device', 'other devices')}`,
    kind: 'danger',
    busy: 'Signing out…',
  })}</form>`
}`,
  })
}

function deviceRow(device: DeviceListed, now: number): Html {
  return row({
    lead: icon(deviceIcon(device)),
    title: device.device,
    whole: true,
    ...(device.current && { mark: badge('done', 'This device') }),
    text: html`${device.current ? 'Active now' : html`Last active ${relativeTime(device.lastSeenAt, now)}`}<br>Signed in ${relativeTime(device.createdAt, now)}, last from ${device.address}`,
    ...(!device.current && {
      action: html`<form method="post" action="/settings/sessions/${device.id}/end" data-once><button class="btn btn-quiet" type="submit">Sign out<span class="visually-hidden"> ${device.device}</span></button></form>`,
    }),
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

function deviceIcon({ kind, device }: DeviceListed): IconName {
  if (kind === 'tokens') return 'program'
  return /iphone|ipad|android|mobile/i.test(device) ? 'phone' : 'computer'
}

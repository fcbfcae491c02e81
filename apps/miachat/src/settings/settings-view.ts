import type { AuthOptions, PageView } from '@miachat/auth'
import {
  button,
  errorFor,
  errorSummary,
  field,
  type Html,
  html,
  newPasswordField,
  passwordField,
  plural,
} from '@miachat/auth/views'
import { type IconName, icon } from '../views/icons.ts'
import { badge, pageHead, relativeTime, row, rowList, section } from '../views/pieces.ts'

/** What the library's settings routes give to be drawn. */
export type SettingsData = Parameters<NonNullable<AuthOptions['settingsView']>>[0]
type Device = SettingsData['devices'][number]

/** Profile, password, and every device that is signed in. */
export function settingsView(data: SettingsData): PageView {
  return {
    title: 'Settings',
    hasErrors: data.errors.length > 0,
    ...(data.notice !== null && { notice: data.notice }),
    body: html`${errorSummary(data.errors)}
${pageHead({ title: 'Settings' })}
${profile(data)}
${password(data)}
${devices(data)}`,
  }
}

function profile({ user, errors, now }: SettingsData): Html {
  return section({
    id: 'profile',
    title: 'Profile',
    body: html`<form class="form-narrow" method="post" action="/settings/profile" novalidate data-once>
${field({
  name: 'display_name',
  label: 'Name',
  hint: 'What your characters call you.',
  value: user.displayName,
  error: errorFor(errors, 'display_name'),
  autocomplete: 'nickname',
  required: false,
  dir: 'auto',
})}
${button({ label: 'Save name', kind: 'secondary' })}
</form>
<dl class="facts">
<dt>User name</dt><dd dir="auto">${user.username}</dd>
<dt>E-mail address</dt><dd>${user.email ?? 'None'}</dd>
<dt>Member since</dt><dd>${relativeTime(Date.parse(user.createdAt), now)}</dd>
</dl>`,
  })
}

function password({ user, passwordMinLength, errors }: SettingsData): Html {
  return section({
    id: 'password',
    title: 'Password',
    intro: 'Changing it signs out every other device.',
    body: html`<form class="form-narrow" method="post" action="/settings/password" novalidate data-once>
<input type="text" name="username" value="${user.username}" autocomplete="username" readonly hidden>
${passwordField({
  name: 'current_password',
  label: 'Current password',
  error: errorFor(errors, 'current_password'),
  autocomplete: 'current-password',
})}
${newPasswordField({
  name: 'new_password',
  label: 'New password',
  minLength: passwordMinLength,
  error: errorFor(errors, 'new_password'),
})}
${button({ label: 'Change password', busy: 'Changing your password…' })}
</form>`,
  })
}

const deviceIcons: Readonly<Record<ReturnType<typeof kindOf>, IconName>> = {
  computer: 'computer',
  phone: 'phone',
  program: 'program',
}

function devices({ devices, now }: SettingsData): Html {
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
  html`<form class="section-end" method="post" action="/settings/sessions/end-others">${button({
    label: `Sign out ${plural(others, 'other device', 'other devices')}`,
    kind: 'danger',
  })}</form>`
}`,
  })
}

/** A guess from the words that the browser itself gave; it only chooses a picture. */
function kindOf({ kind, device }: Device): 'computer' | 'phone' | 'program' {
  if (kind === 'tokens') return 'program'
  return /Android|iPhone|iPad|iOS/.test(device) ? 'phone' : 'computer'
}

function deviceRow(device: Device, now: number): Html {
  return row({
    lead: icon(deviceIcons[kindOf(device)]),
    title: device.device,
    ...(device.current && { mark: badge('done', 'This device') }),
    text: html`${device.current ? 'Active now' : html`Last active ${relativeTime(device.lastSeenAt, now)}`} from ${device.address}, signed in ${relativeTime(device.createdAt, now)}`,
    ...(!device.current && {
      action: html`<form method="post" action="/settings/sessions/${device.id}/end"><button class="btn btn-quiet" type="submit">Sign out<span class="visually-hidden"> ${device.device}</span></button></form>`,
    }),
  })
}

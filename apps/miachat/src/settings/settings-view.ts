import {
  button,
  errorFor,
  errorSummary,
  type FormError,
  type Html,
  html,
  newPasswordField,
  passwordField,
  plural,
} from '@miachat/auth/views'
import { type IconName, icon } from '../views/icons.ts'
import { badge, pageHead, relativeTime, row, rowList, section } from '../views/pieces.ts'

/** One signed-in browser or program. */
export interface DeviceView {
  readonly id: string
  readonly kind: 'computer' | 'phone' | 'program'
  /** "Firefox on Linux". */
  readonly name: string
  /** Where it was last seen. */
  readonly address: string
  /** Milliseconds since 1970. */
  readonly signedInAt: number
  readonly lastSeenAt: number
  /** The one that shows this page. */
  readonly current: boolean
}

export interface SettingsView {
  readonly user: {
    readonly username: string
    /** Null for an imported account without one. */
    readonly email: string | null
    readonly createdAt: number
  }
  readonly devices: readonly DeviceView[]
  readonly passwordMinLength: number
  readonly errors?: readonly FormError[]
  readonly now: number
}

/** Profile, password, and every device that is signed in. */
export function settingsView(view: SettingsView): Html {
  return html`${errorSummary(view.errors ?? [])}
${pageHead({ title: 'Settings' })}
${profile(view)}
${password(view)}
${devices(view)}`
}

function profile({ user, now }: SettingsView): Html {
  return section({
    id: 'profile',
    title: 'Profile',
    body: html`<dl class="facts">
<dt>User name</dt><dd dir="auto">${user.username}</dd>
<dt>E-mail address</dt><dd>${user.email ?? 'None'}</dd>
<dt>Member since</dt><dd>${relativeTime(user.createdAt, now)}</dd>
</dl>`,
  })
}

function password({ user, passwordMinLength, errors = [] }: SettingsView): Html {
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

const deviceIcons: Readonly<Record<DeviceView['kind'], IconName>> = {
  computer: 'computer',
  phone: 'phone',
  program: 'program',
}

function devices({ devices, now }: SettingsView): Html {
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

function deviceRow(device: DeviceView, now: number): Html {
  return row({
    lead: icon(deviceIcons[device.kind]),
    title: device.name,
    ...(device.current && { mark: badge('done', 'This device') }),
    text: html`${device.current ? 'Active now' : html`Last active ${relativeTime(device.lastSeenAt, now)}`} from ${device.address}, signed in ${relativeTime(device.signedInAt, now)}`,
    ...(!device.current && {
      action: html`<form method="post" action="/settings/sessions/${device.id}/end"><button class="btn btn-quiet" type="submit">Sign out<span class="visually-hidden"> ${device.name}</span></button></form>`,
    }),
  })
}

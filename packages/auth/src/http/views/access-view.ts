import type { DoorKindName, OpenDoor } from '../../sign-in/doors.ts'
import { button } from './forms.ts'
import { type Html, html, plural } from './html.ts'
import { row, rowList, section } from './lists.ts'
import { relativeTime } from './relative-time.ts'
import { day } from './time-words.ts'

export interface AccessView {
  readonly kinds: readonly { readonly kind: DoorKindName; readonly doors: readonly OpenDoor[] }[]
  readonly now: number
}

interface KindWords {
  readonly title: string
  readonly none: string
  readonly some: string
  readonly manage: { readonly href: string; readonly label: string } | null
  /** What a door is called that has no name of its own. */
  readonly names?: Readonly<Record<string, string>>
}

const words: Readonly<Record<DoorKindName, KindWords>> = {
  sessions: {
    title: 'Signed-in browsers',
    none: 'None.',
    some: 'Each can do what you can do.',
    manage: { href: '/settings/devices', label: 'Name them, or end one' },
  },
  programs: {
    title: 'Signed-in programs',
    none: 'No program is signed in.',
    some: 'Each has a token of yours.',
    manage: { href: '/settings/devices', label: 'Name them, or end one' },
  },
  personal_tokens: {
    title: 'Tokens for programs',
    none: 'None.',
    some: 'Each can do what you allowed it. A sign-out of other devices leaves them; a new password, “this was not me” of a letter, and the button above end them.',
    manage: { href: '/settings/tokens', label: 'Revoke one, or make one' },
  },
  trusted_devices: {
    title: 'Trusted devices',
    none: 'None: each sign-in asks for the second step where it is on.',
    some: 'These are asked for the password only.',
    manage: { href: '/settings/second-factor', label: 'Change them' },
  },
  links: {
    title: 'One-time links',
    none: 'No link is open.',
    some: 'Whoever has the link can use it once.',
    manage: null,
    names: {
      reset_password: 'A link to set a new password',
      confirm_address: 'A link to confirm an e-mail address',
      undo: 'The link “this was not me” of a letter; it stays',
    },
  },
  password: {
    title: 'Password',
    none: 'None. Nobody can guess it.',
    some: 'It stays, whatever you shut here.',
    manage: { href: '/settings/security#password', label: 'Change it' },
    names: { password: 'Your password' },
  },
  passkeys: {
    title: 'Passkeys',
    none: 'None.',
    some: 'They stay, whatever you shut here.',
    manage: { href: '/settings/passkeys', label: 'Change them' },
  },
  providers: {
    title: 'Other services',
    none: 'No other service signs you in.',
    some: 'They stay, whatever you shut here.',
    manage: { href: '/settings/providers', label: 'Change them' },
  },
}

/** The owner's own ways in. */
const staying: ReadonlySet<DoorKindName> = new Set(['password', 'passkeys', 'providers'])

/** Every place where the account can be reached right now, and one button that shuts them (A9). */
export function accessView({ kinds, now }: AccessView): Html {
  const open = kinds.filter(({ kind }) => !staying.has(kind))
  const others = open.reduce((count, { doors }) => count + doors.filter(({ current }) => !current).length, 0)
  return html`${section({
    id: 'shut',
    title: 'Right now',
    body: html`<p>${others === 0 ? 'Nothing is open but this browser.' : html`<strong>${plural(others, 'other thing is open', 'other things are open')}.</strong> Shutting them leaves you this browser and your own ways in: password, passkeys and other services.`}</p>
${others > 0 && html`<form method="post" action="/settings/access/shut" data-once>${button({ label: 'Shut all but this browser', kind: 'danger', busy: 'Shutting…' })}</form>`}`,
  })}
${kinds.map(({ kind, doors }) => kindSection(kind, doors, now))}`
}

function kindSection(kind: DoorKindName, doors: readonly OpenDoor[], now: number): Html {
  const { title, none, some, manage, names = {} } = words[kind]
  return section({
    id: kind,
    title: `${title}${doors.length > 1 ? ` (${doors.length})` : ''}`,
    intro: doors.length === 0 ? none : some,
    ...(manage &&
      doors.length > 0 && {
        action: html`<a href="${manage.href}">${manage.label}<span class="visually-hidden">: ${title}</span></a>`,
      }),
    body: doors.length === 0 ? html`` : rowList(doors.map((door) => doorRow(door, names[door.name] ?? door.name, now))),
  })
}

function doorRow({ current, address, createdAt, usedAt, endsAt }: OpenDoor, title: string, now: number): Html {
  const facts = [
    usedAt !== null && html`Last used ${relativeTime(usedAt, now)}${address !== null && ` from ${address}`}`,
    createdAt !== null && html`${usedAt === null ? 'Since' : 'since'} ${day(createdAt)}`,
    endsAt !== null && html`until ${day(endsAt)}`,
  ].filter((fact) => fact !== false)
  return row({
    title,
    whole: true,
    ...(current && { mark: html`<span class="badge badge-done">This browser</span>` }),
    text: html`${facts.map((fact, index) => html`${index > 0 && ', '}${fact}`)}`,
  })
}

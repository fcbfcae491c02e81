import type { DoorKindName, OpenDoor } from '../../sign-in/doors.ts'
import { deviceWords } from '../../words/device-words.ts'
import type { Words } from '../../words/words.ts'
import { button } from './forms.ts'
import { type Html, html } from './html.ts'
import { row, rowList, section } from './lists.ts'
import { relativeTime } from './relative-time.ts'
import { day } from './time-words.ts'

export interface AccessView {
  readonly words: Words
  readonly kinds: readonly { readonly kind: DoorKindName; readonly doors: readonly OpenDoor[] }[]
  readonly now: number
}

/** Where the doors of a kind are looked after; links only end. */
const managedAt: Readonly<Record<DoorKindName, string | null>> = {
  sessions: '/settings/devices',
  programs: '/settings/devices',
  personal_tokens: '/settings/tokens',
  trusted_devices: '/settings/second-factor',
  links: null,
  password: '/settings/security#password',
  passkeys: '/settings/passkeys',
  security_keys: '/settings/second-factor#security-keys',
  providers: '/settings/providers',
}

/** The owner's own ways in. */
const staying: ReadonlySet<DoorKindName> = new Set(['password', 'passkeys', 'security_keys', 'providers'])

/** Every place where the account can be reached right now, and one button that shuts them (A9). */
export function accessView({ words, kinds, now }: AccessView): Html {
  const { access: say } = words.devices
  const open = kinds.filter(({ kind }) => !staying.has(kind))
  const others = open.reduce((count, { doors }) => count + doors.filter(({ current }) => !current).length, 0)
  return html`${section({
    id: 'shut',
    title: say.now,
    body: html`<p>${others === 0 ? say.nothing : html`<strong>${say.open(others)}</strong> ${say.leaves}`}</p>
${others > 0 && html`<form method="post" action="/settings/access/shut" data-once>${button({ label: say.shut, kind: 'danger', busy: say.shutting })}</form>`}`,
  })}
${kinds.map(({ kind, doors }) => kindSection(kind, doors, now, words))}`
}

function kindSection(kind: DoorKindName, doors: readonly OpenDoor[], now: number, words: Words): Html {
  const { title, none, some, manage } = words.devices.doors[kind]
  const href = managedAt[kind]
  return section({
    id: kind,
    title: `${title}${doors.length > 1 ? ` (${doors.length})` : ''}`,
    intro: doors.length === 0 ? none : some,
    ...(href !== null &&
      doors.length > 0 && {
        action: html`<a href="${href}">${manage}<span class="visually-hidden">: ${title}</span></a>`,
      }),
    body:
      doors.length === 0 ? html`` : rowList(doors.map((door) => doorRow(door, nameOf(kind, door, words), now, words))),
  })
}

const ofDevices = new Set<DoorKindName>(['sessions', 'programs', 'trusted_devices'])

/** Links and the password have no name of their own; what people have named is never taken for one of ours. */
function nameOf(kind: DoorKindName, { name, named = false }: OpenDoor, words: Words): string {
  if (ofDevices.has(kind)) return named ? name : deviceWords(name, words)
  if (kind !== 'links' && kind !== 'password') return name
  return Object.entries(words.devices.doorNames).find(([known]) => known === name)?.[1] ?? name
}

function doorRow(
  { current, address, createdAt, usedAt, endsAt }: OpenDoor,
  title: string,
  now: number,
  words: Words,
): Html {
  const { access: say } = words.devices
  const facts = [
    usedAt !== null &&
      html`${say.used} ${relativeTime(usedAt, now, words)}${address !== null && ` ${say.from} ${address}`}`,
    createdAt !== null && html`${usedAt === null ? say.begins : say.since} ${day(createdAt, words)}`,
    endsAt !== null && html`${say.until} ${day(endsAt, words)}`,
  ].filter((fact) => fact !== false)
  return row({
    title,
    whole: true,
    ...(current && { mark: html`<span class="badge badge-done">${say.thisBrowser}</span>` }),
    text: html`${facts.map((fact, index) => html`${index > 0 && ', '}${fact}`)}`,
  })
}

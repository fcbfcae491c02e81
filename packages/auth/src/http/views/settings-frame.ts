import { errorSummary, type FormError } from './forms.ts'
import { attributes, type Html, html } from './html.ts'
import type { Notice, Page } from './layout.ts'

/** A page of the settings in the list that stands beside each of them. */
export interface SettingsSection {
  /** Also names the section. */
  readonly path: `/settings${string}`
  readonly label: string
}

/** The pages of the settings in the order of their list. A new page adds its row here. */
export const settingsSections = [
  { path: '/settings', label: 'Profile' },
  { path: '/settings/security', label: 'Security' },
  { path: '/settings/second-factor', label: 'Two-step sign-in' },
  { path: '/settings/passkeys', label: 'Passkeys' },
  { path: '/settings/devices', label: 'Devices' },
  { path: '/settings/tokens', label: 'Tokens' },
  { path: '/settings/address', label: 'E-mail address' },
  { path: '/settings/access', label: 'Access' },
  { path: '/settings/activity', label: 'Activity' },
  { path: '/settings/data', label: 'Your data' },
] as const satisfies readonly SettingsSection[]

/** A page of the library's settings, or of the host's own. */
export type SettingsPath = SettingsSection['path']

export interface SettingsFrame {
  /** The section that the page belongs to. */
  readonly active: SettingsPath
  /** The page's heading and its title. */
  readonly title: string
  /** A sentence or two below the heading. */
  readonly lead?: Html | string
  readonly content: Html
  /** What is wrong with what was sent, summed up above everything (X5). */
  readonly errors?: readonly FormError[]
  readonly notice?: Notice | null | undefined
}

/** What the frame makes of a page of the settings: all that `exchange.page` takes. */
export type FramedPage = Pick<Page, 'title' | 'body' | 'room' | 'hasErrors' | 'notice'> & {
  /** The body with the host's own sections in the list, which stand below the first one. */
  readonly bodyAmong?: (own: readonly SettingsSection[]) => Html
}

/** Draws a page of the settings beside the list of all of them. */
export function settingsFrame(frame: SettingsFrame): FramedPage {
  const among = (own: readonly SettingsSection[]) => {
    const [first, ...others] = settingsSections
    return framed(frame, { label: 'Settings', sections: [first, ...own, ...others] })
  }
  return { ...among([]), bodyAmong: (own) => among(own).body }
}

/** A page beside the list of the pages that belong together. */
export function framed(
  { active, title, lead, content, errors = [], notice }: Omit<SettingsFrame, 'active'> & { readonly active: string },
  list: { readonly label: string; readonly sections: readonly { readonly path: string; readonly label: string }[] },
): FramedPage {
  return {
    title,
    room: 'wide',
    hasErrors: errors.length > 0,
    ...(notice && { notice }),
    body: html`<div class="settings"><nav class="settings-nav" aria-label="${list.label}"><ul>${list.sections.map(
      ({ path, label }) =>
        html`<li><a${attributes({ href: path, 'aria-current': path === active ? 'page' : null })}>${label}</a></li>`,
    )}</ul></nav>
<div class="settings-body">${errorSummary(errors)}
<h1><bdi>${title}</bdi></h1>
${lead !== undefined && html`<p class="lead">${lead}</p>`}
${content}</div></div>`,
  }
}

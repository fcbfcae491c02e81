import { type HostText, textIn } from '../../words/host-text.ts'
import { english, type Words } from '../../words/words.ts'
import { errorSummary, type FormError } from './forms.ts'
import { attributes, type Html, html } from './html.ts'
import type { Notice, Page } from './layout.ts'

/** A page of the settings in the list that stands beside each of them. */
export interface SettingsSection {
  /** Also names the section. */
  readonly path: `/settings${string}`
  readonly label: HostText
}

const { sections } = english.shell

/** The pages of the settings in the order of their list, in English. A new page adds its row here. */
export const settingsSections = [
  { path: '/settings', label: sections['/settings'] },
  { path: '/settings/security', label: sections['/settings/security'] },
  { path: '/settings/second-factor', label: sections['/settings/second-factor'] },
  { path: '/settings/passkeys', label: sections['/settings/passkeys'] },
  { path: '/settings/devices', label: sections['/settings/devices'] },
  { path: '/settings/tokens', label: sections['/settings/tokens'] },
  { path: '/settings/address', label: sections['/settings/address'] },
  { path: '/settings/access', label: sections['/settings/access'] },
  { path: '/settings/activity', label: sections['/settings/activity'] },
  { path: '/settings/data', label: sections['/settings/data'] },
] as const satisfies readonly SettingsSection[]

/** A page of the library's settings, or of the host's own. */
export type SettingsPath = SettingsSection['path']

export interface SettingsFrame {
  /** The words of a page whose content is drawn from the catalogue; English where nothing is given. */
  readonly words?: Words
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
export type FramedPage = Pick<Page, 'title' | 'words' | 'body' | 'room' | 'hasErrors' | 'notice'> & {
  /** The body with the host's own sections in the list, which stand below the first one. */
  readonly bodyAmong?: (own: readonly SettingsSection[]) => Html
}

/** Draws a page of the settings beside the list of all of them. */
export function settingsFrame(frame: SettingsFrame): FramedPage {
  const words = frame.words ?? english
  const { shell } = words
  const ours = settingsSections.map(({ path }) => ({ path, label: shell.sections[path] }))
  const among = (own: readonly SettingsSection[]) => {
    const theirs = own.map(({ path, label }) => ({ path, label: textIn(label, words) }))
    return framed(frame, { label: shell.settings, sections: [...ours.slice(0, 1), ...theirs, ...ours.slice(1)] })
  }
  return { ...among([]), bodyAmong: (own) => among(own).body }
}

/** A page beside the list of the pages that belong together. */
export function framed(
  frame: Omit<SettingsFrame, 'active'> & { readonly active: string },
  list: { readonly label: string; readonly sections: readonly { readonly path: string; readonly label: string }[] },
): FramedPage {
  const { words, active, title, lead, content, errors = [], notice } = frame
  return {
    title,
    ...(words && { words }),
    room: 'wide',
    hasErrors: errors.length > 0,
    ...(notice && { notice }),
    body: html`<div class="settings"><nav class="settings-nav" aria-label="${list.label}"><ul>${list.sections.map(
      ({ path, label }) =>
        html`<li><a${attributes({ href: path, 'aria-current': path === active ? 'page' : null })}>${label}</a></li>`,
    )}</ul></nav>
<div class="settings-body">${errorSummary(errors, words?.problems.summary)}
<h1><bdi>${title}</bdi></h1>
${lead !== undefined && html`<p class="lead">${lead}</p>`}
${content}</div></div>`,
  }
}

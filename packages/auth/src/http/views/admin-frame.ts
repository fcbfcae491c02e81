import type { english, Words } from '../../words/words.ts'
import { type FramedPage, framed, type SettingsFrame } from './settings-frame.ts'

/** The pages of the administration in the order of their list. A new page adds its row here, and its name to the words. */
export const adminPaths = [
  '/admin/people',
  '/admin/invitations',
  '/admin/log',
  '/admin/view-as',
  '/admin/server',
  '/admin/health',
  '/admin/limits',
] as const satisfies readonly (keyof typeof english.people.sections)[]

export type AdminPath = (typeof adminPaths)[number]

interface AdminFrame extends Omit<SettingsFrame, 'active'> {
  readonly words: Words
  readonly active: AdminPath
}

/** Draws a page of the administration beside the list of all of them, as the settings are drawn. */
export function adminFrame(frame: AdminFrame): FramedPage {
  const { people, server } = frame.words
  const sections = adminPaths.map((path) => ({ path, label: people.sections[path] }))
  return framed(frame, { label: server.administration, sections })
}

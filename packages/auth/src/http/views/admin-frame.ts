import { type FramedPage, framed, type SettingsFrame } from './settings-frame.ts'

/** The pages of the administration in the order of their list. A new page adds its row here. */
export const adminSections = [
  { path: '/admin/people', label: 'People' },
  { path: '/admin/invitations', label: 'Invitations' },
  { path: '/admin/log', label: 'Log' },
  { path: '/admin/view-as', label: 'View as' },
  { path: '/admin/server', label: 'Server' },
  { path: '/admin/health', label: 'Health' },
  { path: '/admin/limits', label: 'Limits' },
] as const satisfies readonly {
  readonly path: `/admin/${string}`
  readonly label: string
}[]

export type AdminPath = (typeof adminSections)[number]['path']

/** Draws a page of the administration beside the list of all of them, as the settings are drawn. */
export const adminFrame = (frame: Omit<SettingsFrame, 'active'> & { readonly active: AdminPath }): FramedPage =>
  framed(frame, { label: 'Administration', sections: adminSections })

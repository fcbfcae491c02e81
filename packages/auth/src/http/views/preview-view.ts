import { type Html, html } from './html.ts'
import { row, rowList, section } from './lists.ts'

/** A page that can be looked at. */
export interface PreviewListed {
  /** The address that it really has. */
  readonly path: string
  readonly label: string
  readonly href: string
}

/** The pages that each role sees. */
export const previewListView = (
  roles: readonly { readonly role: string; readonly title: string; readonly pages: readonly PreviewListed[] }[],
): Html =>
  html`${roles.map(({ role, title, pages }) =>
    section({
      id: role,
      title,
      body: rowList(pages.map(({ path, label, href }) => row({ title: label, text: path, href }))),
    }),
  )}`

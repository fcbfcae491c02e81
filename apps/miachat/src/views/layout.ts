import {
  attributes,
  bannerBox,
  english,
  type Html,
  html,
  htmlDocument,
  type Layout,
  languageForm,
  noticeBox,
  type Page,
  stepUpChip,
  themeForm,
} from '@miachat/auth/views'
import { ownPicture } from '../picture/own-picture.ts'
import { pageAttributes } from '../settings/preferences.ts'
import { wordsIn } from '../words/words.ts'
import { icon, mark } from './icons.ts'

/** The pages in the order of the navigation. */
const navigation = ['/', '/chat', '/characters', '/personality', '/settings', '/config'] as const

export interface AppLayoutOptions {
  /** The name that this server goes by. */
  readonly siteName?: string
  /** Turns the path of an asset into the address to link, for example with a version. */
  readonly assetUrl?: (path: string) => string
  /** Shown small to people who are signed in; guests learn no version (HDR-02). */
  readonly version?: string
  /** Whom to ask on this server, a sentence of its operator; in the same place on each page. */
  readonly help?: string
  /** Address of the worker that shows a page of ours when the server cannot be reached. */
  readonly offlineWorker?: string
}

/** The look of MiaChat around every page, the library's included. */
export function createAppLayout({
  siteName = 'MiaChat',
  assetUrl = (path) => path,
  version,
  help,
  offlineWorker,
}: AppLayoutOptions = {}): Layout {
  return (page) =>
    htmlDocument(page, {
      siteName,
      stylesheet: assetUrl('/assets/app.css'),
      scripts: [assetUrl('/auth/assets/auth.js'), assetUrl('/assets/app.js')],
      icon: assetUrl('/assets/favicon.svg'),
      ...(page.user?.fields && { root: pageAttributes(page.user.fields) }),
      body: html`<body class="shell room-${page.room ?? 'text'}${page.user === null && ' guest'}"${attributes({ 'data-offline-worker': offlineWorker })}>
<a class="skip-link" href="#main">${(page.words ?? english).shell.skip}</a>
<header class="topbar"><a class="wordmark" href="/">${page.user === null && page.room === 'form' ? face(assetUrl) : mark()}<span>${siteName}</span></a>${page.user !== null && signedInMenus(page, page.user.username)}</header>
<main id="main" tabindex="-1">${stepUpChip(page)}${page.room !== 'full' && bannerBox(page.banner, page.words)}${noticeBox(page.notice, page.words)}${page.body}</main>
<footer class="footer">${help !== undefined && html`<span>${help}</span>`}${languageForm(page)}${
        page.user === null ? themeForm(page) : version !== undefined && html`<span>MiaChat ${version}</span>`
      }</footer>
</body>`,
    })
}

/** Where someone is asked to sign in, Mia looks at them. */
function face(assetUrl: (path: string) => string): Html {
  return html`<img class="avatar" src="${assetUrl('/assets/mia.svg')}" alt="" width="56" height="56">`
}

/** Wide: a row of links and a small menu under the person's name. Narrow: all of it behind one word. CSS shows one. */
function signedInMenus(page: Page, username: string): Html {
  const { frame: say } = frameOf(page)
  return html`
<nav class="nav-row" aria-label="${say.main}">${navigationList(page)}</nav>
<details class="menu menu-person" name="menu"><summary>${ownFace(page)}<span class="menu-name" dir="auto">${username}</span>${icon('down')}</summary>
<div class="menu-panel">${personForms(page)}</div></details>
<details class="menu menu-all" name="menu"><summary>${icon('menu')}${say.menu}</summary>
<div class="menu-panel"><nav aria-label="${say.main}">${navigationList(page)}</nav>
<p class="menu-who">${say.signedInAs} <strong dir="auto">${username}</strong></p>${personForms(page)}</div></details>`
}

/** What stands around a page is in its own language: two on one page are worse than one that is not one's own. */
const frameOf = ({ words }: Page) => wordsIn(words?.language ?? 'en')

/** The picture that a person has of itself; decoration beside the name. */
function ownFace({ user }: Page): Html | false {
  const src = ownPicture(user?.fields ?? {})
  return src !== null && html`<img class="avatar avatar-small" src="${src}" alt="" width="32" height="32">`
}

function personForms(page: Page): Html {
  const { administration, signOut } = (page.words ?? english).shell
  return html`${page.user?.role === 'admin' && html`<p><a href="/admin/people">${administration}</a></p>`}${themeForm(page)}<form method="post" action="/auth/logout"><button class="btn btn-secondary btn-wide" type="submit">${signOut}</button></form>`
}

function navigationList(page: Page): Html {
  const here = page.path.split('?', 1)[0] ?? ''
  const { pages } = frameOf(page).frame
  return html`<ul>${navigation.map(
    (path) => html`<li><a href="${path}"${isHere(here, path) && html` aria-current="page"`}>${pages[path]}</a></li>`,
  )}</ul>`
}

function isHere(here: string, path: string): boolean {
  return here === path || (path !== '/' && here.startsWith(`${path}/`))
}

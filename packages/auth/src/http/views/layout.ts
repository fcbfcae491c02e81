import type { Role } from '../../users/user.ts'
import { english, type Language, languageNames, type Words } from '../../words/words.ts'
import { attributes, type Html, html } from './html.ts'

/** The person's choice; `system` follows the device, without script and without a flash. */
export type Theme = 'light' | 'dark' | 'system'

export const themes = ['light', 'dark', 'system'] as const satisfies readonly Theme[]

/** Where the theme form goes: POST `theme` and `next` (a local path). Open to guests. */
export const themeAction = '/auth/theme'

/** A short word about what just happened ("Your password was changed."), shown above the page's content. */
export interface Notice {
  readonly kind: 'done' | 'info' | 'warning'
  readonly text: string
  /** A button beside it that takes back what was done: a form of its own. */
  readonly undo?: { readonly action: string; readonly hidden?: Readonly<Record<string, string>> }
}

/** One line above every page about something that waits to be done, with the way there. */
export interface Banner {
  readonly text: string
  readonly href: string
  readonly label: string
  /** Forms of one button each, by which the person answers it or wants to hear no more of it. */
  readonly buttons?: readonly {
    readonly action: string
    readonly label: string
    readonly hidden?: Readonly<Record<string, string>>
  }[]
  /** What it is called for a screen reader; "To do" where nothing is given. */
  readonly name?: string
}

/** Everything that a layout needs to know to put a page together. */
export interface Page {
  /** Unique among the pages; the site's name is added. */
  readonly title: string
  readonly body: Html
  readonly user: {
    readonly username: string
    readonly role?: Role
    /** The host's own fields: a layout of the host may look different by them. */
    readonly fields?: Readonly<Record<string, unknown>>
  } | null
  readonly theme: Theme
  /** The nonce of this answer's Content-Security-Policy (HDR-01). */
  readonly nonce: string
  /** Path and query of this page: marks where the person is, and brings them back after changing the theme. */
  readonly path: string
  /** Local addresses of ES modules that this page needs besides those of the layout. */
  readonly scripts?: readonly string[]
  /** For how many milliseconds the step-up still counts: `stepUpChip` shows it. */
  readonly confirmedFor?: number
  /** The words of a page that is drawn from the catalogue; what stands around it is drawn in the same. */
  readonly words?: Words
  /** What people may choose from: below two, or on a page without words, `languageForm` shows nothing. */
  readonly languages?: readonly Language[]
  /** Language of the page, BCP 47; that of its words where nothing is said. */
  readonly lang?: string
  /** Puts "Error: " before the title, so that a screen reader says it first. */
  readonly hasErrors?: boolean
  readonly notice?: Notice
  readonly banner?: Banner
  /** On a computer that others use, too: scripts keep nothing in the browser where the root has `data-shared` (S7). */
  readonly shared?: boolean
  /** How much room the body wants: a form, text to read (default), lists side by side, or the whole window (a chat). */
  readonly room?: 'form' | 'text' | 'wide' | 'full'
}

export type Layout = (page: Page) => Html

export interface DocumentParts {
  readonly siteName: string
  readonly stylesheet: string
  readonly scripts: readonly string[]
  /** Local address of an SVG icon; the library has none of its own. */
  readonly icon?: string
  /** What styles and scripts ask the page for: attributes of its root element. */
  readonly root?: Readonly<Record<`data-${string}`, string>>
  readonly body: Html
}

/** The outermost shell that every layout shares: head, theme, scripts with their nonce. */
export function htmlDocument(page: Page, parts: DocumentParts): Html {
  const title = `${page.hasErrors === true ? (page.words ?? english).problems.mark : ''}${page.title} · ${parts.siteName}`
  const root = {
    lang: page.lang ?? (page.words ?? english).language,
    'data-bs-theme': page.theme === 'system' ? null : page.theme,
    'data-signed-in': page.user !== null,
    'data-shared': page.shared === true,
    ...parts.root,
  }
  return html`<!doctype html>
<html${attributes(root)}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<title>${title}</title>
<link rel="stylesheet" href="${parts.stylesheet}">
${parts.icon !== undefined && html`<link rel="icon" href="${parts.icon}" type="image/svg+xml">`}
${scriptWords(page.words)}
${[...parts.scripts, ...(page.scripts ?? [])].map((src) => html`<script type="module" src="${src}" nonce="${page.nonce}"></script>`)}
</head>
${parts.body}
</html>
`
}

/** The browser modules hold English themselves. */
const scriptWords = (words: Words | undefined): Html | null =>
  words === undefined || words.language === english.language
    ? null
    : html`<template data-words>${JSON.stringify({ ...words.scripts, refused: { ...words.errors.titles, ...words.passkeys.refused } })}</template>`

export function bannerBox(banner: Banner | undefined, { shell }: Words = english): Html | null {
  if (banner === undefined) return null
  return html`<aside class="notice notice-info" aria-label="${banner.name ?? shell.toDo}"><p>${banner.text} <a href="${banner.href}">${banner.label}</a></p>${banner.buttons?.map(oneButton)}</aside>`
}

/** What just happened, spoken by a screen reader when the page loads. */
export function noticeBox(notice: Notice | undefined, { shell }: Words = english): Html | null {
  if (notice === undefined) return null
  return html`<div class="notice notice-${notice.kind}" role="status"><p>${notice.text}</p>${notice.undo && oneButton({ ...notice.undo, label: shell.undo })}</div>`
}

function oneButton({ action, label, hidden = {} }: NonNullable<Banner['buttons']>[number]): Html {
  return html`<form method="post" action="${action}">${Object.entries(hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}<button class="btn btn-quiet" type="submit">${label}</button></form>`
}

/** For how long the step-up still counts, and a button that ends it. The script counts down; without it the minutes stand. */
export function stepUpChip({
  confirmedFor,
  path,
  words = english,
}: Pick<Page, 'confirmedFor' | 'path' | 'words'>): Html | null {
  if (confirmedFor === undefined) return null
  const { stepUp: say } = words.shell
  return html`<form class="step-up" method="post" action="/settings/confirm/drop"><input type="hidden" name="next" value="${path}">
<span>${say.before} <span data-seconds-left="${Math.floor(confirmedFor / 1000)}">${say.minutes(Math.ceil(confirmedFor / 60_000))}</span></span>
<button class="btn btn-quiet" type="submit">${say.end}<span class="visually-hidden"> ${say.what}</span></button></form>`
}

/** Three buttons, each of which sends the form: works without script and changes nothing while one moves over it. */
export function themeForm(page: Pick<Page, 'theme' | 'path' | 'words'>): Html {
  const { shell } = page.words ?? english
  return html`<form class="theme-form" method="post" action="${themeAction}">
<input type="hidden" name="next" value="${page.path}">
<fieldset><legend class="visually-hidden">${shell.theme}</legend>
${themes.map(
  (theme) =>
    html`<button type="submit" name="theme" value="${theme}" aria-pressed="${page.theme === theme ? 'true' : 'false'}">${shell[theme]}</button>`,
)}
</fieldset></form>`
}

/** A button for each language, by its own name: works without script, open to guests (X11). */
export function languageForm(page: Pick<Page, 'path' | 'words' | 'languages'>): Html | null {
  const { words, languages = [] } = page
  if (words === undefined || languages.length < 2) return null
  const { language, shell } = words
  return html`<form class="theme-form" method="post" action="/auth/language">
<input type="hidden" name="next" value="${page.path}">
<fieldset><legend class="visually-hidden">${shell.language}</legend>
${languages.map(
  (known) =>
    html`<button type="submit" name="language" value="${known}" lang="${known}" aria-pressed="${language === known ? 'true' : 'false'}">${languageNames[known]}</button>`,
)}
</fieldset></form>`
}

export interface DefaultLayoutOptions {
  /** Shown in the header and in each title. */
  readonly siteName: string
  /** Turns the path of an asset into the address to link, for example with a version. */
  readonly assetUrl?: (path: string) => string
}

/** The library's own look: one quiet column under the site's name. */
export function createDefaultLayout({ siteName, assetUrl = (path) => path }: DefaultLayoutOptions): Layout {
  return (page) => {
    const { words = english } = page
    const { shell } = words
    return htmlDocument(page, {
      siteName,
      stylesheet: assetUrl('/auth/assets/auth.css'),
      scripts: [assetUrl('/auth/assets/auth.js')],
      body: html`<body class="shell room-${page.room ?? 'text'}">
<a class="skip-link" href="#main">${shell.skip}</a>
<header class="topbar"><a class="wordmark" href="/">${siteName}</a>
${page.user?.role === 'admin' && html`<a href="/admin">${shell.administration}</a>`}${
  page.user !== null &&
  html`<form class="sign-out" method="post" action="/auth/logout"><span class="sign-out-name" dir="auto">${page.user.username}</span> <button class="btn btn-quiet" type="submit">${shell.signOut}</button></form>`
}</header>
<main id="main" tabindex="-1">${stepUpChip(page)}${bannerBox(page.banner, words)}${noticeBox(page.notice, words)}${page.body}</main>
<footer class="footer">${languageForm(page)}${themeForm(page)}</footer>
</body>`,
    })
  }
}

/** What a host app gets that says nothing about its look. */
export const defaultLayout: Layout = createDefaultLayout({ siteName: 'Sign-in' })

import { attributes, button, type Html, html } from '@miachat/auth/views'
import { once } from '../lib/once.ts'
import type { AppWords } from '../words/words.ts'
import { type IconName, icon } from './icons.ts'

/** As many as `styles/_tints.scss` draws. */
const tintCount = 8

/** Whoever can be shown with a face. */
export interface Face {
  readonly id: string | number
  readonly name: string
  /** Local address of a picture. */
  readonly image?: string | null
}

export type AvatarSize = 'small' | 'medium'

const avatarPixels: Readonly<Record<AvatarSize, number>> = { small: 32, medium: 48 }

/** A picture, or the first letter in a colour that stays with the id. Decoration: the name stands beside it. */
export function avatar(face: Face, size: AvatarSize = 'medium'): Html {
  if (face.image) {
    const pixels = avatarPixels[size]
    return html`<img class="avatar avatar-${size}"${attributes({ src: face.image, alt: '', width: pixels, height: pixels })}>`
  }
  return html`<span class="avatar avatar-${size} tint-${tintOf(face.id)}" aria-hidden="true">${monogram(face.name)}</span>`
}

/** 1 to 8, always the same for the same id (FNV-1a). */
export function tintOf(id: string | number): number {
  let hash = 0x811c9dc5
  for (const char of String(id)) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0
  // The low bits of neighbouring ids lie close together; the high ones do not.
  return (((hash ^ (hash >>> 15)) >>> 0) % tintCount) + 1
}

const graphemes = once(() => new Intl.Segmenter(undefined, { granularity: 'grapheme' }))

/** The first letter or figure of a name in any script, as a person would see it. */
export function monogram(name: string): string {
  // Most names need no look at what Unicode puts together, which costs more than the rest of their row.
  const plain = /^[a-z0-9](?=[ -~]|$)/i.exec(name)
  if (plain) return plain[0].toUpperCase()
  let first = '?'
  // Looks no further than it must: nearly always at one letter.
  for (const { segment } of graphemes().segment(name)) {
    if (/[\p{L}\p{N}]/u.test(segment)) return segment.toLocaleUpperCase('en')
    if (first === '?' && segment.trim() !== '') first = segment
  }
  return first.toLocaleUpperCase('en')
}

export interface EmptyStateOptions {
  /** One sentence: what this place is. */
  readonly text: string
  readonly title?: string
  readonly picture?: Html
  /** One main action and at most one quiet one. */
  readonly actions?: Html
}

/** What a list says when it has nothing to show. */
export function emptyState({ title, text, picture, actions }: EmptyStateOptions): Html {
  return html`<div class="empty">${picture}${title !== undefined && html`<h2>${title}</h2>`}<p>${text}</p>${
    actions !== undefined && html`<div class="actions">${actions}</div>`
  }</div>`
}

const badges = {
  stays: 'stays',
  leaves: 'leaves',
  practice: 'practice',
  done: 'tick',
  warning: 'warning',
} as const satisfies Record<string, IconName>

export type BadgeKind = keyof typeof badges

/** A state as icon and word, never colour alone: "stays here", "leaves to api.example.org", "practice". */
export function badge(kind: BadgeKind, word: string): Html {
  return html`<span class="badge badge-${kind}">${icon(badges[kind])}<span>${word}</span></span>`
}

export interface PageHeadOptions {
  readonly title: string
  readonly lead?: Html | string
  /** The main action of a list page: "New character". */
  readonly action?: Html
}

/** Title, a sentence, and the main action. */
export function pageHead({ title, lead, action }: PageHeadOptions): Html {
  return html`<div class="page-head"><div><h1><bdi>${title}</bdi></h1>${lead !== undefined && html`<p class="lead">${lead}</p>`}</div>${action}</div>`
}

/** What a person needs to decide who has changed the same thing in two tabs. `href` shows what is stored. */
export function bothVersions(href: string, { pieces: { both } }: AppWords): Html {
  return html`<p>${both.before}<a href="${href}" target="_blank">${both.link}</a>${both.after}</p>`
}

export interface DeleteFormOptions {
  /** The page of what is to be deleted; the form posts to `/delete` below it. */
  readonly href: string
  /** "Delete character?": the heading, in which a name may stand. */
  readonly title: Html
  readonly words: AppWords
  /** What goes and what stays. */
  readonly text: Html
  /** On the button: "Delete character". */
  readonly label: string
}

/** Asks before something is deleted for good; the way back stands beside the button. */
export function deleteForm({ words, href, title, text, label }: DeleteFormOptions): Html {
  const { pieces: say } = words
  return html`<div class="form-page"><h1>${title}</h1>
<p>${text}</p>
<form method="post" action="${href}/delete" data-once><div class="actions">${button({ label, kind: 'danger', busy: say.deleting })}<a class="btn btn-quiet" href="${href}">${say.keep}</a></div></form></div>`
}

import { attributes, type Html, html } from './html.ts'

export interface RowOptions {
  /** An avatar or icon at the start. */
  readonly lead?: Html
  readonly title: string
  /** Makes the whole row lead there. */
  readonly href?: string
  /** One or two lines below the title; longer text is cut. */
  readonly text?: Html | string
  /** Below the text: a form that opens. */
  readonly below?: Html
  /** Something after the title: a badge. */
  readonly mark?: Html
  /** A form or link of its own at the end. */
  readonly action?: Html
  /** Shows all of the text instead of two lines. */
  readonly whole?: boolean
  /** Marks the row that is open. */
  readonly current?: boolean
}

/** One line of a list. */
export function row({
  lead,
  title,
  href,
  text,
  mark,
  action,
  below,
  current = false,
  whole = false,
}: RowOptions): Html {
  const name =
    href === undefined
      ? html`<span class="row-title"><bdi>${title}</bdi></span>`
      : html`<a class="row-title"${attributes({ href, 'aria-current': current ? 'page' : null })}><bdi>${title}</bdi></a>`
  return html`<li class="row${whole && ' row-whole'}">${lead}<div class="row-body"><div class="row-first">${name}${mark}</div>${text !== undefined && html`<p class="row-text">${typeof text === 'string' ? html`<bdi>${text}</bdi>` : text}</p>`}${below !== undefined && html`<div class="row-below">${below}</div>`}</div>${
    action !== undefined && html`<div class="row-action">${action}</div>`
  }</li>`
}

/** A list of rows, set apart by hairlines. */
export function rowList(rows: readonly Html[]): Html {
  return html`<ul class="rows">${rows}</ul>`
}

export interface SectionOptions {
  /** Also the section's address: `#id`. */
  readonly id: string
  readonly title: string
  readonly intro?: Html | string
  readonly body: Html
  /** A quiet link beside the title. */
  readonly action?: Html
}

/** A part of a page under a heading of its own. */
export function section({ id, title, intro, body, action }: SectionOptions): Html {
  return html`<section class="section" id="${id}" aria-labelledby="${id}-title"><div class="section-head"><h2 id="${id}-title">${title}</h2>${action}</div>
${intro !== undefined && html`<p class="soft">${intro}</p>`}
${body}</section>`
}

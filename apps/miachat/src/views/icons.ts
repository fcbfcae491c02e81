import { type Html, html, raw } from '@miachat/auth/views'

/** Strokes on a 24 × 24 sheet, drawn for MiaChat. Constants: the only text that is put into pages unescaped. */
const strokes = {
  home: '<path d="M4 11.5 12 4.5l8 7"/><path d="M6 10v9h12v-9"/><path d="M10 19v-5h4v5"/>',
  chat: '<path d="M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-4.5 4v-4A2.5 2.5 0 0 1 4 13.5z"/>',
  character: '<circle cx="12" cy="8.5" r="4"/><path d="M4.5 20c.8-3.7 3.7-5.5 7.5-5.5s6.7 1.8 7.5 5.5"/>',
  personality:
    '<path d="M4 7h8m5 0h3M4 17h3m5 0h8"/><circle cx="14.5" cy="7" r="2.3"/><circle cx="9.5" cy="17" r="2.3"/>',
  settings:
    '<circle cx="12" cy="12" r="3"/><path d="M12 3.5v2.5m0 12v2.5M3.5 12H6m12 0h2.5M6 6l1.8 1.8m8.4 8.4L18 18M6 18l1.8-1.8m8.4-8.4L18 6"/>',
  server:
    '<rect x="4" y="4.5" width="16" height="6.5" rx="1.5"/><rect x="4" y="13" width="16" height="6.5" rx="1.5"/><path d="M7.5 7.75h.01M7.5 16.25h.01M11 7.75h5M11 16.25h5"/>',
  stays: '<path d="M4 11.5 12 4.5l8 7"/><path d="M6 10v9h12v-9"/><path d="m9.5 14 2 2 3.5-3.5"/>',
  leaves: '<path d="M13 5h6v6M19 5l-8.5 8.5"/><path d="M17 14v5H5V7h5"/>',
  practice: '<path d="M5 4.5h11a3 3 0 0 1 3 3v12H8a3 3 0 0 1-3-3z"/><path d="M5 16.5a3 3 0 0 1 3-3h11M9 8h6"/>',
  warning: '<path d="M12 4.5 21 19.5H3z"/><path d="M12 10v4.5M12 17v.01"/>',
  tick: '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
  star: '<path d="m12 4 2.4 5.2 5.6.6-4.2 3.8 1.2 5.6-5-2.9-5 2.9 1.2-5.6L4 9.8l5.6-.6z"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  next: '<path d="M5 12h14M13 6l6 6-6 6"/>',
  back: '<path d="M19 12H5M11 6l-6 6 6 6"/>',
  down: '<path d="m6 9 6 6 6-6"/>',
  menu: '<path d="M4 7h16M4 12h16M4 17h16"/>',
  more: '<path d="M5.5 12h.01M12 12h.01M18.5 12h.01" stroke-width="2.6"/>',
  search: '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>',
  close: '<path d="m6 6 12 12M18 6 6 18"/>',
  send: '<path d="M5 12 20 4.5 16 20l-4.5-6z"/><path d="M11.5 14 20 4.5"/>',
  stop: '<rect x="6.5" y="6.5" width="11" height="11" rx="1.5"/>',
  edit: '<path d="m5 19 .8-4L16 4.8 19.2 8 9 18.2z"/>',
  trash: '<path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 12.5h9L17.5 7"/>',
  key: '<circle cx="8" cy="15.5" r="4"/><path d="m11 12.5 8-8M16 7.5l2.5 2.5"/>',
  clock: '<circle cx="12" cy="12" r="8"/><path d="M12 7.5V12l3 2"/>',
  offline:
    '<path d="M4 4l16 16M5 11a10 10 0 0 1 4-2.5M12.5 8A10 10 0 0 1 19 11M8.5 14.5A5 5 0 0 1 12 13M12 18.5v.01"/>',
} as const

export type IconName = keyof typeof strokes

/** A small drawing beside a word. It says nothing by itself and is hidden from screen readers. */
export function icon(name: IconName): Html {
  return html`<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${raw(strokes[name])}</svg>`
}

/** The mark beside the name: a speech bubble that holds an m. */
export function mark(): Html {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path class="mark-bubble" d="M6 2.5h12A3.5 3.5 0 0 1 21.5 6v8a3.5 3.5 0 0 1-3.5 3.5h-6.5L6.2 21.8V17.5H6A3.5 3.5 0 0 1 2.5 14V6A3.5 3.5 0 0 1 6 2.5z"/><path class="mark-m" d="M7.5 13.5V9.2a2.25 2.25 0 0 1 4.5 0v4.3m0-4.3a2.25 2.25 0 0 1 4.5 0v4.3"/></svg>`
}

import type { Html, Page } from '@miachat/auth/views'

/** One page of the gallery: what a handler would hand to the layout. */
export interface Sample extends Pick<Page, 'title' | 'body' | 'room' | 'notice' | 'hasErrors'> {
  readonly name: string
  readonly user: string | null
  readonly path: string
}

/** Every sample sees this moment as now. */
export const now = Date.UTC(2026, 10, 22, 20, 30)
export const minutesAgo = (count: number): number => now - count * 60_000
export const daysAgo = (count: number): number => minutesAgo(count * 1440)

/** 294 characters, with places to break; and a word without one. */
export const longName = 'Maximiliane-Friederike von Wolkenstein-Trostburg '.repeat(6).trim()
export const unbroken = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(4)
export const arabic = 'ليلى الحكيمة'

type More = Partial<Pick<Sample, 'room' | 'notice' | 'hasErrors'>>

/** A page that a guest sees. */
export function guest(name: string, title: string, path: string, body: Html, more: More = {}): Sample {
  return { name, title, path, body, user: null, room: 'form', ...more }
}

/** A page that somebody signed in sees. */
export function member(name: string, title: string, path: string, body: Html, more: More = {}): Sample {
  return { name, title, path, body, user: 'jonas', ...more }
}

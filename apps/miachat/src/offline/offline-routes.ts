import { readFileSync } from 'node:fs'
import { type Route, route } from '@miachat/auth'
import { wordsIn } from '../words/words.ts'
import { offlineView } from './offline-view.ts'

/** The page for when this server cannot be reached, and the worker that keeps it in the browser (https and localhost). */
export function offlineRoutes(siteName: string, fileHeaders: Readonly<Record<string, string>>): Route[] {
  let program: string | null = null
  return [
    route({
      method: 'GET',
      path: '/offline',
      access: 'open',
      summary: 'What the browser shows when the server cannot be reached.',
      handle(exchange) {
        const { words } = exchange
        const say = wordsIn(words.language)
        return exchange.page({ title: say.config.offline.title, words, room: 'form', body: offlineView(siteName, say) })
      },
    }),
    route({
      method: 'GET',
      path: '/offline-worker.js',
      access: 'open',
      summary: 'The worker that keeps that page. It lies at the top, since it may only serve what lies below it.',
      handle() {
        program ??= readFileSync(new URL('./offline-worker.js', import.meta.url), 'utf8')
        const headers = {
          ...fileHeaders,
          'content-type': 'text/javascript; charset=utf-8',
          'cache-control': 'no-cache',
        }
        return new Response(program, { headers })
      },
    }),
  ]
}

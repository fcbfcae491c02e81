import { type Route, route } from '@miachat/auth'
import { type Html, html, section } from '@miachat/auth/views'
import { appWords } from '../lib/own-pages.ts'
import { badge, pageHead } from '../views/pieces.ts'
import type { AppWords } from '../words/words.ts'
import type { Fact, FactGroup } from './server-facts.ts'

type Say = AppWords['config']

export interface ConfigPageDeps {
  readonly groups: (say: Say) => readonly FactGroup[]
  readonly onThisMachine: boolean
}

/** GET /config: what this server runs with and where its data lies. */
export function configPage({ groups, onThisMachine }: ConfigPageDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/config',
      summary: 'What this server runs with and where its data lies.',
      handle(exchange) {
        const { words } = exchange
        const { config: say } = appWords(exchange)
        return exchange.page({ title: say.title, words, body: configView(groups(say), onThisMachine, say) })
      },
    }),
  ]
}

export const configView = (groups: readonly FactGroup[], onThisMachine: boolean, say: Say): Html =>
  html`${pageHead({ title: say.title, lead: say.lead })}
${section({ id: 'model', title: say.model.title, body: modelWords(onThisMachine, say) })}
${groups.map((group) => factSection(group, say))}`

function modelWords(onThisMachine: boolean, { model: say }: Say): Html {
  return html`<p>${badge('practice', say.practice)} ${badge('stays', onThisMachine ? say.onThisMachine : say.onServer)}</p>
<p>${say.text}</p>`
}

function factSection({ id, title, intro, facts }: FactGroup, say: Say): Html {
  return section({
    id,
    title,
    ...(intro !== undefined && { intro }),
    body: html`<dl class="facts">${facts.map((fact) => factRow(fact, say))}</dl>`,
  })
}

function factRow({ label, value, settings, fixed }: Fact, say: Say): Html {
  return html`<dt>${label}</dt><dd>${value}${
    settings.length > 0 &&
    html`<br><span class="soft small">${fixed ? say.setBy : say.default}${settings.map(
      (name, index) => html`${index > 0 && ', '}<code>${name}</code>`,
    )}${!fixed && (settings.length > 1 ? say.changeIt : say.changesIt)}</span>`
  }</dd>`
}

import { type Route, route } from '@miachat/auth'
import { type Html, html, section } from '@miachat/auth/views'
import { badge, pageHead } from '../views/pieces.ts'
import type { Fact, FactGroup } from './server-facts.ts'

export interface ConfigPageDeps {
  readonly groups: readonly FactGroup[]
  readonly onThisMachine: boolean
}

/** GET /config: what this server runs with and where its data lies. */
export function configPage({ groups, onThisMachine }: ConfigPageDeps): Route[] {
  const body = html`${pageHead({
    title: 'Config',
    lead: 'What this server runs with. Whoever runs it changes these by environment variables; they are read at the start.',
  })}
${section({ id: 'model', title: 'Model', body: modelWords(onThisMachine) })}
${groups.map(factSection)}`
  return [
    route({
      method: 'GET',
      path: '/config',
      summary: 'What this server runs with and where its data lies.',
      handle: (exchange) => exchange.page({ title: 'Config', body }),
    }),
  ]
}

function modelWords(onThisMachine: boolean): Html {
  return html`<p>${badge('practice', 'Practice')} ${badge('stays', onThisMachine ? 'Stays on this machine' : 'Stays on this server')}</p>
<p>No AI model is connected: practice replies only. They follow a script, understand little, and say so. Nothing that you write is sent anywhere else.</p>`
}

function factSection({ id, title, intro, facts }: FactGroup): Html {
  return section({
    id,
    title,
    ...(intro !== undefined && { intro }),
    body: html`<dl class="facts">${facts.map(factRow)}</dl>`,
  })
}

function factRow({ label, value, settings, fixed }: Fact): Html {
  return html`<dt>${label}</dt><dd>${value}${
    settings.length > 0 &&
    html`<br><span class="soft small">${fixed ? 'Set by ' : 'Default; '}${settings.map(
      (name, index) => html`${index > 0 && ', '}<code>${name}</code>`,
    )}${!fixed && (settings.length > 1 ? ' change it' : ' changes it')}</span>`
  }</dd>`
}

import { type Html, html, relativeTime, row, rowList, section } from '@miachat/auth/views'
import { talkForm } from '../characters/character-view.ts'
import { icon } from '../views/icons.ts'
import { avatar, badge, type Face } from '../views/pieces.ts'

export interface DashboardView {
  readonly username: string
  /** The last conversation, if there is one. */
  readonly last?: {
    readonly href: string
    readonly face: Face
    /** First words of the last message. */
    readonly words: string
    /** Milliseconds since 1970. */
    readonly at: number
  }
  /** Favourites and those who were talked with last. */
  readonly characters: readonly { readonly face: Face; readonly tagline: string }[]
  /** There are others. */
  readonly hasMore: boolean
  /** Where words go. */
  readonly connection: { readonly kind: 'practice' } | { readonly kind: 'stays' | 'leaves'; readonly name: string }
  /** The three first steps; none are shown once all are done. */
  readonly steps: readonly Step[]
  readonly now: number
}

export interface Step {
  readonly title: string
  readonly text: string
  readonly href: string
  readonly done: boolean
}

/** Home: go on where you left off, or the next step. */
export function dashboardView(view: DashboardView): Html {
  const open = view.steps.some((step) => !step.done)
  return html`<div class="greeting"><h1>Hello, <bdi>${view.username}</bdi></h1></div>
<div class="columns"><div>
${view.last !== undefined && continueSheet(view.last, view.now)}
${open && stepList(view.steps, view.last === undefined)}
${view.characters.length > 0 && characterList(view)}
</div><div>${connectionCard(view.connection)}</div></div>`
}

function continueSheet(last: NonNullable<DashboardView['last']>, now: number): Html {
  return html`<section class="section" aria-labelledby="continue-title"><div class="sheet continue">
${avatar(last.face, 'medium')}
<div class="continue-words"><h2 id="continue-title"><bdi>${last.face.name}</bdi></h2>
<p class="row-text"><bdi>${last.words}</bdi></p><p class="soft">${relativeTime(last.at, now)}</p></div>
<a class="btn btn-primary" href="${last.href}">Continue</a></div></section>`
}

function stepList(steps: readonly Step[], withMain: boolean): Html {
  const next = steps.findIndex((step) => !step.done)
  return section({
    id: 'steps',
    title: 'First steps',
    body: html`<ol class="steps">${steps.map(
      (
        step,
        index,
      ) => html`<li class="step${step.done && ' step-done'}"><span class="step-mark" aria-hidden="true">${step.done ? icon('tick') : index + 1}</span>
<div class="row-body"><h3>${step.done ? step.title : html`<a href="${step.href}">${step.title}</a>`}${step.done && html`<span class="visually-hidden"> (done)</span>`}</h3><p class="soft">${step.text}</p>
${withMain && index === next && html`<a class="btn btn-primary" href="${step.href}" aria-label="Start: ${step.title}">Start</a>`}</div></li>`,
    )}</ol>`,
  })
}

function characterList(view: DashboardView): Html {
  return section({
    id: 'characters',
    title: 'Your characters',
    action: html`<a href="/characters">${view.hasMore ? 'All characters' : 'Manage'}</a>`,
    body: rowList(
      view.characters.map(({ face, tagline }) =>
        row({
          lead: avatar(face),
          title: face.name,
          href: `/characters/${face.id}`,
          text: tagline,
          action: talkForm(String(face.id), face.name),
        }),
      ),
    ),
  })
}

function connectionCard(connection: DashboardView['connection']): Html {
  const [mark, text] =
    connection.kind === 'practice'
      ? [
          badge('practice', 'Practice only'),
          'No AI model is connected. Replies are scripted, for practice, and never leave this server.',
        ]
      : connection.kind === 'stays'
        ? [badge('stays', 'Stays here'), `${connection.name} answers on this machine.`]
        : [badge('leaves', `Leaves to ${connection.name}`), `What you write is sent to ${connection.name}.`]
  return section({
    id: 'connection',
    title: 'Who answers',
    body: html`<div class="sheet"><p>${mark}</p><p>${text}</p><p><a href="/config">How this server is set up</a></p></div>`,
  })
}

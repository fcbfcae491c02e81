import { type Html, html, relativeTime, row, rowList, section, type Words } from '@miachat/auth/views'
import { talkForm } from '../characters/character-view.ts'
import { icon } from '../views/icons.ts'
import { avatar, badge, type Face } from '../views/pieces.ts'
import { wordsIn } from '../words/words.ts'

export interface DashboardView {
  readonly words: Words
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
  const { home: say } = wordsIn(view.words.language)
  const open = view.steps.some((step) => !step.done)
  return html`<div class="greeting"><h1>${say.hello}<bdi>${view.username}</bdi></h1></div>
<div class="columns"><div>
${view.last !== undefined && continueSheet(view.last, view)}
${open && stepList(view, view.last === undefined)}
${view.characters.length > 0 && characterList(view)}
</div><div>${connectionCard(view)}</div></div>`
}

function continueSheet(last: NonNullable<DashboardView['last']>, { words, now }: DashboardView): Html {
  const { home: say } = wordsIn(words.language)
  return html`<section class="section" aria-labelledby="continue-title"><div class="sheet continue">
${avatar(last.face, 'medium')}
<div class="continue-words"><h2 id="continue-title"><bdi>${last.face.name}</bdi></h2>
<p class="row-text"><bdi>${last.words}</bdi></p><p class="soft">${relativeTime(last.at, now, words)}</p></div>
<a class="btn btn-primary" href="${last.href}">${say.goOn}</a></div></section>`
}

function stepList({ words, steps }: DashboardView, withMain: boolean): Html {
  const { home: say } = wordsIn(words.language)
  const next = steps.findIndex((step) => !step.done)
  return section({
    id: 'steps',
    title: say.steps,
    body: html`<ol class="steps">${steps.map(
      (
        step,
        index,
      ) => html`<li class="step${step.done && ' step-done'}"><span class="step-mark" aria-hidden="true">${step.done ? icon('tick') : index + 1}</span>
<div class="row-body"><h3>${step.done ? step.title : html`<a href="${step.href}">${step.title}</a>`}${step.done && html`<span class="visually-hidden"> ${say.done}</span>`}</h3><p class="soft">${step.text}</p>
${withMain && index === next && html`<a class="btn btn-primary" href="${step.href}" aria-label="${say.startWith(step.title)}">${say.start}</a>`}</div></li>`,
    )}</ol>`,
  })
}

function characterList(view: DashboardView): Html {
  const words = wordsIn(view.words.language)
  const { home: say } = words
  return section({
    id: 'characters',
    title: say.characters,
    action: html`<a href="/characters">${view.hasMore ? say.all : say.manage}</a>`,
    body: rowList(
      view.characters.map(({ face, tagline }) =>
        row({
          lead: avatar(face),
          title: face.name,
          href: `/characters/${face.id}`,
          text: tagline,
          action: talkForm(String(face.id), face.name, 'character_id', words),
        }),
      ),
    ),
  })
}

function connectionCard({ words, connection }: DashboardView): Html {
  const { home: say } = wordsIn(words.language)
  const [mark, text] =
    connection.kind === 'practice'
      ? [badge('practice', say.practice), say.practiceText]
      : connection.kind === 'stays'
        ? [badge('stays', say.stays), say.staysText(connection.name)]
        : [badge('leaves', say.leaves(connection.name)), say.leavesText(connection.name)]
  return section({
    id: 'connection',
    title: say.answers,
    body: html`<div class="sheet"><p>${mark}</p><p>${text}</p><p><a href="/config">${say.setUp}</a></p></div>`,
  })
}

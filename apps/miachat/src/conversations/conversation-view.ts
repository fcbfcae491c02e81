import {
  attributes,
  button,
  errorSummary,
  type FormError,
  field,
  type Html,
  html,
  row,
  rowList,
  type Words,
} from '@miachat/auth/views'
import type { CharacterListed } from '../characters/character-store.ts'
import { exampleRows, talkForm } from '../characters/character-view.ts'
import type { FaceOf } from '../views/faces.ts'
import { icon } from '../views/icons.ts'
import { avatar, badge, deleteForm, emptyState } from '../views/pieces.ts'
import { chatHead, chatPage, composer, messageView, type ThreadMessage, threadView } from '../views/thread.ts'
import { type AppWords, wordsIn } from '../words/words.ts'
import type { ConversationListed } from './conversation-store.ts'
import type { ConversationOpen, Message } from './conversations.ts'
import { groupByDay } from './day-groups.ts'

export interface ConversationListView {
  readonly words: Words
  readonly rows: readonly ConversationListed[]
  readonly more: boolean
  readonly now: number
  readonly faceOf: FaceOf
  /** The one that is open. */
  readonly current?: string
  /** The rows come after those of another page. */
  readonly older?: boolean
}

const newConversation = ({ talk }: AppWords): Html =>
  html`<a class="btn btn-secondary" href="/chat/new">${icon('plus')}${talk.new}</a>`

/** The list with an invitation beside it. */
export function conversationListView(view: ConversationListView): Html {
  const words = wordsIn(view.words.language)
  const { talk: say } = words
  const action = newConversation(words)
  const choose = html`<a class="btn btn-primary" href="/chat/new">${say.choose}</a>`
  if (view.rows.length === 0 && view.older) {
    const end = emptyState({
      text: say.noOlder,
      actions: html`<a class="btn btn-secondary" href="/chat">${say.newest}</a>`,
    })
    return chatPage({ words, list: html`<div class="narrow-only">${end}</div>`, action, placeholder: end })
  }
  if (view.rows.length === 0) {
    const empty = emptyState({ text: say.none, actions: choose })
    return chatPage({ words, list: html`<div class="narrow-only">${empty}</div>`, placeholder: empty })
  }
  return chatPage({
    words,
    list: conversationList(view),
    action,
    placeholder: emptyState({ text: say.pick, actions: choose }),
  })
}

function conversationList({ words, rows, more, now, faceOf, current }: ConversationListView): Html {
  const { talk: say } = wordsIn(words.language)
  const days = { ...say, locale: words.time.locale }
  const last = rows.at(-1)
  return html`${groupByDay(rows, (conversation) => conversation.last_message_at, now, days).map(
    ({ label, items }) =>
      html`${current === undefined ? html`<h2 class="day">${label}</h2>` : html`<h3 class="day">${label}</h3>`}${rowList(
        items.map((conversation) =>
          row({
            lead: avatar(faceOf({ ...conversation, id: conversation.character_id }), 'small'),
            title: titleOf(conversation, say),
            href: `/chat/${conversation.id}`,
            text: conversation.title === null ? '' : conversation.name,
            current: conversation.id === current,
          }),
        ),
      )}`,
  )}${more && last && html`<p><a class="btn btn-quiet" href="/chat?after=${last.id}">${say.older}</a></p>`}`
}

export const titleOf = (
  { title, name }: { readonly title: string | null; readonly name: string },
  say: AppWords['talk'],
): string => title ?? say.untitled(name)

export interface ThreadView extends Omit<ConversationListView, 'current'> {
  readonly conversation: ConversationOpen
  readonly composer: { readonly value: string; readonly error?: string | undefined; readonly clientKey: string }
  readonly mostCharacters: number
}

export function conversationView(view: ThreadView): Html {
  const { conversation, now, faceOf } = view
  const words = wordsIn(view.words.language)
  const { talk: say } = words
  const face = faceOf({ ...conversation, id: conversation.character_id })
  const { id, messages } = conversation
  return chatPage({
    words,
    list: conversationList({ ...view, current: id }),
    action: newConversation(words),
    placeholder: html``,
    conversation: html`${chatHead({
      words,
      face,
      state: badge('practice', say.practice),
      action: conversationMenu(conversation, say),
    })}
${threadView(
  messages.map((message) => shownMessage(message, say)),
  face,
  now,
  {
    words: view.words,
    before: html`${conversation.earlierThan !== null ? html`<p class="thread-link"><a class="btn btn-quiet" href="/chat/${id}?before=${conversation.earlierThan}#last">${say.earlier}</a></p>` : disclosure(conversation, say)}`,
    after: html`${messages.length === 0 && !conversation.isEarlier && html`<p class="soft thread-link" data-nothing-said>${say.nothingSaid}</p>`}${
      conversation.isEarlier &&
      html`<p class="thread-link"><a class="btn btn-secondary" href="/chat/${id}#last">${say.backToNewest}</a></p>`
    }`,
  },
)}
${!conversation.isEarlier && composing(view, face)}`,
  })
}

/** At the start of each conversation, and one tap away in its menu. */
function disclosure({ name }: ConversationOpen, say: AppWords['talk']): Html {
  return html`<p class="thread-note soft"><bdi>${name}</bdi>${say.fictional}</p>`
}

function composing(
  { words, conversation, composer: shown, mostCharacters, now }: ThreadView,
  face: ReturnType<FaceOf>,
): Html {
  const { talk: say } = wordsIn(words.language)
  const empty = { id: 'new', text: '', at: now }
  return html`<p class="visually-hidden" role="status" data-announcer></p>
<div class="thread-below"><button class="btn btn-secondary" type="button" hidden data-to-newest>${icon('down')}${say.newBelow}</button></div>
<template data-person>${messageView({ ...empty, from: 'person' }, face, now, words)}</template>
<template data-character>${messageView({ ...empty, from: 'character', label: say.practiceReply }, face, now, words)}</template>
${composer({
  words,
  action: `/chat/${conversation.id}/messages`,
  name: 'text',
  to: conversation.name,
  value: shown.value,
  error: shown.error,
  hidden: { client_key: shown.clientKey },
  more: {
    'data-conversation': conversation.id,
    'data-most': mostCharacters,
    'data-words': JSON.stringify({
      ...say.script,
      most: say.script.most(mostCharacters.toLocaleString(words.language)),
    }),
  },
})}`
}

const shownMessage = ({ id, from, text, at, madeBy }: Message, say: AppWords['talk']): ThreadMessage => ({
  id,
  from,
  text,
  at,
  ...(madeBy === 'practice' && { label: say.practiceReply }),
})

function conversationMenu(conversation: ConversationOpen, say: AppWords['talk']): Html {
  const { id, name, hasNewerVersion, characterDeleted, character_id } = conversation
  return html`<details class="menu menu-here" name="menu"><summary>${icon('more')}<span class="visually-hidden">${say.menu.label}</span></summary>
<div class="menu-panel"><p class="menu-text" dir="auto" data-title>${titleOf(conversation, say)}</p>
<p class="menu-text soft"><bdi>${name}</bdi>${say.menu.about}</p>
${hasNewerVersion && html`<p class="menu-text soft">${say.menu.earlierVersion}</p>`}
${characterDeleted ? html`<p class="menu-text soft">${say.menu.characterDeleted}</p>` : html`<a class="btn btn-quiet" href="/characters/${character_id}">${say.menu.character}</a>`}
<a class="btn btn-quiet" href="/chat/${id}/rename">${say.menu.rename}</a><a class="btn btn-quiet" href="/chat/${id}/delete">${say.menu.delete}</a></div></details>`
}

export interface RenameView {
  readonly words: Words
  readonly id: string
  readonly title: string
  readonly errors: readonly FormError[]
}

export function renameView({ words, id, title, errors }: RenameView): Html {
  const { rename: say } = wordsIn(words.language).talk
  return html`<div class="form-page">${errorSummary(errors, words.problems.summary)}<h1>${say.title}</h1>
<form method="post" action="/chat/${id}/rename" data-once>${field({ words, name: 'title', label: say.label, value: title, error: errors[0]?.message, autocomplete: 'off', dir: 'auto' })}
<div class="actions">${button({ label: say.save, busy: say.saving })}<a class="btn btn-quiet" href="/chat/${id}">${say.leave}</a></div></form></div>`
}

export function deleteView(
  { id, title, name }: Pick<ConversationListed, 'id' | 'title' | 'name'>,
  words: AppWords,
): Html {
  const { remove: say } = words.talk
  return deleteForm({
    words,
    href: `/chat/${id}`,
    title: html`${say.ask}`,
    text: html`${say.before}<bdi>${titleOf({ title, name }, words.talk)}</bdi>${say.with}<bdi>${name}</bdi>${say.after}`,
    label: say.submit,
  })
}

export interface DeleteManyView {
  readonly words: AppWords
  /** Null for all. */
  readonly character: string | null
  readonly name: string | null
  readonly count: number
}

/** All conversations, or all with one character. */
export function deleteManyView({ words, character, name, count }: DeleteManyView): Html {
  const { remove: say } = words.talk
  const back = character === null ? '/settings/privacy' : `/characters/${character}`
  const who = html`<bdi>${name}</bdi>`
  if (count === 0) {
    const none = name === null ? say.noneAtAll : html`${say.noneWith.before}${who}${say.noneWith.after}`
    return html`<div class="form-page"><h1>${say.nothing}</h1><p>${none}</p><p><a class="btn btn-secondary" href="${back}">${say.back}</a></p></div>`
  }
  const ask = name === null ? say.askAll : html`${say.askAllWith.before}${who}${say.askAllWith.after}`
  const goes = name === null ? say.all(count) : html`${say.allWith.before(count)}${who}${say.allWith.after(count)}`
  return html`<div class="form-page"><h1>${ask}</h1>
<p>${goes}</p>
<form method="post" action="/chat/delete" data-once><input type="hidden"${attributes(character === null ? { name: 'all', value: 'yes' } : { name: 'character_id', value: character })}>
<div class="actions">${button({ label: say.submitAll(count), kind: 'danger', busy: say.deleting })}<a class="btn btn-quiet" href="${back}">${say.keep(count)}</a></div></form></div>`
}

export interface ChooseView {
  readonly words: AppWords
  readonly characters: readonly CharacterListed[]
  readonly faceOf: FaceOf
}

/** Whom to talk to. */
export function chooseView({ words, characters, faceOf }: ChooseView): Html {
  const { who: say } = words.talk
  return html`<h1>${say.ask}</h1>${
    characters.length === 0
      ? html`<p class="lead">${say.begin}<a href="/characters/new">${say.make}</a>${say.end}</p>${exampleRows(faceOf, words, (key, name) => talkForm(key, name, 'example', words))}`
      : html`${rowList(
          characters.map((character) =>
            row({
              lead: avatar(faceOf(character)),
              title: character.name,
              text: character.tagline,
              action: talkForm(character.id, character.name, 'character_id', words),
            }),
          ),
        )}<p><a href="/characters">${say.all}</a></p>`
  }`
}

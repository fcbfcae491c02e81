import {
  attributes,
  button,
  errorSummary,
  type FormError,
  field,
  type Html,
  html,
  plural,
  row,
  rowList,
} from '@miachat/auth/views'
import type { CharacterListed } from '../characters/character-store.ts'
import { exampleRows, talkForm } from '../characters/character-view.ts'
import { PRACTICE_LABEL } from '../practice/practice-reply.ts'
import type { FaceOf } from '../views/faces.ts'
import { icon } from '../views/icons.ts'
import { avatar, badge, deleteForm, emptyState } from '../views/pieces.ts'
import { chatHead, chatPage, composer, messageView, type ThreadMessage, threadView } from '../views/thread.ts'
import type { ConversationListed } from './conversation-store.ts'
import type { ConversationOpen, Message } from './conversations.ts'
import { groupByDay } from './day-groups.ts'

export interface ConversationListView {
  readonly rows: readonly ConversationListed[]
  readonly more: boolean
  readonly now: number
  readonly faceOf: FaceOf
  /** The one that is open. */
  readonly current?: string
  /** The rows come after those of another page. */
  readonly older?: boolean
}

const newConversation = html`<a class="btn btn-secondary" href="/chat/new">${icon('plus')}New</a>`

/** The list with an invitation beside it. */
export function conversationListView(view: ConversationListView): Html {
  const choose = html`<a class="btn btn-primary" href="/chat/new">Choose a character</a>`
  if (view.rows.length === 0 && view.older) {
    const end = emptyState({
      text: 'There are no older conversations.',
      actions: html`<a class="btn btn-secondary" href="/chat">The newest</a>`,
    })
    return chatPage({ list: html`<div class="narrow-only">${end}</div>`, action: newConversation, placeholder: end })
  }
  if (view.rows.length === 0) {
    const empty = emptyState({ text: 'No conversations yet. Pick someone to talk to.', actions: choose })
    return chatPage({ list: html`<div class="narrow-only">${empty}</div>`, placeholder: empty })
  }
  return chatPage({
    list: conversationList(view),
    action: newConversation,
    placeholder: emptyState({ text: 'Pick a conversation, or begin a new one.', actions: choose }),
  })
}

function conversationList({ rows, more, now, faceOf, current }: ConversationListView): Html {
  const last = rows.at(-1)
  return html`${groupByDay(rows, (conversation) => conversation.last_message_at, now).map(
    ({ label, items }) =>
      html`${current === undefined ? html`<h2 class="day">${label}</h2>` : html`<h3 class="day">${label}</h3>`}${rowList(
        items.map((conversation) =>
          row({
            lead: avatar(faceOf({ ...conversation, id: conversation.character_id }), 'small'),
            title: titleOf(conversation),
            href: `/chat/${conversation.id}`,
            text: conversation.title === null ? '' : conversation.name,
            current: conversation.id === current,
          }),
        ),
      )}`,
  )}${more && last && html`<p><a class="btn btn-quiet" href="/chat?after=${last.id}">Older conversations</a></p>`}`
}

export const titleOf = ({ title, name }: { readonly title: string | null; readonly name: string }): string =>
  title ?? `New talk with ${name}`

export interface ThreadView extends Omit<ConversationListView, 'current'> {
  readonly conversation: ConversationOpen
  readonly composer: { readonly value: string; readonly error?: string | undefined; readonly clientKey: string }
  readonly mostCharacters: number
}

export function conversationView(view: ThreadView): Html {
  const { conversation, now, faceOf } = view
  const face = faceOf({ ...conversation, id: conversation.character_id })
  const { id, messages } = conversation
  return chatPage({
    list: conversationList({ ...view, current: id }),
    action: newConversation,
    placeholder: html``,
    conversation: html`${chatHead({
      face,
      state: badge('practice', 'Practice — scripted, no AI model is connected'),
      action: conversationMenu(conversation),
    })}
${threadView(messages.map(shownMessage), face, now, {
  before: html`${conversation.earlierThan !== null ? html`<p class="thread-link"><a class="btn btn-quiet" href="/chat/${id}?before=${conversation.earlierThan}#last">Show earlier</a></p>` : disclosure(conversation)}`,
  after: html`${messages.length === 0 && !conversation.isEarlier && html`<p class="soft thread-link" data-nothing-said>Nothing was said yet. The first word is yours.</p>`}${
    conversation.isEarlier &&
    html`<p class="thread-link"><a class="btn btn-secondary" href="/chat/${id}#last">Back to the newest</a></p>`
  }`,
})}
${!conversation.isEarlier && composing(view, face)}`,
  })
}

/** At the start of each conversation, and one tap away in its menu. */
function disclosure({ name }: ConversationOpen): Html {
  return html`<p class="thread-note soft"><bdi>${name}</bdi> is a fictional character. Nobody here is a person but you.</p>`
}

function composing({ conversation, composer: shown, mostCharacters, now }: ThreadView, face: ReturnType<FaceOf>): Html {
  const empty = { id: 'new', text: '', at: now }
  return html`<p class="visually-hidden" role="status" data-announcer></p>
<div class="thread-below"><button class="btn btn-secondary" type="button" hidden data-to-newest>${icon('down')}New text below</button></div>
<template data-person>${messageView({ ...empty, from: 'person' }, face, now)}</template>
<template data-character>${messageView({ ...empty, from: 'character', label: PRACTICE_LABEL }, face, now)}</template>
${composer({
  action: `/chat/${conversation.id}/messages`,
  name: 'text',
  to: conversation.name,
  value: shown.value,
  error: shown.error,
  hidden: { client_key: shown.clientKey },
  more: { 'data-conversation': conversation.id, 'data-most': mostCharacters },
})}`
}

const labels: ReadonlyMap<string, string> = new Map([['practice', PRACTICE_LABEL]])

function shownMessage({ id, from, text, at, madeBy }: Message): ThreadMessage {
  const label = labels.get(madeBy)
  return { id, from, text, at, ...(label === undefined ? {} : { label }) }
}

function conversationMenu(conversation: ConversationOpen): Html {
  const { id, name, hasNewerVersion, characterDeleted, character_id } = conversation
  return html`<details class="menu menu-here" name="menu"><summary>${icon('more')}<span class="visually-hidden">About this conversation</span></summary>
<div class="menu-panel"><p class="menu-text" dir="auto" data-title>${titleOf(conversation)}</p>
<p class="menu-text soft"><bdi>${name}</bdi> is a fictional character. Replies here are scripted for practice: no AI model is connected, and your words stay on this server.</p>
${hasNewerVersion && html`<p class="menu-text soft">This talk began with an earlier version of the character and keeps it.</p>`}
${characterDeleted ? html`<p class="menu-text soft">The character was deleted; this talk keeps it as it was.</p>` : html`<a class="btn btn-quiet" href="/characters/${character_id}">Open character</a>`}
<a class="btn btn-quiet" href="/chat/${id}/rename">Rename</a><a class="btn btn-quiet" href="/chat/${id}/delete">Delete…</a></div></details>`
}

export interface RenameView {
  readonly id: string
  readonly title: string
  readonly errors: readonly FormError[]
}

export function renameView({ id, title, errors }: RenameView): Html {
  return html`<div class="form-page">${errorSummary(errors)}<h1>Rename conversation</h1>
<form method="post" action="/chat/${id}/rename" data-once>${field({ name: 'title', label: 'Title', value: title, error: errors[0]?.message, autocomplete: 'off', dir: 'auto' })}
<div class="actions">${button({ label: 'Save', busy: 'Saving…' })}<a class="btn btn-quiet" href="/chat/${id}">Leave it</a></div></form></div>`
}

export function deleteView({ id, title, name }: Pick<ConversationListed, 'id' | 'name'> & { readonly title: string }) {
  return deleteForm({
    href: `/chat/${id}`,
    title: html`Delete this conversation?`,
    words: html`“<bdi>${title}</bdi>” with <bdi>${name}</bdi> and all its messages are deleted. For a minute you can take it back, then they are gone for good.`,
    label: 'Delete conversation',
  })
}

export interface DeleteManyView {
  /** Null for all. */
  readonly character: string | null
  readonly name: string | null
  readonly count: number
}

/** All conversations, or all with one character. */
export function deleteManyView({ character, name, count }: DeleteManyView): Html {
  const back = character === null ? '/settings/privacy' : `/characters/${character}`
  const whose = name === null ? '' : html` with <bdi>${name}</bdi>`
  if (count === 0) {
    return html`<div class="form-page"><h1>Nothing to delete</h1><p>You have no conversations${whose}.</p><p><a class="btn btn-secondary" href="${back}">Back</a></p></div>`
  }
  return html`<div class="form-page"><h1>Delete ${name === null ? 'all conversations' : html`all conversations${whose}`}?</h1>
<p>${plural(count, 'conversation', 'conversations')}${whose} and all messages in ${count === 1 ? 'it' : 'them'} are deleted. For a minute you can take it back, then they are gone for good. ${name === null ? 'Your characters stay.' : 'The character stays.'}</p>
<form method="post" action="/chat/delete" data-once><input type="hidden"${attributes(character === null ? { name: 'all', value: 'yes' } : { name: 'character_id', value: character })}>
<div class="actions">${button({ label: `Delete ${plural(count, 'conversation', 'conversations')}`, kind: 'danger', busy: 'Deleting…' })}<a class="btn btn-quiet" href="${back}">Keep ${count === 1 ? 'it' : 'them'}</a></div></form></div>`
}

export interface ChooseView {
  readonly characters: readonly CharacterListed[]
  readonly faceOf: FaceOf
}

/** Whom to talk to. */
export function chooseView({ characters, faceOf }: ChooseView): Html {
  return html`<h1>Who do you want to talk to?</h1>${
    characters.length === 0
      ? html`<p class="lead">Begin with an example: you get a copy of your own. Or <a href="/characters/new">make a character</a>.</p>${exampleRows(faceOf, (key, name) => talkForm(key, name, 'example'))}`
      : html`${rowList(
          characters.map((character) =>
            row({
              lead: avatar(faceOf(character)),
              title: character.name,
              text: character.tagline,
              action: talkForm(character.id, character.name),
            }),
          ),
        )}<p><a href="/characters">All characters and examples</a></p>`
  }`
}

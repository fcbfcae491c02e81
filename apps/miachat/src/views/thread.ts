import { attributes, fieldError, type Html, html, relativeTime, type Words } from '@miachat/auth/views'
import { type AppWords, wordsIn } from '../words/words.ts'
import { icon } from './icons.ts'
import { avatar, type Face } from './pieces.ts'

export interface ThreadMessage {
  readonly id: string | number
  /** `notice` is the app's own word and never looks as if a character said it. */
  readonly from: 'person' | 'character' | 'notice'
  readonly text: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** What must be known of it: that a script wrote it. */
  readonly label?: string
}

/** One utterance. Text is text: escaped, line breaks kept (RED-03). */
export function messageView(message: ThreadMessage, face: Face, now: number, words: Words): Html {
  if (message.from === 'notice') {
    return html`<div class="message message-notice" id="message-${message.id}">${icon('warning')}<p dir="auto">${message.text}</p></div>`
  }
  const speaker = message.from === 'person' ? wordsIn(words.language).talk.you : face.name
  return html`<article class="message message-${message.from}" id="message-${message.id}" aria-label="${speaker}">
${message.from === 'character' && avatar(face, 'small')}
<div class="message-body"><p class="message-by"><span dir="auto">${speaker}</span> ${relativeTime(message.at, now, words)}</p>
<div class="message-text" dir="auto">${message.text}</div>${message.label !== undefined && html`<p class="message-label">${message.label}</p>`}</div>
</article>`
}

/** All that was said so far. It opens at its end without script, and can be scrolled by keyboard. */
export function threadView(
  messages: readonly ThreadMessage[],
  face: Face,
  now: number,
  { before, after, words }: { readonly before?: Html; readonly after?: Html; readonly words: Words },
): Html {
  const { talk: say } = wordsIn(words.language)
  return html`<div class="thread" role="log" aria-live="off" aria-label="${say.with(face.name)}" tabindex="0" data-thread><div class="thread-column">${before}<div data-messages>${messages.map(
    (message) => messageView(message, face, now, words),
  )}</div>${after}<div id="last"></div></div></div>`
}

export interface ComposerOptions {
  readonly words: Words
  readonly action: string
  readonly name: string
  /** To whom one writes. */
  readonly to: string
  readonly value?: string
  readonly error?: string | undefined
  /** Hidden fields, such as the key that keeps a message from being sent twice. */
  readonly hidden?: Readonly<Record<string, string | number>>
  /** What its script needs to know. */
  readonly more?: Readonly<Record<`data-${string}`, string | number>>
}

/** Where one writes: a plain form that sends by navigation, made quicker by script. */
export function composer({
  words,
  action,
  name,
  to,
  value = '',
  error,
  hidden = {},
  more = {},
}: ComposerOptions): Html {
  const { talk: say } = wordsIn(words.language)
  return html`<form class="composer" method="post" action="${action}" data-composer${attributes(more)}>
${Object.entries(hidden).map(([key, text]) => html`<input type="hidden" name="${key}" value="${text}">`)}
${error !== undefined && fieldError('composer', error, words)}
<div class="composer-box"><label class="visually-hidden" for="composer-text">${say.messageTo(to)}</label>
<textarea id="composer-text" rows="1" required dir="auto"${attributes({
    name,
    placeholder: say.writeTo(briefName(to)),
    'aria-invalid': error !== undefined ? 'true' : null,
    'aria-describedby': error !== undefined ? 'composer-error' : null,
    enterkeyhint: 'send',
  })}>
${value}</textarea>
<button class="btn btn-primary composer-send" type="submit">${icon('send')}<span class="visually-hidden">${say.send}</span></button></div>
</form>`
}

/** At most 24 characters: whole ones, so that an emoji is not cut in half. */
function briefName(name: string): string {
  const characters = [...name]
  return characters.length > 24 ? `${characters.slice(0, 23).join('').trimEnd()}…` : name
}

export interface ChatPageOptions {
  readonly words: AppWords
  /** Rows of `rowList`, or an empty state. */
  readonly list: Html
  /** Head, thread and composer; none shows the list alone on a phone. */
  readonly conversation?: Html
  /** Beside the list while none is open, on wide windows. */
  readonly placeholder: Html
  /** "New conversation". */
  readonly action?: Html
}

/** The whole window: list at the side, conversation beside it; on a phone one of the two. Use with `room: 'full'`. */
export function chatPage({ words: { talk: say }, list, conversation, placeholder, action }: ChatPageOptions): Html {
  return html`<div class="chat${conversation !== undefined && ' chat-open'}">
<section class="chat-list" aria-label="${say.list}"><div class="section-head">${conversation === undefined ? html`<h1>${say.title}</h1>` : html`<h2>${say.title}</h2>`}${action}</div>${list}</section>
<section class="chat-main" aria-label="${say.conversation}">${conversation ?? placeholder}</section>
</div>`
}

export interface ChatHeadOptions {
  readonly words: AppWords
  readonly face: Face
  /** Where the words go and who answers: badges. */
  readonly state: Html
  readonly action?: Html
}

/** Whom one talks with, and where the words go. */
export function chatHead({ words, face, state, action }: ChatHeadOptions): Html {
  return html`<header class="chat-head"><a class="btn btn-quiet chat-back" href="/chat">${icon('back')}<span class="visually-hidden">${words.talk.all}</span></a>${avatar(face, 'small')}<h1><bdi>${face.name}</bdi></h1><div class="chat-state">${state}</div>${action}</header>`
}

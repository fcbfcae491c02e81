// A conversation without reloading. Everything here also works without it, by navigation.

// On a computer that others use, too, no draft is kept, and none of before is shown.
const keepsDrafts = !('shared' in document.documentElement.dataset)

// What the server refuses, by the code of its answer; anything else is only told to have failed.
const refusals = {
  conflict: 'full',
  not_found: 'gone',
  overloaded: 'busy',
  store_unavailable: 'busy',
  too_many_attempts: 'tooOften',
}

const form = document.querySelector('[data-composer]')
if (form) converse(form)

function converse(form) {
  const box = form.querySelector('textarea')
  const send = form.querySelector('[type=submit]')
  const thread = document.querySelector('[data-thread]')
  const messages = document.querySelector('[data-messages]')
  const announcer = document.querySelector('[data-announcer]')
  const toNewest = document.querySelector('[data-to-newest]')
  const { conversation, most } = form.dataset
  const words = JSON.parse(form.dataset.words)
  // What the person has chosen in the settings.
  const { sendWith, reading, follow } = document.documentElement.dataset
  const draftKey = `miachat.draft.${conversation}`
  const exact = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'long', timeStyle: 'short' })
  let sending = false
  // A key is for one text: words that were changed after a lost answer are another message.
  let attempt = null

  // The draft of this conversation, unless the server gave back what was refused.
  if (box.value === '') box.value = readDraft(draftKey)
  grow()
  box.addEventListener('input', () => {
    keepDraft(draftKey, box.value)
    grow()
  })

  box.addEventListener('keydown', (event) => {
    // While an input method composes, Enter chooses a word; Safari says so by key code 229 only.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
    if (sendWith === 'ctrl-enter' && !event.ctrlKey && !event.metaKey) return
    // Without a hardware keyboard Enter is the only way to make a line.
    if (matchMedia('(pointer: coarse)').matches) return
    event.preventDefault()
    if (box.value.trim() !== '') form.requestSubmit()
  })

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (!sending && box.value.trim() !== '') say(box.value)
  })

  thread.addEventListener('scroll', () => {
    if (atEnd()) toNewest.parentElement.hidden = true
  })
  toNewest.addEventListener('click', () => {
    thread.scrollTop = 0
    toNewest.parentElement.hidden = true
    box.focus()
  })
  toNewest.hidden = false
  toNewest.parentElement.hidden = true

  async function say(text) {
    if ([...text].length > Number(most)) {
      return complain(words.most)
    }
    sending = true
    send.setAttribute('aria-disabled', 'true')
    complain(null)
    announcer.textContent = ''
    const own = append('person', { text, at: new Date().toISOString() })
    box.value = ''
    grow()
    if (attempt?.text !== text) attempt = { text, key: newKey() }
    try {
      const problem = await deliver(attempt, own)
      if (problem) giveBack(text, own, problem)
      else {
        attempt = null
        keepDraft(draftKey, box.value)
      }
    } finally {
      sending = false
      send.removeAttribute('aria-disabled')
    }
  }

  function giveBack(text, own, problem) {
    own.remove()
    // What was typed in the meantime stays too.
    box.value = box.value === '' ? text : `${text}\n${box.value}`
    keepDraft(draftKey, box.value)
    grow()
    complain(problem)
  }

  /** Nothing when it went well, else what to tell. The same key again never stores twice, so trying again is safe. */
  async function deliver({ text, key }, own) {
    let response
    try {
      response = await fetch(form.action, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ text, client_key: key }),
      })
    } catch {
      return words.noAnswer
    }
    const answer = (await response.json().catch(() => null)) ?? {}
    if (response.status === 401) return signInAgain()
    if (!response.ok) return words[refusals[answer.code]] ?? words.failed
    // The sign-in page of a hotel's network answers 200 to everything.
    if (!answer.message || !answer.reply) return words.otherServer
    own.id = `message-${answer.message.id}`
    const name = append('character', answer.reply).getAttribute('aria-label')
    const isShort = answer.reply.text.length <= 600
    const whole = isShort ? answer.reply.text : words.longReply
    const spoken = reading === 'short' ? words.reply : whole
    announcer.textContent = `${name}: ${spoken}`
    showTitle(answer.title, name)
    return null
  }

  /** A conversation gets its title from its first words: the list beside it and the window say it at once. */
  function showTitle(title, name) {
    if (!title) return
    document.title = document.title.replace(document.querySelector('[data-title]').textContent, () => title)
    document.querySelector('[data-title]').textContent = title
    const row = document.querySelector('.chat-list [aria-current=page]')?.closest('.row')
    if (!row) return
    row.querySelector('.row-title bdi').textContent = title
    row.querySelector('.row-text bdi').textContent = name
  }

  function signInAgain() {
    const link = document.createElement('a')
    link.href = `/auth/login?next=${encodeURIComponent(location.pathname)}`
    link.textContent = words.signIn
    const sentence = document.createDocumentFragment()
    sentence.append(words.signedOut, link, words.kept)
    return sentence
  }

  function append(from, { id = 'new', text, at }) {
    document.querySelector('[data-nothing-said]')?.remove()
    const message = document.querySelector(`template[data-${from}]`).content.firstElementChild.cloneNode(true)
    message.id = `message-${id}`
    message.classList.add('message-new')
    message.querySelector('.message-text').textContent = text
    const time = message.querySelector('time')
    time.dateTime = at
    time.title = exact.format(new Date(at))
    time.textContent = words.justNow
    const stays = atEnd()
    const before = thread.scrollHeight
    const place = thread.scrollTop
    messages.append(message)
    // The thread is laid out from its end: what is read higher up must not move.
    if (stays && follow !== 'off') thread.scrollTop = 0
    else {
      thread.scrollTop = place - (thread.scrollHeight - before)
      toNewest.parentElement.hidden = false
    }
    return message
  }

  function atEnd() {
    return Math.abs(thread.scrollTop) < 24
  }

  function complain(sentence) {
    form.querySelector('#composer-error')?.remove()
    box.removeAttribute('aria-invalid')
    box.removeAttribute('aria-describedby')
    if (sentence === null) return
    const error = document.createElement('p')
    error.className = 'field-error'
    error.id = 'composer-error'
    error.setAttribute('role', 'alert')
    error.append(sentence)
    form.prepend(error)
    box.setAttribute('aria-describedby', error.id)
    box.focus()
  }

  function grow() {
    if (CSS.supports('field-sizing', 'content')) return
    box.style.height = 'auto'
    box.style.height = `${box.scrollHeight}px`
  }
}

/** crypto.randomUUID is missing on plain http addresses of a home network. */
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

// A browser may refuse storage: then there are no drafts, and everything else goes on.
function readDraft(key) {
  if (!keepsDrafts) return ''
  try {
    return localStorage.getItem(key) ?? ''
  } catch {
    return ''
  }
}

function keepDraft(key, text) {
  if (!keepsDrafts) return
  try {
    if (text === '') localStorage.removeItem(key)
    else localStorage.setItem(key, text)
  } catch {
    return
  }
}

// Makes forms quicker and kinder; every page works without it. No imports: one small file for all pages.

/** The same in `words/en/scripts.ts`; a page in another language brings its own. */
const english = {
  capsLock: 'Caps Lock is on.',
  copied: 'Copied.',
  notCopied: 'The browser did not let this page copy them. They are selected: copy them yourself.',
  newTab: 'Sign in in a new tab',
  signedOut: 'You were signed out. What you typed is still here: ',
  thenSend: ', then send it.',
}
const brought = JSON.parse(document.querySelector('template[data-words]')?.content.textContent ?? '{}')
const say = { ...english, ...brought.page }

const busyAfter = 300
const adviceAfter = 700

document.querySelector('[data-error-summary]')?.focus()

document.addEventListener('click', (event) => {
  if (!(event.target instanceof Element)) return
  const toggle = event.target.closest('[data-password-toggle]')
  if (toggle) showPassword(toggle, toggle.getAttribute('aria-pressed') !== 'true')
  const link = event.target.closest('[data-error-summary] a')
  if (link) focusField(event, link)
})

for (const toggle of document.querySelectorAll('[data-password-toggle]')) toggle.hidden = false

function showPassword(toggle, shown) {
  const input = document.getElementById(toggle.getAttribute('aria-controls'))
  const caret = input.selectionStart
  input.type = shown ? 'text' : 'password'
  toggle.setAttribute('aria-pressed', String(shown))
  toggle.querySelector('[data-password-word]').textContent = shown ? toggle.dataset.hide : toggle.dataset.show
  if (caret !== null) input.setSelectionRange(caret, caret)
}

function focusField(event, link) {
  const input = document.getElementById(link.hash.slice(1))
  if (!input) return
  event.preventDefault()
  input.scrollIntoView({ block: 'center' })
  input.focus()
}

// Caps Lock: only a key event tells.
document.addEventListener('keyup', capsLock)
document.addEventListener('keydown', capsLock)

function capsLock(event) {
  if (!(event.target instanceof HTMLInputElement) || event.getModifierState === undefined) return
  const hint = document.querySelector(`[data-caps-lock="${CSS.escape(event.target.id)}"]`)
  if (!hint) return
  const words = event.getModifierState('CapsLock') ? say.capsLock : ''
  if (hint.textContent !== words) hint.textContent = words
}

document.addEventListener('submit', (event) => {
  const form = event.target
  // Shown passwords become hidden again, or the browser would keep them as ordinary text.
  for (const toggle of form.querySelectorAll('[data-password-toggle]')) showPassword(toggle, false)
  // A second button that asks for a look only sends the form elsewhere, and may be pressed again.
  if (!form.hasAttribute('data-once') || event.submitter?.hasAttribute('formaction')) return
  if (form.dataset.sent) return event.preventDefault()
  form.dataset.sent = 'yes'
  const button = event.submitter ?? form.querySelector('[type=submit]')
  if (button) setTimeout(() => sayBusy(button), busyAfter)
})

function sayBusy(button) {
  button.style.minWidth = `${button.offsetWidth}px`
  button.setAttribute('aria-disabled', 'true')
  if (button.dataset.busy) {
    button.dataset.idle = button.textContent
    button.textContent = button.dataset.busy
  }
}

// What is made in the background: looked at again until it is ready. Only this part is replaced, so that no focus is lost.
async function lookAgain() {
  const making = document.querySelector('[data-look-again]')
  if (!making) return
  try {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html')
    const place = making.closest('section')
    const fresh = page.getElementById(place.id)
    if (fresh) place.replaceWith(fresh)
  } catch {
    // Away for a moment: the next look may come through.
  }
  setTimeout(lookAgain, 2000)
}
setTimeout(lookAgain, 1000)

// What is shown once: copied where the browser lets a page, which plain http on another machine does not, and printed.
for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}
for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = !navigator.clipboard
  button.addEventListener('click', () => copy(button))
}

async function copy(button) {
  const text = document.getElementById(button.dataset.copy)
  const said = document.querySelector('[data-copied]')
  try {
    await navigator.clipboard.writeText(text.textContent)
    said.textContent = say.copied
  } catch {
    getSelection().selectAllChildren(text)
    said.textContent = say.notCopied
  }
}

// How long the step-up still counts.
const left = document.querySelector('[data-seconds-left]')
if (left) {
  const end = Date.now() + left.dataset.secondsLeft * 1000
  const tick = () => {
    const seconds = Math.ceil((end - Date.now()) / 1000)
    if (seconds <= 0) return left.closest('form').remove()
    left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
    setTimeout(tick, 1000)
  }
  tick()
}

// How long until another letter can be sent.
const waiting = document.querySelector('[data-wait]')
if (waiting) {
  const end = Date.now() + waiting.dataset.wait * 1000
  const tick = () => {
    const seconds = Math.ceil((end - Date.now()) / 1000)
    if (seconds <= 0) return waiting.remove()
    waiting.querySelector('span').textContent = seconds
    setTimeout(tick, 1000)
  }
  tick()
}

// Back from the next page by the browser's memory: the form can be sent again.
window.addEventListener('pageshow', (event) => {
  if (!event.persisted) return
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent
  for (const button of document.querySelectorAll('button[aria-disabled]')) {
    button.removeAttribute('aria-disabled')
    if (button.dataset.idle) button.textContent = button.dataset.idle
  }
})

// Advice on a new password: loaded when it is wanted, said when the typing pauses, refuses nothing.
for (const input of document.querySelectorAll('[data-advice]')) {
  input.addEventListener('focus', () => startAdvice(input), { once: true })
}

async function startAdvice(input) {
  const place = document.querySelector(`[data-advice-for="${CSS.escape(input.name)}"]`)
  if (!place) return
  const { loadAdvice, advise } = await import(new URL('password-advice.js', import.meta.url).href)
  await loadAdvice(new URL('common-passwords.bin', import.meta.url))
  let timer
  const speak = () => {
    const of = (name) => input.form.elements.namedItem(name)?.value ?? ''
    const person = { username: of('username'), email: of('email'), minLength: input.minLength }
    showAdvice(place, input.value === '' ? null : advise(input.value, person, brought.advice))
  }
  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(speak, adviceAfter)
  })
  if (input.value !== '') speak()
}

function showAdvice(place, advice) {
  if (!advice) return place.replaceChildren()
  const bar = document.createElement('div')
  bar.className = 'advice-bar'
  bar.dataset.score = advice.score
  bar.setAttribute('aria-hidden', 'true')
  bar.append(...Array.from({ length: 4 }, () => document.createElement('span')))
  const words = document.createElement('p')
  words.className = 'form-text'
  words.textContent = advice.words
  place.replaceChildren(bar, words)
}

// Passkeys: loaded where a page has a place for them.
if (document.querySelector('[data-passkey], [data-passkey-account]')) {
  import(new URL('passkeys.js', import.meta.url).href)
}

// Signed out elsewhere: a page that stays open says so within a second. Only the one in front asks, to hold few connections.
if (document.documentElement.hasAttribute('data-signed-in')) watchSession()

function watchSession() {
  let events = null
  let typed = false

  document.addEventListener('input', () => {
    typed = true
  })
  // The page that follows may belong to a new session: it watches that one.
  document.addEventListener('submit', (event) => {
    if (!event.defaultPrevented) stop()
  })
  document.addEventListener('visibilitychange', watch)
  window.addEventListener('pageshow', watch)
  window.addEventListener('pagehide', stop)
  watch()

  function stop() {
    events?.close()
    events = null
  }

  function watch() {
    if (document.visibilityState === 'hidden') return stop()
    if (events) return
    events = new EventSource('/auth/session/events')
    events.addEventListener('signed-out', () => ended(watch))
    events.addEventListener('error', () => {
      // Refused: by us, or by a proxy that lets no streams through. Then it is looked at once, and not over and over.
      if (events?.readyState === EventSource.CLOSED) ended(() => {})
    })
  }

  // A changed password gives this browser a new session, whose cookie arrives a moment after the end of the old one.
  function ended(goOn) {
    stop()
    setTimeout(async () => {
      const answer = await fetch('/auth/session/events', {
        method: 'HEAD',
        headers: { accept: 'application/json' },
      }).catch(() => null)
      if (answer?.ok) goOn()
      else if (answer?.status === 401) tell()
    }, 300)
  }

  function tell() {
    const address = `/auth/login?next=${encodeURIComponent(location.pathname + location.search)}`
    if (!typed) return location.replace(address)
    const link = document.createElement('a')
    link.href = address
    link.target = '_blank'
    link.textContent = say.newTab
    const words = document.createElement('p')
    words.append(say.signedOut, link, say.thenSend)
    const box = document.createElement('div')
    box.className = 'notice notice-warning'
    box.setAttribute('role', 'alert')
    box.append(words)
    document.querySelector('main').prepend(box)
  }
}

// Passkeys: loaded by auth.js on the pages that have a place for them. The server checks everything; here is only the
// browser's own window, and what to say when it does not come to an end.

/** The same in `words/en/scripts.ts`; a page in another language brings its own. */
const english = {
  cancelled: 'It was cancelled, or took too long. Nothing has changed.',
  known: 'This device already has a passkey for your account.',
  knownKey: 'This key already belongs to your account.',
  unsupported: 'This browser or device cannot make a passkey.',
  unsupportedKey: 'This browser cannot use that security key.',
  address: 'Passkeys need https and a name such as chat.example.org. You opened {origin}.',
  addressOfKey: 'Security keys need https and a name such as chat.example.org. You opened {origin}.',
  refused: 'That passkey was not accepted.',
  offline: 'The server cannot be reached. Try again.',
}
const brought = JSON.parse(document.querySelector('template[data-words]')?.content.textContent ?? '{}')
const words = { ...english, ...brought.passkeys }
/** What the server refuses, by its code, on a page in another language; in English the answer says it. */
const refusals = brought.refused ?? {}

/** What waits for a choice from the autofill list; only one window of a page can wait at a time (L3). */
let waiting = null

const actions = {
  'sign-in': signIn,
  'second-factor': (place) => answer(place, '/auth/second-factor/passkey', { trust_device: isChecked('trust_device') }),
  'step-up': (place) => answer(place, '/settings/confirm/passkey', {}),
  'sign-up': signUp,
  enrol: enrolIt,
  add: () => add('/settings/passkeys'),
  'add-key': () => add('/settings/security-keys'),
}

if (window.PublicKeyCredential && navigator.credentials) start()

function start() {
  for (const without of document.querySelectorAll('[data-passkey-without]')) without.hidden = true
  for (const place of document.querySelectorAll('[data-passkey]')) {
    place.hidden = false
    place.querySelector('button').addEventListener('click', () => run(place))
  }
  const place = document.querySelector('[data-passkey="sign-in"]')
  if (place) offerInAutofill(place)
  forgetUnused().catch(() => {})
  for (const account of document.querySelectorAll('[data-passkey-account]')) {
    tellBrowser(JSON.parse(account.dataset.passkeyAccount))
  }
}

async function run(place) {
  const button = place.querySelector('button')
  if (button.getAttribute('aria-disabled') === 'true') return
  waiting?.abort()
  waiting = null
  say(place, '')
  button.setAttribute('aria-disabled', 'true')
  try {
    const to = await actions[place.dataset.passkey](place)
    if (to) location.assign(to)
  } catch (error) {
    button.removeAttribute('aria-disabled')
    say(place, wordsFor(error, 'passkeyKeys' in place.dataset))
  }
}

function say(place, text) {
  place.querySelector('[role=status]').textContent = text
}

/** An answer of the server that is a no. */
class Refused extends Error {
  constructor(problem) {
    super(problem.detail)
    this.code = problem.code
  }
}

/** `ofKey`: the button is for security keys alone. */
function wordsFor(error, ofKey = false) {
  if (error instanceof Refused) {
    if (error.code === 'account_leaving') {
      location.assign('/auth/restore')
      return ''
    }
    if (error.code === 'step_up_required') {
      location.assign(`/settings/confirm?next=${encodeURIComponent(location.pathname)}`)
      return ''
    }
    if (error.code === 'passkey_refused') return words.refused
    const sentence = refusals[error.code] ?? error.message
    return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`
  }
  if (error.name === 'NotAllowedError' || error.name === 'AbortError') return words.cancelled
  if (error.name === 'InvalidStateError') return ofKey ? words.knownKey : words.known
  if (error.name === 'SecurityError') {
    return (ofKey ? words.addressOfKey : words.address).replace('{origin}', location.origin)
  }
  if (error instanceof TypeError) return words.offline
  return ofKey ? words.unsupportedKey : words.unsupported
}

async function post(path, body) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = await response.json()
  if (!response.ok) throw new Refused(answer)
  return answer
}

async function signIn(place) {
  const { options } = await post('/auth/passkeys/options', {})
  return finishSignIn(place, await use(options))
}

async function finishSignIn(place, credential) {
  const { next } = place.dataset
  const stay = { remember_me: isChecked('remember_me'), shared_computer: isChecked('shared_computer') }
  const { redirect } = await post('/auth/passkeys/sign-in', { credential, ...stay, next })
  return redirect
}

/** The same where the server knows whose passkey it is to be. */
async function answer(place, path, more) {
  const { options } = await post(`${path}/options`, {})
  const { next } = place.dataset
  const { redirect } = await post(path, { credential: await use(options), next, ...more })
  return redirect
}

const isChecked = (name) => document.querySelector(`[name=${name}]`)?.checked ?? false

/** Passkeys in the list that the browser shows at the field of the user name, where it can. */
async function offerInAutofill(place) {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return
  const control = new AbortController()
  waiting = control
  try {
    const { options } = await post('/auth/passkeys/options', {})
    if (control.signal.aborted) return
    location.assign(await finishSignIn(place, await use(options, { mediation: 'conditional', signal: control.signal })))
  } catch (error) {
    // Nobody has asked for anything, unless a passkey was chosen and refused.
    if (!(error instanceof Refused)) return
    say(place, wordsFor(error))
    if (error.code === 'passkey_refused') offerInAutofill(place)
  }
}

/** Puts the passkey into the form in place of the password: what is wrong with other fields is then said at them. */
async function signUp() {
  const form = document.querySelector('form[action="/auth/register"]')
  const { options } = await post('/auth/register/options', {
    username: form.elements.username.value,
    invitation: form.elements.invitation?.value,
  })
  const credential = await make(options)
  sessionStorage.setItem('passkey-made', JSON.stringify({ rpId: options.rp.id, credentialId: credential.id }))
  form.elements.password.disabled = true
  sendIn(form, credential)
}

/** A form brings a page for an answer: it shows the recovery codes, this once. */
async function enrolIt(place) {
  const { options } = await post('/auth/enrol/passkey/options', {})
  sendIn(place.closest('form'), await make(options))
}

function sendIn(form, credential) {
  const field = document.createElement('input')
  field.type = 'hidden'
  field.name = 'credential'
  field.value = JSON.stringify(credential)
  form.append(field)
  form.requestSubmit()
}

/** Back on the form with something wrong: there is no account for the passkey of the sign-up, and the browser may forget it. */
async function forgetUnused() {
  const made = sessionStorage.getItem('passkey-made')
  sessionStorage.removeItem('passkey-made')
  if (made === null || !document.querySelector('form[action="/auth/register"] .field-wrong')) return
  await PublicKeyCredential.signalUnknownCredential?.(JSON.parse(made))
}

/** Adds a passkey or a security key: the options say which. */
async function add(path) {
  const { options } = await post(`${path}/options`, {})
  const { redirect } = await post(path, { credential: await make(options) })
  return redirect
}

/** Lets the browser forget passkeys that were removed here, and show the name that the person has now (P2). */
async function tellBrowser({ rpId, userId, name, displayName, allAcceptedCredentialIds }) {
  try {
    await PublicKeyCredential.signalAllAcceptedCredentials?.({ rpId, userId, allAcceptedCredentialIds })
    await PublicKeyCredential.signalCurrentUserDetails?.({ rpId, userId, name, displayName })
  } catch {
    // A favour to the browser's own list: without it nothing is wrong.
  }
}

async function make({ user, challenge, excludeCredentials, ...rest }) {
  const credential = await navigator.credentials.create({
    publicKey: {
      ...rest,
      challenge: bytes(challenge),
      user: { ...user, id: bytes(user.id) },
      excludeCredentials: excludeCredentials.map((one) => ({ ...one, id: bytes(one.id) })),
    },
  })
  const { clientDataJSON, attestationObject } = credential.response
  return {
    ...named(credential),
    response: {
      clientDataJSON: text(clientDataJSON),
      attestationObject: text(attestationObject),
      transports: credential.response.getTransports?.() ?? [],
    },
  }
}

async function use({ challenge, allowCredentials, ...rest }, more = {}) {
  const publicKey = { ...rest, challenge: bytes(challenge) }
  if (allowCredentials) publicKey.allowCredentials = allowCredentials.map((one) => ({ ...one, id: bytes(one.id) }))
  const credential = await navigator.credentials.get({ publicKey, ...more })
  const { clientDataJSON, authenticatorData, signature, userHandle } = credential.response
  return {
    ...named(credential),
    response: {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: userHandle ? text(userHandle) : null,
    },
  }
}

const named = ({ id, type }) => ({ id, rawId: id, type, clientExtensionResults: {} })

function bytes(base64url) {
  const binary = atob(base64url.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0))
}

function text(buffer) {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('')
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

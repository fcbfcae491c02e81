import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forgotView } from './forgot-view.ts'
import { errorSummary, field, passwordField } from './forms.ts'
import { html, renderHtml } from './html.ts'
import { createDefaultLayout, type Page } from './layout.ts'
import { loginView } from './login-view.ts'
import { registerView } from './register-view.ts'
import { resetView } from './reset-view.ts'

const hostile = `"><img src=x onerror="alert(1)">'`
const login = { rememberDays: 30, sharedMinutes: 15, registrationOpen: true }
const register = { passwordMinLength: 8, registration: 'open' as const }
const page: Page = {
  title: 'Sign in',
  body: html`<h1>Sign in</h1>`,
  user: null,
  theme: 'system',
  nonce: 'abc',
  path: '/auth/login?next=%2Fchat',
}
const layout = createDefaultLayout({ siteName: 'Example' })

/** The start tag of the input with this name. */
function input(text: string, name: string): string {
  const found = text.match(new RegExp(`<input[^>]* name="${name}"[^>]*>`))
  assert.ok(found, `no input ${name}`)
  return found[0]
}

test('RED-03: what was typed comes back as text in every view', async () => {
  const errors = [{ field: 'username', message: hostile }]
  const views = [
    loginView({ ...login, identifier: hostile, next: hostile, errors }),
    registerView({ ...register, username: hostile, email: hostile, next: hostile, errors }),
    registerView({ ...register, registration: 'closed', contact: hostile }),
    registerView({ ...register, registration: 'invitation', contact: hostile }),
    resetView({ token: hostile, username: hostile, passwordMinLength: 8 }),
    forgotView({ ways: [{ title: hostile, text: hostile, command: hostile }], hasMail: true, identifier: hostile }),
    layout({ ...page, title: hostile, path: hostile, user: { username: hostile }, nonce: hostile }),
  ]
  for (const view of views) assert.doesNotMatch(await renderHtml(view), /<img/)
})

test('LOG-07: every form names its method and its address', async () => {
  const views = [
    loginView(login),
    registerView(register),
    resetView({ token: 't', username: 'mia', passwordMinLength: 8 }),
  ]
  for (const view of [...views, layout(page)]) {
    const text = await renderHtml(view)
    for (const [form] of text.matchAll(/<form[^>]*>/g)) assert.match(form, / method="post" action="\/auth\//)
  }
})

test('PW-13: passwords are passwords, told apart by autocomplete, never cut, and never come back', async () => {
  const current = input(await renderHtml(loginView(login)), 'password')
  const chosen = input(await renderHtml(registerView(register)), 'password')
  const reset = input(
    await renderHtml(resetView({ token: 't', username: 'mia', passwordMinLength: 8 })),
    'new_password',
  )
  assert.match(current, /type="password".*autocomplete="current-password"/)
  for (const tag of [chosen, reset]) {
    assert.match(tag, /type="password".*autocomplete="new-password".*minlength="8".*passwordrules="minlength: 8;"/)
  }
  for (const tag of [current, chosen, reset]) assert.doesNotMatch(tag, /maxlength|onpaste| value=/)
  const typed = await renderHtml(field({ name: 'p', label: 'P', type: 'password', value: 'secret' }))
  assert.doesNotMatch(typed, /secret/)
})

test('L1: the identifier is no prose and managers know it', async () => {
  const tag = input(await renderHtml(loginView(login)), 'username')
  for (const part of ['autocomplete="username webauthn"', 'autocapitalize="none"', 'spellcheck="false"']) {
    assert.ok(tag.includes(part), part)
  }
})

test('L6: the honeypot is away from eyes, ears, keys and managers', async () => {
  for (const view of [loginView(login), registerView(register)]) {
    const text = await renderHtml(view)
    assert.match(text, /aria-hidden="true"><label>[^<]*<input name="website" tabindex="-1" autocomplete="off"/)
  }
})

test('R1: one password, no second time', async () => {
  const text = await renderHtml(registerView(register))
  assert.equal(text.match(/type="password"/g)?.length, 1)
})

test('R5: closed registration has no form and says whom to ask', async () => {
  const text = await renderHtml(registerView({ ...register, registration: 'closed', contact: 'Ask Ada.' }))
  assert.doesNotMatch(text, /<form|<input/)
  assert.match(text, /Ask Ada\./)
})

test('X5: the summary and the field say the same words and are tied together', async () => {
  const errors = [{ field: 'email', message: 'Enter an address.' }]
  const text = await renderHtml(registerView({ ...register, errors }))
  assert.match(text, /<a href="#field-email">Enter an address\.<\/a>/)
  assert.match(input(text, 'email'), /id="field-email".*aria-invalid="true" aria-describedby="field-email-error"/)
  assert.match(text, /id="field-email-error"><span class="visually-hidden">Error: <\/span>Enter an address\./)
  assert.match(await renderHtml(layout({ ...page, hasErrors: true })), /<title>Error: Sign in · Example<\/title>/)
  assert.equal(errorSummary([]), null)
})

test('L2: the button that shows a password is there for script only', async () => {
  const text = await renderHtml(passwordField({ name: 'password', label: 'Password' }))
  assert.match(text, /<button[^>]* aria-controls="field-password" aria-pressed="false"[^>]* hidden>/)
})

test('X8: the theme is written by the server; system writes none', async () => {
  assert.match(await renderHtml(layout({ ...page, theme: 'dark' })), /<html lang="en" data-bs-theme="dark">/)
  assert.match(await renderHtml(layout(page)), /<html lang="en">/)
})

test('HDR-01: no style, no handler, no script without the nonce in a page', async () => {
  const text = await renderHtml(layout({ ...page, body: loginView(login), scripts: ['/assets/x.js'] }))
  assert.doesNotMatch(text, / style=| on[a-z]+=|<style/)
  for (const [tag] of text.matchAll(/<script[^>]*>/g)) assert.match(tag, / src="\/[^"]+" nonce="abc"/)
})

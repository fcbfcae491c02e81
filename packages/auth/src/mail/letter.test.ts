import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSender, letterParts } from './letter.ts'

const hostile = '<img src=x onerror=alert(1)>"&\'\r\nBcc: eve@example.org\u202e'

test('RED-03: nothing of a person or a site is HTML, a header or a sign that is not seen', () => {
  const { subject, text, html } = letterParts(hostile, {
    language: 'en',
    subject: `Hello ${hostile}`,
    greeting: `Hello ${hostile},`,
    paragraphs: [hostile],
    action: { label: hostile, url: 'https://chat.example/a?b=1&c="2"', orOpen: 'Or open:' },
    code: '1234 5678',
    smallPrint: [hostile],
  })
  assert.doesNotMatch(subject, /[\r\n\u202e]/)
  assert.doesNotMatch(html, /<img|\u202e/)
  assert.ok(!/^Bcc:/m.test(text))
  assert.ok(html.includes('href="https://chat.example/a?b=1&amp;c=&quot;2&quot;"'))
  assert.ok(text.includes('1234 5678') && html.includes('1234 5678'))
})

test('nothing in a letter is fetched when it is opened, and it says that it can be dark', () => {
  const { html } = letterParts('Chat', {
    language: 'en',
    subject: 'S',
    greeting: 'Hello Ada,',
    paragraphs: ['One.', 'Two.'],
    action: { label: 'Go', url: 'https://chat.example/x', orOpen: 'Or open:' },
    smallPrint: ['Small.'],
  })
  assert.doesNotMatch(html, /<(img|script|link|iframe|style)|url\(|@import|src=/)
  assert.match(html, /<meta name="color-scheme" content="light dark">/)
})

test('a sender is one address, with or without a name', () => {
  for (const good of ['a@b.example', 'Chat <a@b.example>', 'My Chat of Ü <a@b.example>'])
    assert.ok(isSender(good), good)
  for (const bad of [
    '',
    'chat',
    'a@b.example, c@d.example',
    'A <a@b.example',
    'A\r\nBcc: x <a@b.example>',
    '<>',
    '"A" <a@b.c>',
  ]) {
    assert.ok(!isSender(bad), bad)
  }
})

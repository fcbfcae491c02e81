import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { attributes, html, plural, renderHtml } from './html.ts'

test('RED-03: no value can open a tag or leave an attribute', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (value) => {
      const text = await renderHtml(html`<p title="${value}">${value}</p>`)
      assert.match(text, /^<p title="[^"<>]*">[^<>]*<\/p>$/)
      const attribute = await renderHtml(attributes({ 'data-x': value }))
      assert.match(attribute, /^ data-x="[^"<>]*"$/)
    }),
  )
})

test('HDR-01: style and event handlers cannot be written as attributes', () => {
  for (const name of ['style', 'onclick', 'onsubmit', 'a b', 'x>', 'A']) {
    assert.throws(() => attributes({ [name]: 'x' }), TypeError, name)
  }
})

test('attributes: true is bare, false and nothing are left out', async () => {
  assert.equal(
    await renderHtml(attributes({ required: true, hidden: false, id: null, rows: 4, value: '' })),
    ' required rows="4" value=""',
  )
})

test('plural', () => {
  assert.equal(plural(1, 'device', 'devices'), '1 device')
  assert.equal(plural(0, 'device', 'devices'), '0 devices')
})

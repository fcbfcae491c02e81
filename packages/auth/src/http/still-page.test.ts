import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stillPage } from './still-page.ts'
import { html, renderHtml } from './views/html.ts'

test('AD5: on a page that is only looked at nothing goes anywhere', async () => {
  const evil = '"><script>alert(1)</script><form action="/x">'
  const page = await renderHtml(html`<script type="module" src="/a.js" nonce="n"></script>
<a class="skip-link" href="#main">Skip</a><a class="btn" href="/settings/devices?x=1&y=2#z">Devices</a>
<a href="/auth/logout">Out</a><a href="https://example.org/">Away</a>
<form id="f" method="post" action="/settings/delete" data-once><input name="n" value="${evil}"><textarea name="t">${evil}</textarea>
<select name="s"><option>1</option></select><button type="submit" formaction="/x">Go</button></form>`)
  const still = stillPage(page, (address) => (address === '/settings/devices' ? '/look?a=1&b=2' : null))
  assert.ok(!still.includes('<script'))
  assert.deepEqual(
    [...still.matchAll(/<a\b[^>]*>/g)].map(([tag]) => tag),
    ['<a class="skip-link" href="#main">', '<a class="btn" href="/look?a=1&amp;b=2">', '<a>', '<a>'],
  )
  assert.doesNotMatch(still, /<form[^>]*(action|method)=/)
  for (const name of ['button', 'input', 'select', 'textarea']) {
    assert.match(still, new RegExp(`<${name} disabled`))
    assert.doesNotMatch(still, new RegExp(`<${name}(?! disabled)\\b`))
  }
  assert.ok(still.includes('&lt;script&gt;'), 'text stays text')
})

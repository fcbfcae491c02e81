import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { createOutboxTransport, lettersIn } from '../src/mail/outbox-folder.ts'
import { appWorld } from './support/app-world.ts'

const html = { accept: 'text/html' }
const password = 'a walk by the river'

describe('letters in a folder', () => {
  let world: Awaited<ReturnType<typeof appWorld>>
  let folder: string
  before(async () => {
    world = await appWorld()
    folder = join(world.config.dataDir, 'outbox')
  })
  after(() => world.close())
  const codeOf = () => readFileSync(join(folder, 'code'), 'utf8').trim()

  test('F1, F3: the way back in without a mail server: the page says where the letter lies, the code opens it', async () => {
    const browser = world.browser()
    await browser.send('/auth/register', { json: { username: 'ada', email: 'ada@example.org', password } })
    assert.equal(await world.app.auth.sendMail(), 1, 'the address is to be confirmed')
    const address = await (await browser.get('/settings/address', html)).text()
    assert.match(address, /A letter to [\s\S]*was written\.[\s\S]*puts letters into a folder/)
    assert.doesNotMatch(address, /on its way|We send/)
    await browser.send('/auth/logout', { form: {} })
    await world.app.auth.sendMail()
    const page = await (await browser.get('/auth/forgot', html)).text()
    assert.match(page, /This server sends no mail: it puts letters into a folder[^<]*<a href="\/outbox">/)
    const asked = await browser.send('/auth/forgot', { form: { email: 'ada' }, headers: html })
    const next = await (await browser.get(asked.headers.get('location') ?? '', html)).text()
    assert.match(next, /a letter with a link was written/)
    assert.doesNotMatch(next, /on its way|Look into your mail|unwanted mail/)
    assert.equal(await world.app.auth.sendMail(), 1)

    const door = await (await browser.get('/outbox', html)).text()
    assert.match(door, /action="\/outbox"/)
    assert.ok(door.includes(join(folder, 'code')))
    assert.ok(!door.includes('ada@example.org') && !door.includes(codeOf()))
    const opened = await browser.send('/outbox', { form: { code: ` ${codeOf()} ` }, headers: html })
    assert.equal(opened.status, 303)
    assert.match(opened.headers.getSetCookie().join(), /^mia_outbox=.*Path=\/outbox; HttpOnly; SameSite=Lax/)
    const letters = await (await browser.get('/outbox', html)).text()
    assert.match(letters, /Set a new password for MiaChat[\s\S]*ada@example\.org/)
    const link = /<a href="http:\/\/localhost:8080(\/auth\/reset\?token=[\w-]+)">/.exec(letters)?.[1] ?? ''
    const token = new URL(link, 'http://x').searchParams.get('token')
    const reset = await browser.send('/auth/reset', { json: { token, new_password: 'two walks by the river' } })
    assert.equal(reset.status, 200)
  })

  test('ADM-03: whoever reaches the port alone sees no letter', async () => {
    const [name = ''] = (await lettersIn(folder, 1)).map((letter) => letter.name)
    for (const cookie of ['', 'mia_outbox=', 'mia_outbox=x', `mia_outbox=${codeOf()}; mia_outbox=${codeOf()}`]) {
      const list = await (await world.browser().get('/outbox', { ...html, cookie })).text()
      assert.doesNotMatch(list, /ada@example/)
      assert.equal((await world.browser().get(`/outbox/${name}`, { ...html, cookie })).status, 404)
    }
    for (const code of ['', 'x', codeOf().toUpperCase()]) {
      const wrong = await world.browser().send('/outbox', { form: { code }, headers: html })
      assert.equal(wrong.status, 422)
      assert.match(await wrong.text(), /id="field-code-error"/)
    }
    const foreign = { ...html, origin: 'https://evil.example' }
    assert.equal((await world.browser().send('/outbox', { form: { code: codeOf() }, headers: foreign })).status, 403)
  })

  test('a letter as a mail program shows it runs nothing, and no path leads out of the folder', async () => {
    const cookie = `mia_outbox=${codeOf()}`
    const [name = ''] = (await lettersIn(folder, 1)).map((letter) => letter.name)
    const shown = await world.browser().get(`/outbox/${name}`, { ...html, cookie })
    assert.equal(shown.status, 200)
    assert.match(shown.headers.get('content-security-policy') ?? '', /^default-src 'none';.* sandbox$/)
    for (const path of ['code', '..%2fmiachat', '%2e%2e%2fsecret-key', `${name}.html`, 'x'.repeat(30)]) {
      assert.equal((await world.browser().get(`/outbox/${path}`, { ...html, cookie })).status, 404, path)
    }
  })

  test('SEC-02: folder, code and letters are readable by their owner alone', () => {
    assert.equal(statSync(folder).mode & 0o077, 0)
    const files = readdirSync(folder)
    assert.ok(files.length >= 3)
    for (const file of files) assert.equal(statSync(join(folder, file)).mode & 0o077, 0, file)
  })
})

test('the folder keeps the newest letters only, and a letter that is written again stays one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'miachat-outbox-'))
  try {
    const { send } = createOutboxTransport(folder)
    const letter = (n: number) => ({
      from: 'a@b.example',
      to: 'ada@example.org',
      subject: `Letter ${n}`,
      text: 'Hello\n\nYou\n',
      html: '<p>Hello',
      messageId: `<letter-${String(n).padStart(6, '0')}@b.example>`,
    })
    for (let n = 0; n < 205; n++) await send(letter(n))
    await send(letter(204))
    const kept = await lettersIn(folder, 500)
    assert.equal(kept.length, 200)
    assert.equal(readdirSync(folder).length, 400)
    assert.equal(kept[0]?.subject, 'Letter 204')
    assert.equal(kept[0]?.text, 'Hello\n\nYou\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

for (const variables of [
  { MAIL_URL: 'none' },
  { MAIL_URL: 'smtp://localhost:1' },
  { MAIL_URL: 'outbox', HOST: '0.0.0.0' },
]) {
  test(`ADM-03: no page of letters with ${JSON.stringify(variables)}`, async () => {
    const world = await appWorld(variables)
    try {
      assert.equal((await world.browser().get('/outbox', html)).status, 404)
      const page = await (await world.browser().get('/auth/forgot', html)).text()
      if (variables.MAIL_URL === 'none') assert.match(page, /sends no mail[\s\S]*miachat user reset-link NAME/)
      else assert.match(page, /<form method="post" action="\/auth\/forgot"/)
      if (variables.MAIL_URL === 'outbox') assert.match(page, /Ask the person who runs it\./)
    } finally {
      await world.close()
    }
  })
}

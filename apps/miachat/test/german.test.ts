import assert from 'node:assert/strict'
import { test } from 'node:test'
import { english as library } from '@miachat/auth/views'
import { words } from '../../../packages/auth/src/words/words.ts'
import { assertGerman, onlyEnglish } from '../../../packages/auth/test/support/german.ts'
import { english, wordsIn } from '../src/words/words.ts'
import { appWorld } from './support/app-world.ts'

const german = { accept: 'text/html', 'accept-language': 'de-AT, en;q=0.5' }
const phrases = [...onlyEnglish(library, words.de), ...onlyEnglish(english, wordsIn('de'))]

test('X11: to who wants German every page is, a guest’s and one’s own, and what a form refuses', async () => {
  const world = await appWorld({ MAIL_URL: 'outbox' })
  try {
    const browser = world.browser()
    const page = async (path: string, least = 200) => {
      const answer = await browser.get(path, german)
      assert.ok(answer.status === least, `${path} ${answer.status}`)
      assertGerman(await answer.text(), phrases, path)
    }
    const guests = ['login', 'register', 'forgot', 'forgot?asked=1', 'waiting', 'left', 'reset?token=x', 'undo?token=x']
    for (const path of guests) await page(`/auth/${path}`)
    await page('/offline')
    await page('/outbox')
    const form = { username: 'anna', email: 'anna@example.org', password: 'a walk by the river' }
    const registered = await browser.send('/auth/register', { form, headers: german })
    assert.equal(registered.status, 303)
    for (const path of ['/', '/chat', '/chat/new', '/characters', '/personality']) await page(path)

    const to = async (path: string, sent: Record<string, string>): Promise<string> => {
      const done = await browser.send(path, { form: sent, headers: german })
      assert.equal(done.status, 303, `${path}: ${await done.clone().text()}`)
      return new URL(done.headers.get('location') ?? '', world.config.baseUrl).pathname
    }
    const character = await to('/characters/examples/mia/copy', {})
    const talk = await to('/chat', { character_id: character.replace('/characters/', '') })
    const voice = await to('/personality', { name: 'Ruhig', warmth: '90' })
    await to(`${talk}/messages`, { text: 'Guten Abend', client_key: 'a-key-of-this-test' })
    const own = [
      ...['/', '/chat', talk, `${talk}/rename`, `${talk}/delete`, '/chat?done=restored', '/chat/delete'],
      ...['/characters', '/characters?q=nobody', character, `${character}/delete`, '/characters/new'],
      ...['/personality', voice, `${voice}/delete`, '/personality/new?from=friend', '/config', '/auth/device'],
      ...['', '/username', '/security', '/second-factor', '/passkeys', '/providers', '/devices', '/tokens'].map(
        (part) => `/settings${part}`,
      ),
      ...['/address', '/access', '/activity', '/data', '/appearance', '/chat', '/privacy', '/picture'].map(
        (part) => `/settings${part}`,
      ),
    ]
    for (const path of own) {
      const answer = await browser.get(path, german)
      assert.ok([200, 303].includes(answer.status), `${path} ${answer.status}`)
      if (answer.status === 200) assertGerman(await answer.text(), phrases, path)
    }
    await page('/nothing-here', 404)
    const refused: [string, Record<string, string>][] = [
      ['/characters', { name: '' }],
      ['/characters', { name: 'x'.repeat(100), tags: 'a,'.repeat(3) + 'x'.repeat(50) }],
      [character, { name: 'Mia', personality_id: 'gone' }],
      [character, { name: 'Mia', version: 'of yesterday' }],
      ['/personality', { name: '', warmth: '101' }],
      [voice, { name: 'Ruhig', words: 'x'.repeat(61) }],
      [`${talk}/rename`, { title: ' ' }],
      [`${talk}/messages`, { text: ' ' }],
      [`${talk}/messages`, { text: 'x'.repeat(8_001) }],
      ['/settings/profile', { display_name: 'x'.repeat(200) }],
    ]
    for (const [path, sent] of refused) {
      const answer = await browser.send(path, { form: sent, headers: german })
      assert.ok([409, 422].includes(answer.status), `${path} ${answer.status}`)
      assertGerman(await answer.text(), phrases, `${path} ${JSON.stringify(sent).slice(0, 60)}`)
    }
  } finally {
    await world.close()
  }
})

test('X11: the choice among the settings goes back to what the browser says', async () => {
  const world = await appWorld()
  try {
    const browser = world.browser()
    const form = { username: 'anna', email: 'anna@example.org', password: 'a walk by the river' }
    await browser.send('/auth/register', { form, headers: german })
    const lang = async (accepted: string) =>
      /<html[^>]* lang="(\w+)"/.exec(
        await (await browser.get('/settings', { accept: 'text/html', 'accept-language': accepted })).text(),
      )?.[1]
    assert.equal(await lang('en'), 'de', 'kept with the account')
    const choose = (language: string) =>
      browser.send('/auth/language', { form: { language, next: '/settings#language' } })
    assert.equal((await choose('en')).headers.get('location'), '/settings#language')
    assert.equal(await lang('de'), 'en')
    await choose('browser')
    assert.deepEqual([await lang('de'), await lang('en')], ['de', 'en'])
    assert.match(
      await (await browser.get('/settings', german)).text(),
      /<option value="browser" selected>Wie der Browser/,
    )
    assert.equal((await choose('fr')).status, 422)
  } finally {
    await world.close()
  }
})

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

interface Advice {
  readonly score: number
  readonly words: string
}
interface AdviceModule {
  loadAdvice(address: string, get?: typeof fetch): Promise<boolean>
  advise(password: string, person?: { username?: string; email?: string | null; minLength?: number }): Advice
}

const { loadAdvice, advise }: AdviceModule = await import(new URL('./password-advice.js', import.meta.url).href)
const file = readFileSync(new URL('common-passwords.bin', import.meta.url))
const mia = { username: 'mia', email: 'mia@example.org' }
const score = (password: string) => advise(password, mia).score

test('R3: without the list, advice goes on', async () => {
  assert.equal(await loadAdvice('/list', () => Promise.reject(new TypeError('offline'))), false)
  assert.equal(await loadAdvice('/list', () => Promise.resolve(new Response('', { status: 404 }))), false)
  assert.equal(score('password1'), 1)
  assert.equal(score('tractor copper lantern'), 3)
})

test('R3: the list is fetched once', async () => {
  let fetched = 0
  const get = () => {
    fetched++
    return Promise.resolve(new Response(file))
  }
  assert.equal(await loadAdvice('/list', get), true)
  assert.equal(await loadAdvice('/list', get), true)
  assert.equal(fetched, 1)
})

for (const password of ['letmein1', 'IloveYou2', 'qwertyuiop', 'football1']) {
  test(`R3: ${password} is told to be known, in the words of the server`, () => {
    assert.deepEqual(advise(password), { score: 0, words: 'This password appears in lists of leaked passwords.' })
  })
}

const scores = [
  ['', 0],
  ['abcdefgh', 0],
  ['aaaaaaaaaaaaaaaaaaaa', 0],
  ['Mia@Example.org1', 0],
  ['miachat2026', 0],
  ['p4ssw0rd!', 1],
  ['football2026!', 1],
  ['Tr0ub4dor&3', 1],
  ['tea and rain', 2],
  ['x7Kq9mPz2w', 3],
  ['my cat sleeps on the roof', 4],
  ['correct horse battery staple', 4],
] as const
for (const [password, expected] of scores) {
  test(`R3: ${JSON.stringify(password)} scores ${expected}`, () => assert.equal(score(password), expected))
}

test('R3: repeating a word adds nothing', () => {
  assert.equal(score('lantern lantern lantern lantern'), score('lantern lantern'))
})

test('R3: too short is told with the length that this server asks for', () => {
  assert.equal(advise('kitten', { minLength: 10 }).words, 'Use at least 10 characters. A short sentence works best.')
})

test('R3: only the first 100 characters are judged, in no time', () => {
  const same = advise('🙂'.repeat(100))
  assert.deepEqual(advise(`${'🙂'.repeat(100)} and very different words`), same)
  const start = process.threadCpuUsage()
  for (let i = 0; i < 20; i++) advise('a1!'.repeat(300_000))
  // Of the processor, not of the clock: others run beside this.
  const { user, system } = process.threadCpuUsage(start)
  assert(user + system < 500_000, `${user + system} microseconds`)
})

test('R3: words are a sentence, and nothing typed has none', () => {
  assert.equal(advise('').words, '')
  for (const [password] of scores) {
    if (password) assert.match(advise(password, mia).words, /^[A-Z][^!]*\.$/)
  }
})

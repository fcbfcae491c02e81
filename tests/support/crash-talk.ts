import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import type { Post } from './crash-people.ts'

/** What a person said: with the answer where the server acknowledged it, without where the connection broke first. */
interface Said {
  readonly text: string
  readonly key: string
  answer?: Exchanged
}

const line = z.looseObject({ id: z.string(), text: z.string().min(1) })
const exchange = z.object({ message: line, reply: line })
type Exchanged = z.infer<typeof exchange>

/** The conversations of a person: what was said in each, and whether it was deleted. */
export type Talks = Map<string, { readonly said: Said[]; state: 'there' | 'deleted' | 'perhaps' }>

/** How many messages were acknowledged so far, by all people together. */
export const acknowledged = (talks: readonly Talks[]): number =>
  talks.flatMap((one) => [...one.values()].flatMap(({ said }) => said.filter(({ answer }) => answer))).length

/** Begins a conversation, says something or deletes one: whatever the dice say. */
export async function talk(post: Post, cookie: string, talks: Talks): Promise<void> {
  const living = [...talks].filter(([, { state }]) => state === 'there')
  const [chat, known] = living.at(-1) ?? []
  const dice = Math.random()
  if (chat === undefined || known === undefined || dice < 0.15) {
    const begun = await post('/chat', { example: 'mia' }, cookie)
    if (begun.status !== 200) return
    const { id } = z.object({ id: z.string() }).parse(await begun.json())
    talks.set(id, { said: [], state: 'there' })
  } else if (dice < 0.25) {
    known.state = 'perhaps'
    const answer = await post(`/chat/${chat}/delete`, {}, cookie)
    known.state = answer.status === 200 ? 'deleted' : known.state
  } else {
    const said: Said = { text: `said-${randomBytes(9).toString('hex')}`, key: randomBytes(9).toString('hex') }
    known.said.push(said)
    const answer = await send(post, chat, said, cookie)
    if (answer.status === 200) said.answer = await exchanged(answer)
  }
}

/** Asks for all that was said, after the restart. Answers how many facts were checked. */
export async function talksKept(url: string, post: Post, cookie: string, talks: Talks): Promise<number> {
  let facts = 0
  for (const [chat, { said, state }] of talks) {
    const page = await fetch(`${url}/chat/${chat}`, { headers: { cookie, accept: 'text/html' } })
    const html = await page.text()
    facts++
    if (state === 'deleted') assert.equal(page.status, 404, 'a conversation that was deleted')
    if (state === 'there') assert.equal(page.status, 200, 'a conversation that was begun')
    if (page.status !== 200) continue
    for (const one of said) {
      if (one.answer) assert.ok(html.includes(one.text), 'a message that was acknowledged')
      // The same key again answers what is stored, message and reply, or stores both now (C10).
      const again = await send(post, chat, one, cookie)
      assert.equal(again.status, 200)
      const stored = await exchanged(again)
      if (one.answer) assert.deepEqual(stored, one.answer, 'message and reply as they were acknowledged')
      facts++
    }
  }
  return facts
}

/** What the tables of talking say after the crash. */
export function noHalfTalk(path: string): void {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    const none = (sql: string, what: string) => assert.deepEqual(db.prepare(sql).all(), [], what)
    none(
      `SELECT id FROM messages m WHERE role = 'user' AND 1 <> (SELECT count(*) FROM messages r
        WHERE r.parent_id = m.id AND r.role = 'assistant' AND r.state = 'done')`,
      'every message has its reply, and one only',
    )
    none(
      `SELECT id FROM conversations c WHERE message_count <>
        (SELECT count(*) FROM messages m WHERE m.conversation_id = c.id)`,
      'every conversation has as many messages as it says',
    )
    none(
      `SELECT id FROM conversations c WHERE NOT EXISTS
        (SELECT 1 FROM messages m WHERE m.conversation_id = c.id AND m.id = c.active_leaf_id)`,
      'every conversation has its greeting and knows its last message',
    )
    none(
      `SELECT id FROM messages m WHERE NOT EXISTS (SELECT 1 FROM conversations c WHERE c.id = m.conversation_id)`,
      'no message is left of a conversation that is gone',
    )
    none(
      `SELECT id FROM characters c WHERE NOT EXISTS (SELECT 1 FROM character_versions v
        WHERE v.character_id = c.id AND v.version = c.current_version)`,
      'every character has its card',
    )
  } finally {
    db.close()
  }
}

const send = (post: Post, chat: string, { text, key }: Said, cookie: string): Promise<Response> =>
  post(`/chat/${chat}/messages`, { text, client_key: key }, cookie)

/** An acknowledged message has its reply. */
const exchanged = async (answer: Response): Promise<Exchanged> => exchange.parse(await answer.json())

import { randomBytes } from 'node:crypto'
import { type Talks, talk } from './crash-talk.ts'

/** What a person knows for sure: what the server acknowledged. An act without an answer may or may not have happened. */
export interface Known {
  readonly username: string
  passwords: string[]
  registered: 'yes' | 'perhaps'
  /** Cookies that must open the account, must not, or may do either. */
  readonly sessions: Map<string, 'open' | 'ended' | 'perhaps'>
  /** The newest refresh token of each family, and whether it may have been used without an answer. */
  readonly families: Map<number, { token: string; certain: boolean }>
  /** Families that were signed out for sure. */
  readonly endedTokens: string[]
  readonly talks: Talks
}

export type Post = (path: string, body: unknown, cookie?: string) => Promise<Response>

export const postTo =
  (url: string): Post =>
  (path, body, cookie) =>
    fetch(url + path, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        origin: url,
        ...(cookie === undefined ? {} : { cookie }),
      },
      body: JSON.stringify(body),
    })

const word = (): string => randomBytes(9).toString('hex')

export const newPerson = (): Known => ({
  username: `p${randomBytes(8).toString('hex')}`,
  passwords: [`walk ${word()}`],
  registered: 'perhaps',
  sessions: new Map(),
  families: new Map(),
  endedTokens: [],
  talks: new Map(),
})

/** Registers, signs in and out, refreshes, changes passwords and talks until the server is gone; writes down what it learns. */
export async function keepBusy(person: Known, url: string, stop: () => boolean): Promise<void> {
  const post = postTo(url)
  let family = 0
  try {
    const email = `${person.username}@example.org`
    const made = await post('/auth/register', { username: person.username, email, password: person.passwords[0] })
    if (made.status !== 200) return
    person.registered = 'yes'
    person.sessions.set(sessionOf(made), 'open')
    while (!stop()) await act(post, person, () => ++family)
  } catch (error) {
    // The connection broke: this is what the test is about. Whatever else is wrong is a fault.
    if (!(error instanceof TypeError)) throw error
  }
}

async function act(post: Post, person: Known, nextFamily: () => number): Promise<void> {
  const { username } = person
  const password = person.passwords[0] ?? ''
  const open = openSession(person)
  // Every other act, so that neither half of the product is idle when the server is killed.
  if (open !== undefined && Math.random() < 0.5) return talk(post, open, person.talks)
  const dice = Math.random()
  if (dice < 0.35) {
    const answer = await post('/auth/login', { username, password })
    if (answer.status === 200) person.sessions.set(sessionOf(answer), 'open')
  } else if (dice < 0.5) {
    const answer = await post('/auth/api/login', { username, password })
    if (answer.status === 200) person.families.set(nextFamily(), { token: await refreshOf(answer), certain: true })
  } else if (dice < 0.7) {
    const entry = [...person.families].at(-1)
    if (!entry) return
    const [id, { token }] = entry
    person.families.set(id, { token, certain: false })
    const answer = await post('/auth/api/refresh', { refresh_token: token })
    if (answer.status === 200) person.families.set(id, { token: await refreshOf(answer), certain: true })
  } else if (dice < 0.8) {
    const entry = [...person.families].at(-1)
    if (!entry) return
    const [id, { token }] = entry
    person.families.set(id, { token, certain: false })
    const answer = await post('/auth/api/logout', { refresh_token: token })
    if (answer.status !== 200) return
    person.families.delete(id)
    person.endedTokens.push(token)
  } else if (dice < 0.92) {
    if (open === undefined) return
    person.sessions.set(open, 'perhaps')
    const answer = await post('/auth/logout', {}, open)
    if (answer.status === 200) person.sessions.set(open, 'ended')
  } else {
    await changePassword(post, person, password)
  }
}

const openSession = ({ sessions }: Known): string | undefined =>
  [...sessions].find(([, state]) => state === 'open')?.[0]

async function changePassword(post: Post, person: Known, password: string): Promise<void> {
  const cookie = openSession(person)
  if (cookie === undefined) return
  const changed = `walk ${word()}`
  person.passwords = [changed, password]
  const before = new Map(person.sessions)
  for (const [session, state] of before) if (state === 'open') person.sessions.set(session, 'perhaps')
  for (const [id, { token }] of person.families) person.families.set(id, { token, certain: false })
  const answer = await post('/settings/password', { current_password: password, new_password: changed }, cookie)
  if (answer.status !== 200) return
  person.passwords = [changed]
  for (const [session] of before) person.sessions.set(session, 'ended')
  for (const { token } of person.families.values()) person.endedTokens.push(token)
  person.families.clear()
  person.sessions.set(sessionOf(answer), 'open')
}

/** The session cookie that an answer sets, as a browser sends it back. */
export function sessionOf(answer: Response): string {
  const cookie = answer.headers.getSetCookie().find((text) => /session=/.test(text))
  if (!cookie) throw new Error(`${answer.url} set no session.`)
  return cookie.split(';')[0] ?? ''
}

async function refreshOf(answer: Response): Promise<string> {
  const body: unknown = await answer.json()
  if (typeof body !== 'object' || body === null || !('refresh_token' in body)) throw new Error('no refresh token')
  return String(body.refresh_token)
}

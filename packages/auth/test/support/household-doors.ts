import assert from 'node:assert/strict'
import { type Auth, days, hours, minutes, route, seconds } from '@miachat/auth'
import { z } from 'zod'
import { SoftPasskey } from './authenticator.ts'
import type { Actor, Answer, Call, Holder, Link, PendingValue, Person, SessionValue } from './household.ts'
import { CHIEF } from './household-demands.ts'
import { codeIn, type Letter, linkIn } from './letters.ts'
import type { OpenIdProvider } from './openid-provider.ts'
import { count, rowsOf } from './sql.ts'
import { baseUrl } from './test-auth.ts'

type On = { by: Actor; session: number }

/** What somebody does with the doors beside password, code and refresh token. */
export type DoorCommand =
  | { do: 'forget'; who: number; byLink: number | null }
  | { do: 'undo'; link: number }
  | ({ do: 'ask address'; whose: 'own' | 'former of the other' } & On)
  | ({ do: 'send again' | 'drop address' } & On)
  | ({ do: 'confirm by code'; right: boolean } & On)
  | { do: 'confirm by link'; link: number }
  | ({ do: 'change name' } & On)
  | ({ do: 'add passkey' } & On)
  | ({ do: 'add key' } & On)
  | ({ do: 'remove passkey' | 'remove key'; passkey: number } & On)
  | {
      do: 'use passkey'
      by: Actor
      passkey: number
      bent: 'no' | 'not verified' | 'counter' | 'stranger'
      former: number
    }
  | {
      do: 'finish by passkey'
      by: Actor
      pending: number
      passkey: number
      verified: boolean
      trust: boolean
      /** As a program at the token API. */
      api: boolean
      /** With the challenge of another sign-in that waits. */
      swapped: boolean
    }
  | ({ do: 'step up by passkey'; passkey: number; verified: boolean } & On)
  | ({ do: 'cut trusted' | 'shut doors' | 'make token' | 'revoke token' | 'link' | 'unlink' } & On)
  | ({ do: 'leave'; right: boolean } & On)
  | { do: 'come back'; pending: number }
  | { do: 'sign in at provider'; by: Actor; who: number; trusted: number; elsewhere: boolean }

interface Passkey {
  /** A security key, which never sees its person and is a second step only. */
  readonly isKey: boolean
  readonly soft: SoftPasskey
  readonly person: Person
  readonly by: Actor
  readonly id: string
  readonly createdAt: number
  /** As the server has it. */
  counter: number
  alive: boolean
}
export interface Trusted {
  readonly value: string
  readonly person: Person
  readonly createdAt: number
  alive: boolean
}
interface UndoLink {
  readonly token: string
  readonly person: Person
  readonly holder: Actor
  /** The user name before what the notice tells of. */
  readonly name: string
  /** The confirmed address to which the notice went. */
  readonly address: string | null
  readonly confirmedAt: number | null
  readonly createdAt: number
  alive: boolean
}
/** An address that waits to be confirmed. */
interface Waiting {
  readonly person: Person
  readonly address: string
  readonly holder: Holder
  readonly token: string | null
  readonly code: string | null
  readonly createdAt: number
  wrong: number
  alive: boolean
}
interface Token {
  readonly value: string
  readonly id: string
  readonly person: Person
  readonly ends: number
  alive: boolean
}
interface Identity {
  readonly person: Person
  readonly by: Actor
  readonly createdAt: number
  alive: boolean
}

/** What a run shares with `household.ts`. */
interface Walk {
  readonly auth: () => Auth
  readonly call: Call
  readonly now: () => number
  readonly letters: () => Promise<Letter[]>
  readonly provider: OpenIdProvider
  readonly persons: readonly Person[]
  readonly sessions: SessionValue[]
  readonly pendings: PendingValue[]
  readonly links: Link[]
  readonly hasFactor: (person: Person) => boolean
  readonly isConfirmed: (session: SessionValue) => boolean
  /** Asks as somebody signed in, where the gate lets that through. */
  readonly on: (
    command: On,
    row: string,
    act: (session: SessionValue) => Promise<void>,
    sent?: { path?: string; json?: object },
  ) => Promise<void>
  readonly gotSession: (
    answer: Answer,
    person: Person,
    by: Actor,
    confirmedAt?: number,
    former?: SessionValue,
  ) => SessionValue
  readonly gotTokens: (answer: unknown, person: Person) => void
  /** Whether a password alone does not do. */
  readonly isMet: (person: Person) => boolean
  /** A demanded second factor is missing beyond its grace. */
  readonly isBeyond: (person: Person) => boolean
  readonly touch: (person: Person) => void
  readonly wait: (answer: Answer, person: Person, kind: PendingValue['kind']) => void
  readonly opensNothing: (answer: Answer) => void
  readonly endAll: (person: Person, except?: SessionValue) => void
  readonly voidPendings: (person: Person) => void
  readonly setPassword: (person: Person, password: string | null) => void
  readonly endEverything: (person: Person, except?: SessionValue) => void
}

/** The session that a browser has when somebody signs in there: none for a number that is greater than 8. */
export const formerOf = (sessions: readonly SessionValue[], n: number): SessionValue | undefined =>
  n > 8 ? undefined : pick(sessions, n)

/** 0 is the newest. */
export const pick = <T>(list: readonly T[], n: number): T | undefined =>
  list.length === 0 ? undefined : list[list.length - 1 - (n % list.length)]

const problem = z.object({ code: z.string() })
const codeOf = (answer: Answer): string => problem.parse(answer.answer).code
const tokenIn = (letter: Letter, page: string): string =>
  new URL(linkIn(letter, page), baseUrl).searchParams.get('token') ?? assert.fail()
const hasLink = (letter: Letter, page: string): boolean => letter.text.includes(`${page}?token=`)

/** A row that a personal token opens. */
const notes = route({
  method: 'GET',
  path: '/notes',
  access: 'either',
  scope: 'notes',
  summary: 'Notes.',
  handle: (exchange) => exchange.json({}),
})

let addresses = 0
let names = 0
let askers = 0

/** Recovery by mail, passkeys, trusted devices, addresses, providers, personal tokens, leaving: with a model of each. */
export function otherDoors(walk: Walk) {
  const { call, now, persons, sessions, pendings, links, hasFactor, on, gotSession, wait, opensNothing } = walk
  const passkeys: Passkey[] = []
  const trusted: Trusted[] = []
  const undos: UndoLink[] = []
  const waitings: Waiting[] = []
  const tokens: Token[] = []
  const identities: Identity[] = []
  const mailboxes = new Map<string, { person: Person; holder: Holder }>(
    persons.map((person) => [person.address, { person, holder: 'owner' }]),
  )
  const asked = new Map<string, number[]>()
  const personOf = (n: number): Person => pick(persons, n) ?? assert.fail()
  const otherOf = (person: Person): Person => persons.find((one) => one !== person) ?? assert.fail()
  const lately = (list: readonly number[], period: number) => list.filter((at) => at > now() - period).length
  const opens = (person: Person): boolean => person.active || person.leaving
  const kill = (list: { person: Person; alive: boolean }[], person: Person): void => {
    for (const one of list) if (one.person === person) one.alive = false
  }
  const usableOf = (person: Person) => passkeys.filter((one) => one.person === person && one.alive)
  const passkeysOf = (person: Person) => usableOf(person).filter(({ isKey }) => !isKey)
  const identitiesOf = (person: Person) => identities.filter((one) => one.person === person && one.alive)
  const isLastWayIn = (person: Person): boolean =>
    person.password === null && passkeysOf(person).length + identitiesOf(person).length === 1
  const newLink = (token: string, person: Person, holder: Holder, mailed: boolean): void => {
    kill(links, person)
    links.push({ token, person, holder, mailed, ends: now() + minutes(30), alive: true })
  }
  const ceremony = (answer: Answer) => ({ mia_passkey: answer.set.get('mia_passkey') })

  /** What goes with everything else that is open (CHG-02). */
  function shut(person: Person): void {
    for (const list of [trusted, tokens, waitings, links]) kill(list, person)
  }
  /** A letter is the first to show that its reader has the address: what was added before goes (REG-12). */
  function takeOver(person: Person): void {
    if (person.confirmedAt !== null) return
    for (const one of [...passkeysOf(person), ...identitiesOf(person)]) one.alive = false
    dropIdleCodes(person)
    person.confirmedAt = now()
  }
  /** With the last thing that they do instead of. */
  function dropIdleCodes(person: Person): void {
    if (!hasFactor(person) && passkeysOf(person).length === 0) person.codes = []
  }
  const cutTrusted = (person: Person): void => kill(trusted, person)

  /** Takes the letters that a step has brought: the links of notices, and those for a new password. */
  async function readLetters(
    before: { person: Person; name: string; confirmedAt: number | null }[],
  ): Promise<Letter[]> {
    const letters = await walk.letters()
    for (const letter of letters) {
      if (letter.to === CHIEF) continue
      const box = mailboxes.get(letter.to)
      if (hasLink(letter, '/auth/undo')) {
        const { person, holder } = box ?? assert.fail(`a notice to ${letter.to}`)
        assert.ok(holder !== 'nobody', 'no notice reaches an address that nobody has confirmed to have')
        const { confirmedAt, name } = before.find((one) => one.person === person) ?? assert.fail()
        assert.ok(confirmedAt !== null || letter.to === person.address, 'EML-02: a link to an address of nobody’s')
        const address = confirmedAt === null ? null : letter.to
        const token = tokenIn(letter, '/auth/undo')
        undos.push({ token, person, holder, name, address, confirmedAt, createdAt: now(), alive: true })
      }
    }
    return letters
  }

  async function forget({ who, byLink }: DoorCommand & { do: 'forget' }): Promise<void> {
    const dead = byLink === null ? undefined : pick(links, byLink)
    const person = dead?.person ?? personOf(who)
    const json = dead ? { token: dead.token } : { email: who % 2 === 0 ? person.name : person.address.toUpperCase() }
    const answer = await call('/auth/forgot', { json, address: `198.51.${(++askers >> 8) & 255}.${askers & 255}` })
    assert.equal(answer.status, 200, 'RST-01')
    opensNothing(answer)
    const letters = (await walk.letters()).filter((letter) => hasLink(letter, '/auth/reset'))
    const isWithin = lately(person.forgotten, hours(1)) < 5
    if (isWithin) person.forgotten.push(now())
    assert.equal(letters.length, isWithin && person.active ? 1 : 0, 'RST-08')
    for (const letter of letters) {
      assert.equal(letter.to, person.address, 'RST-05')
      newLink(tokenIn(letter, '/auth/reset'), person, mailboxes.get(letter.to)?.holder ?? assert.fail(), true)
    }
  }

  async function undo({ link: n }: DoorCommand & { do: 'undo' }): Promise<void> {
    const link = pick(undos, n)
    if (!link) return
    const { person } = link
    const answer = await call('/auth/undo', { json: { token: link.token } })
    opensNothing(answer)
    const good = link.alive && now() < link.createdAt + days(7)
    assert.equal(answer.status, good ? 200 : 422, 'CHG-02: “this was not me”')
    if (!good) return
    if (link.address !== null && link.address !== person.address) {
      const holder = mailboxes.get(link.address)
      assert.equal(holder?.person, person, 'nobody else has got an address that a link can put back')
      person.address = link.address
      person.confirmedAt = link.confirmedAt
    }
    if (link.name !== person.name) {
      person.formerNames = person.formerNames.filter((name) => name !== link.name)
      person.name = link.name
    }
    walk.setPassword(person, null)
    person.known.clear()
    for (const one of [...passkeysOf(person), ...identitiesOf(person)]) {
      if (one.createdAt >= link.createdAt - seconds(10)) one.alive = false
    }
    dropIdleCodes(person)
    walk.endEverything(person)
    if (person.leaving) {
      person.leaving = false
      person.active = true
    }
    for (const one of undos) if (one.person === person && one.createdAt >= link.createdAt) one.alive = false
    const { redirect } = z.object({ redirect: z.string() }).parse(answer.answer)
    newLink(new URL(redirect, baseUrl).searchParams.get('token') ?? assert.fail(), person, link.holder, false)
  }

  /** What keeps an address from being taken: its account, or a link that can put it back. */
  const isKept = (address: string, person: Person): boolean =>
    otherOf(person).address === address ||
    undos.some(
      (one) => one.alive && one.person !== person && one.address === address && now() < one.createdAt + days(7),
    )

  async function askConfirmation(
    person: Person,
    address: string,
    holder: Holder,
    send: () => Promise<Answer>,
  ): Promise<void> {
    const inMailbox = asked.get(address) ?? []
    const isWithin = lately(person.confirmations, hours(1)) < 5 && lately(inMailbox, hours(1)) < 5
    const answer = await send()
    assert.equal(answer.status, isWithin ? 200 : 429, 'EML-02')
    opensNothing(answer)
    if (!isWithin) return
    person.confirmations.push(now())
    asked.set(address, [...inMailbox, now()])
    kill(waitings, person)
    const letters = await walk.letters()
    const letter = letters.find((one) => hasLink(one, '/auth/confirm-address'))
    const isTaken = otherOf(person).address === address
    assert.equal(letter === undefined, isTaken, 'REG-08')
    assert.deepEqual(
      letters.map(({ to }) => to),
      [address],
    )
    waitings.push({
      person,
      address,
      holder,
      token: letter ? tokenIn(letter, '/auth/confirm-address') : null,
      code: letter ? codeIn(letter) : null,
      createdAt: now(),
      wrong: 0,
      alive: true,
    })
  }

  const askAddress = (command: DoorCommand & { do: 'ask address' }) =>
    on(command, '/settings/address', async ({ person, value }) => {
      const others = undos.filter((one) => one.person !== person && one.address !== null)
      const former = pick(others, 0)?.address ?? otherOf(person).address
      const own = command.whose === 'own'
      const email = own ? `address-${++addresses}@${command.by}.example` : former
      const holder = own ? command.by : 'nobody'
      const send = () => call('/settings/address', { json: { email }, session: value })
      await askConfirmation(person, email, holder, send)
    })

  const waitingOf = (person: Person): Waiting | undefined =>
    waitings.find((one) => one.person === person && one.alive && now() < one.createdAt + hours(24))

  const sendAgain = (command: DoorCommand & { do: 'send again' | 'drop address' }) =>
    on(command, '/settings/address/send', async ({ person, value }) => {
      const waiting = waitingOf(person)
      const send = () => call('/settings/address/send', { json: {}, session: value })
      if (!waiting && person.confirmedAt !== null) return assert.equal((await send()).status, 409)
      if (waiting && now() < waiting.createdAt + seconds(60)) return assert.equal((await send()).status, 429)
      const address = waiting?.address ?? person.address
      await askConfirmation(person, address, waiting?.holder ?? 'owner', send)
    })

  const dropAddress = (command: DoorCommand & { do: 'send again' | 'drop address' }) =>
    on(command, '/settings/address/drop', async ({ person, value }) => {
      assert.equal((await call('/settings/address/drop', { json: {}, session: value })).status, 200)
      kill(waitings, person)
    })

  /** The address counts from now on, or is taken. */
  function settle(waiting: Waiting, answer: Answer): void {
    const { person, address } = waiting
    if (address !== person.address && isKept(address, person)) {
      assert.equal(answer.status, 409, 'EML-03')
      return
    }
    assert.equal(answer.status, 200, JSON.stringify(answer.answer))
    kill(waitings, person)
    if (address !== person.address) {
      if (person.confirmedAt === null) kill(undos, person)
      kill(links, person)
      mailboxes.set(address, { person, holder: waiting.holder === 'nobody' ? 'owner' : waiting.holder })
      person.address = address
    }
    person.confirmedAt = now()
  }

  const confirmByCode = (command: DoorCommand & { do: 'confirm by code' }) =>
    on(command, '/settings/address/confirm', async ({ person, value }) => {
      const waiting = waitingOf(person)
      const code = (command.right ? (waiting?.code ?? pick(waitings, 0)?.code) : null) ?? '00000000'
      const answer = await call('/settings/address/confirm', { json: { code }, session: value })
      opensNothing(answer)
      const works = waiting && now() < waiting.createdAt + minutes(10) && waiting.wrong < 5
      if (works && command.right && waiting.code !== null) return settle(waiting, answer)
      assert.equal(answer.status, 422, 'EML-01')
      if (works) waiting.wrong++
    })

  async function confirmByLink({ link }: DoorCommand & { do: 'confirm by link' }): Promise<void> {
    const waiting = pick(waitings, link)
    if (!waiting || waiting.token === null) return
    const answer = await call('/auth/confirm-address', { json: { token: waiting.token } })
    opensNothing(answer)
    if (waitingOf(waiting.person) === waiting) return settle(waiting, answer)
    assert.equal(answer.status, 422, 'EML-03')
  }

  const changeName = (command: DoorCommand & { do: 'change name' }) =>
    on(command, '/settings/username', async ({ person, value }) => {
      const username = `named-${++names}`
      const tried = lately(person.namesTried, hours(1)) >= 10
      const answer = await call('/settings/username', { json: { username }, session: value })
      opensNothing(answer)
      if (tried) return assert.equal(answer.status, 429, 'REG-08')
      person.namesTried.push(now())
      if (person.formerNames.length >= 3) return assert.equal(answer.status, 409, 'A1')
      assert.equal(answer.status, 200, JSON.stringify(answer.answer))
      person.formerNames.push(person.name)
      person.name = username
    })

  const addPasskey = (command: DoorCommand & { do: 'add passkey' }) =>
    on(command, '/settings/passkeys', async ({ person, value }) => {
      if (usableOf(person).length >= 20) return
      const soft = new SoftPasskey()
      soft.counter = 1
      const options = await call('/settings/passkeys/options', { json: {}, session: value })
      const json = { credential: soft.make(options.answer) }
      const answer = await call('/settings/passkeys', { json, session: value, cookies: ceremony(options) })
      assert.equal(answer.status, 200, 'PKY-05')
      opensNothing(answer)
      const { id } = z.object({ id: z.string() }).parse(answer.answer)
      passkeys.push({ isKey: false, soft, person, by: command.by, id, createdAt: now(), counter: 1, alive: true })
    })

  const addKey = (command: DoorCommand & { do: 'add key' }) =>
    on(command, '/settings/security-keys', async ({ person, value }) => {
      if (usableOf(person).length >= 20) return
      const soft = new SoftPasskey()
      soft.counter = 1
      const options = await call('/settings/security-keys/options', { json: {}, session: value })
      if (!hasFactor(person)) return assert.equal(options.status, 409, 'M5')
      const json = { credential: soft.make(options.answer, { userVerified: false }) }
      const answer = await call('/settings/security-keys', { json, session: value, cookies: ceremony(options) })
      assert.equal(answer.status, 200, JSON.stringify(answer.answer))
      opensNothing(answer)
      const { id } = z.object({ id: z.string() }).parse(answer.answer)
      passkeys.push({ isKey: true, soft, person, by: command.by, id, createdAt: now(), counter: 1, alive: true })
      walk.voidPendings(person)
      cutTrusted(person)
    })

  const removePasskey = (command: DoorCommand & { do: 'remove passkey' | 'remove key' }) => {
    const wantsKey = command.do === 'remove key'
    const passkey = pick(passkeys, command.passkey)
    const row = wantsKey ? '/settings/security-keys/:id/remove' : '/settings/passkeys/:id/remove'
    const path = row.replace(':id', passkey?.id ?? 'none')
    return on(
      command,
      row,
      async (session) => {
        const { person, value } = session
        const answer = await call(path, { json: {}, session: value })
        const isThere = passkey?.alive && passkey.person === person && passkey.isKey === wantsKey
        if (!isThere) return assert.equal(answer.status, 404, 'ACC-03')
        if (!wantsKey && isLastWayIn(person)) return assert.equal(answer.status, 409, 'PKY-05')
        const isLastFactor = !hasFactor(person) && passkeysOf(person).length === 1
        if (!wantsKey && person.demand && isLastFactor) return assert.equal(answer.status, 409, 'M8')
        assert.equal(answer.status, 200)
        passkey.alive = false
        dropIdleCodes(person)
        walk.endAll(person, session)
        walk.voidPendings(person)
        cutTrusted(person)
      },
      { path },
    )
  }

  /** One that was made before the sign-in, in the list of whoever is in by it. */
  async function gotPasskey(soft: SoftPasskey, person: Person, { set }: Answer): Promise<void> {
    const { answer } = await call('/settings/passkeys', { session: set.get('mia_session') ?? assert.fail() })
    const listed = z.object({ passkeys: z.array(z.object({ id: z.string() })) }).parse(answer).passkeys
    const { id } = listed.find((one) => !passkeys.some((known) => known.id === one.id)) ?? assert.fail()
    passkeys.push({ isKey: false, soft, person, by: 'owner', id, createdAt: now(), counter: 1, alive: true })
  }

  /** What a passkey answers, and whether its counter lets it in. */
  function answerOf({ soft, counter }: Passkey, options: Answer, bent: { verified?: boolean; back?: boolean } = {}) {
    soft.counter = bent.back ? counter : counter + 1
    return soft.use(options.answer, { userVerified: bent.verified ?? true })
  }
  const own = (by: Actor, n: number): Passkey | undefined =>
    pick(
      passkeys.filter((one) => one.by === by),
      n,
    )

  async function usePasskey(command: DoorCommand & { do: 'use passkey' }): Promise<void> {
    const passkey = own(command.by, command.passkey)
    if (!passkey) return
    const { bent, by } = command
    const { person } = passkey
    const former = formerOf(sessions, command.former)
    const options = await call('/auth/passkeys/options', { json: {} })
    const credential = answerOf(passkey, options, { verified: bent !== 'not verified', back: bent === 'counter' })
    const answer = await call('/auth/passkeys/sign-in', {
      json: { credential },
      cookies: bent === 'stranger' ? { mia_passkey: 'a'.repeat(43) } : ceremony(options),
      ...(former && { session: former.value }),
    })
    if (!passkey.alive || passkey.isKey || bent !== 'no' || !opens(person)) {
      assert.equal(answer.status, 401)
      assert.equal(codeOf(answer), 'passkey_refused', 'PKY-01 to PKY-03')
      return opensNothing(answer)
    }
    passkey.counter++
    if (person.leaving) return wait(answer, person, 'restore')
    assert.equal(answer.status, 200)
    if (former) former.alive = false
    gotSession(answer, person, by)
  }

  async function finishByPasskey(command: DoorCommand & { do: 'finish by passkey' }): Promise<void> {
    const passkey = own(command.by, command.passkey)
    const pending = pick(pendings, command.pending)
    if (!passkey || !pending) return
    const { person } = pending
    const { api } = command
    const kind = api ? 'tokens' : 'session'
    const path = api ? '/auth/api/second-factor/passkey' : '/auth/second-factor/passkey'
    const optionsOf = (one: PendingValue) => call(`${path}/options`, { json: { pending_token: one.value } })
    const options = await optionsOf(pending)
    const waits = (one: PendingValue) => one.kind === kind && one.alive && now() < one.ends
    if (!waits(pending)) {
      assert.equal(options.status, 401, 'MFA-04')
      return assert.equal(codeOf(options), 'sign_in_expired')
    }
    if (usableOf(person).length === 0) return assert.equal(options.status, 404)
    const other = pendings.find(
      (one) => api && command.swapped && one !== pending && one.person === person && waits(one),
    )
    const credential = answerOf(passkey, other ? await optionsOf(other) : options, { verified: command.verified })
    const trust = command.trust && !person.leaving && !api
    const json = { pending_token: pending.value, credential, ...(trust && { trust_device: true }) }
    const answer = await call(path, { json, cookies: ceremony(options) })
    const isSeen = command.verified || passkey.isKey
    if (!passkey.alive || passkey.person !== person || !isSeen || other) {
      assert.equal(answer.status, 401)
      assert.equal(codeOf(answer), 'passkey_refused', 'PKY-02')
      return opensNothing(answer)
    }
    passkey.counter++
    pending.alive = false
    if (person.leaving) return wait(answer, person, 'restore')
    assert.equal(answer.status, 200)
    if (api) return walk.gotTokens(answer.answer, person)
    gotSession(answer, person, command.by)
    gotTrust(answer, person)
  }

  async function stepUpByPasskey(command: DoorCommand & { do: 'step up by passkey' }): Promise<void> {
    const passkey = own(command.by, command.passkey)
    const session = pick(sessions, command.session)
    if (!passkey || !session) return
    const { person, value } = session
    const path = '/settings/confirm/passkey'
    const options = await call(`${path}/options`, { json: {}, session: value })
    if (!session.alive) return assert.equal(options.status, 401)
    if (usableOf(person).length === 0) return assert.equal(options.status, 404)
    const credential = answerOf(passkey, options, { verified: command.verified })
    const answer = await call(path, { json: { credential }, session: value, cookies: ceremony(options) })
    if (!passkey.alive || passkey.person !== person || !(command.verified || passkey.isKey)) {
      assert.equal(answer.status, 401, 'PKY-02')
      return opensNothing(answer)
    }
    assert.equal(answer.status, 200)
    passkey.counter++
    session.alive = false
    gotSession(answer, person, session.by, now(), session)
  }

  /** The browser is trusted from now on. */
  function gotTrust(answer: Answer, person: Person): void {
    const value = answer.set.get('mia_trusted')?.split('.')[0]
    if (value) trusted.push({ value, person, createdAt: now(), alive: true })
  }

  /** A cookie of trusted devices that somebody has: the thief one that counts no more, or another's. */
  function trustOf(n: number, by: Actor, person: Person): { cookie: string | undefined; counts: boolean } {
    const counts = (one: Trusted) => one.alive && one.person === person && one.createdAt > now() - days(30)
    const one = pick(
      trusted.filter((found) => by === 'owner' || !counts(found)),
      n,
    )
    return { cookie: one?.value, counts: one !== undefined && counts(one) }
  }

  const makeToken = (command: On) =>
    on(command, '/settings/tokens', async ({ person, value }) => {
      const json = { name: 'Backup', days: 5, scopes: ['notes'] }
      const answer = await call('/settings/tokens', { json, session: value })
      assert.equal(answer.status, 200, JSON.stringify(answer.answer))
      const { id, token } = z.object({ id: z.string(), token: z.string() }).parse(answer.answer)
      tokens.push({ id, value: token, person, ends: now() + days(5), alive: true })
    })

  const revokeToken = (command: On) => {
    const token = tokens.at(-1)
    const row = '/settings/tokens/:id/revoke'
    const path = row.replace(':id', token?.id ?? 'none')
    return on(
      command,
      row,
      async ({ person, value }) => {
        const answer = await call(path, { json: {}, session: value })
        const good = token?.alive && token.person === person && now() < token.ends
        if (!good && token?.alive && token.person === person) return
        assert.equal(answer.status, good ? 200 : 404, 'ACC-03')
        if (good) token.alive = false
      },
      { path },
    )
  }

  const simple = (command: On, path: string, then: (session: SessionValue) => void) =>
    on(command, path, async (session) => {
      assert.equal((await call(path, { json: {}, session: session.value })).status, 200)
      then(session)
    })

  async function leave(command: DoorCommand & { do: 'leave' }): Promise<void> {
    return on(command, '/settings/delete', async (session) => {
      const { person, value } = session
      const byPassword = !hasFactor(person) && person.password !== null
      const knows = command.by === 'owner' || person.knownToThief === person.password
      const password = command.right && knows ? person.password : 'not the password'
      const json = { username: person.name, ...(byPassword && { password }) }
      const answer = await call('/settings/delete', { json, session: value })
      opensNothing(answer)
      const good = byPassword ? command.right && knows : walk.isConfirmed(session)
      assert.equal(answer.status, good ? 200 : 403, 'LOG-08')
      if (!good) return
      person.leaving = true
      person.active = false
      walk.endEverything(person)
    })
  }

  async function comeBack({ pending: n }: DoorCommand & { do: 'come back' }): Promise<void> {
    const pending = pick(
      pendings.filter(({ kind }) => kind === 'restore' || n % 2 === 0),
      n,
    )
    if (!pending) return
    const answer = await call('/auth/restore', { json: { pending_token: pending.value } })
    if (pending.kind !== 'restore' || !pending.alive || now() >= pending.ends) {
      assert.equal(answer.status, 401, 'MFA-04')
      return opensNothing(answer)
    }
    const { person } = pending
    pending.alive = false
    person.leaving = false
    person.active = true
    if (walk.isBeyond(person)) return wait(answer, person, 'enrol')
    assert.equal(answer.status, 200)
    gotSession(answer, person, 'owner')
  }

  const subjectOf = (person: Person, by: Actor): string => `person-${person.id}-${by}`
  /** To the provider and back: what our side answers to who comes back. */
  async function trip(
    path: string,
    sub: string,
    sent: { session?: string; cookies?: Record<string, string | undefined>; elsewhere?: boolean },
  ): Promise<Answer> {
    const begun = await call(path, { json: {}, ...(sent.session && { session: sent.session }) })
    if (begun.status !== 200) return begun
    const { redirect } = z.object({ redirect: z.string() }).parse(begun.answer)
    walk.provider.state.person = { sub, preferred_username: sub }
    const { pathname, search } = await walk.provider.visit(redirect)
    const mia_provider = sent.elsewhere ? 'b'.repeat(43) : begun.set.get('mia_provider')
    const cookies = { ...sent.cookies, mia_provider }
    return call(pathname + search, { cookies, ...(sent.session && { session: sent.session }) })
  }

  async function signInThere(command: DoorCommand & { do: 'sign in at provider' }): Promise<void> {
    const { by, elsewhere } = command
    const person = personOf(command.who)
    const identity = identitiesOf(person).find((one) => one.by === by)
    const { cookie, counts } = trustOf(command.trusted, by, person)
    const answer = await trip('/auth/providers/home', subjectOf(person, by), {
      cookies: { mia_trusted: cookie },
      elsewhere,
    })
    if (elsewhere || !identity || !opens(person)) {
      assert.equal(answer.status, 303)
      assert.ok(answer.location?.startsWith(elsewhere || identity ? '/auth/login?why=' : '/auth/welcome'), 'OAU-01')
      return opensNothing(answer)
    }
    const byTrust = walk.isMet(person)
    if (byTrust && !counts) {
      opensNothing(answer)
      assert.ok(answer.location?.startsWith('/auth/second-factor'), 'MFA-06')
      const value = answer.set.get('mia_pending') ?? assert.fail()
      pendings.push({ value, person, kind: 'session', ends: now() + minutes(10), alive: true, wrong: 0 })
      return
    }
    if (person.leaving) return wait(answer, person, 'restore')
    if (walk.isBeyond(person)) return wait(answer, person, 'enrol')
    assert.equal(answer.status, 303)
    gotSession(answer, person, by, byTrust ? 0 : now())
  }

  const link = (command: On) =>
    on(
      command,
      '/settings/providers/:id/link',
      async ({ person, value }) => {
        const sub = subjectOf(person, command.by)
        const answer = await trip('/settings/providers/home/link', sub, { session: value })
        opensNothing(answer)
        if (person.confirmedAt === null) return assert.equal(answer.status, 403, 'REG-12')
        assert.equal(answer.status, 303, JSON.stringify(answer.answer))
        if (identitiesOf(person).some((one) => one.by === command.by)) return
        identities.push({ person, by: command.by, createdAt: now(), alive: true })
      },
      { path: '/settings/providers/home/link' },
    )

  const unlink = (command: On) => {
    const row = '/settings/providers/:id/unlink'
    return on(
      command,
      row,
      async (session) => {
        const { person, value } = session
        const listed = await call('/settings/providers', { session: value })
        const [first] = z
          .object({ identities: z.array(z.object({ id: z.string(), name: z.string() })) })
          .parse(listed.answer).identities
        if (!first) return assert.equal(identitiesOf(person).length, 0)
        const answer = await call(row.replace(':id', first.id), { json: {}, session: value })
        if (isLastWayIn(person)) return assert.equal(answer.status, 409, 'OAU-06')
        assert.equal(answer.status, 200)
        const [identity] = identitiesOf(person)
        if (identity) identity.alive = false
        walk.endAll(person, session)
        walk.voidPendings(person)
      },
      { path: row.replace(':id', 'none') },
    )
  }

  async function run(command: DoorCommand): Promise<void> {
    switch (command.do) {
      case 'forget':
        return forget(command)
      case 'undo':
        return undo(command)
      case 'ask address':
        return askAddress(command)
      case 'send again':
        return sendAgain(command)
      case 'drop address':
        return dropAddress(command)
      case 'confirm by code':
        return confirmByCode(command)
      case 'confirm by link':
        return confirmByLink(command)
      case 'change name':
        return changeName(command)
      case 'add passkey':
        return addPasskey(command)
      case 'add key':
        return addKey(command)
      case 'remove key':
      case 'remove passkey':
        return removePasskey(command)
      case 'use passkey':
        return usePasskey(command)
      case 'finish by passkey':
        return finishByPasskey(command)
      case 'step up by passkey':
        return stepUpByPasskey(command)
      case 'cut trusted':
        return simple(command, '/settings/trusted-devices/cut-all', ({ person }) => cutTrusted(person))
      case 'shut doors':
        return simple(command, '/settings/access/shut', (session) => walk.endEverything(session.person, session))
      case 'make token':
        return makeToken(command)
      case 'revoke token':
        return revokeToken(command)
      case 'leave':
        return leave(command)
      case 'come back':
        return comeBack(command)
      case 'sign in at provider':
        return signInThere(command)
      case 'link':
        return link(command)
      case 'unlink':
        return unlink(command)
    }
  }

  /** What is kept is what the model has, and each token opens what it says. */
  async function look(): Promise<void> {
    for (const { value, alive, person, ends } of tokens) {
      const headers = { authorization: `Bearer ${value}` }
      const works = alive && person.active && now() < ends
      if (works) walk.touch(person)
      const { status } = await walk.auth().site([notes])(new Request(`${baseUrl}/notes`, { headers }))
      assert.equal(status, works ? (walk.isBeyond(person) ? 403 : 200) : 401, 'a personal token')
    }
    for (const person of persons) {
      const [row] = await rowsOf(walk.auth(), 'SELECT * FROM users WHERE id = ?', [person.id])
      assert.equal(row?.['email'], person.address)
      assert.equal(row?.['username'], person.name, 'A1')
      const former = await rowsOf(walk.auth(), 'SELECT * FROM former_usernames WHERE user_id = ?', [person.id])
      const kept = former.map((one) => one['username_key']).toSorted()
      assert.deepEqual(kept, person.formerNames.toSorted(), 'ACC-01: kept for their owner')
      assert.equal(row?.['email_verified_at'] !== null, person.confirmedAt !== null, 'EML-01')
      assert.equal(Boolean(row?.['is_active']), person.active, 'SES-07')
      assert.equal(row?.['deletes_at'] !== null, person.leaving, 'ACC-01')
      const rows = (table: string, where = '', ...values: unknown[]) =>
        count(walk.auth(), table, `WHERE user_id = ? ${where}`, [person.id, ...values])
      const open = (list: readonly { person: Person; alive: boolean }[]) =>
        list.filter((one) => one.person === person && one.alive).length
      assert.equal(await rows('passkeys'), open(passkeys), 'passkeys')
      assert.equal(await rows('recovery_codes', 'AND used_at IS NULL'), person.codes.length, 'MFA-03')
      assert.equal(await rows('identities'), open(identities), 'accounts elsewhere')
      assert.equal(await rows('trusted_devices'), open(trusted), 'trusted devices')
      assert.equal(await rows('personal_tokens'), open(tokens), 'personal tokens')
      assert.equal(await rows('links', 'AND purpose = ?', 'reset_password'), open(links), 'links for a new password')
      assert.equal(await rows('links', 'AND purpose = ?', 'confirm_address'), open(waitings), 'addresses that wait')
      assert.equal(await rows('links', 'AND purpose = ?', 'undo'), open(undos), 'links that undo')
    }
  }

  const hasPasskey = (person: Person): boolean => passkeysOf(person).length > 0
  /** With the last authenticator: a key alone asks for nothing. */
  function removeKeys(person: Person): void {
    for (const one of usableOf(person)) if (one.isKey) one.alive = false
  }

  return { run, look, hasPasskey, gotPasskey, removeKeys, shut, takeOver, cutTrusted, gotTrust, trustOf, readLetters }
}

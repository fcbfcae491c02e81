import assert from 'node:assert/strict'
import { days, hours, minutes, seconds } from '@miachat/auth'
import { Secret, TOTP } from 'otpauth'
import { z } from 'zod'
import { administratorOf, type DemandCommand, demandsOf } from './household-demands.ts'
import { type DoorCommand, formerOf, otherDoors, pick } from './household-doors.ts'
import { type Letter, letterBox } from './letters.ts'
import { openIdProvider } from './openid-provider.ts'
import { count } from './sql.ts'
import { baseUrl, type TestAuth, testAuth } from './test-auth.ts'

/** Two people, and a thief who may know a password and has every old value, but never a code that still counts. */
export type Actor = 'owner' | 'thief'
/** Who reads what comes to an address. */
export type Holder = Actor | 'nobody'

export type CodeChoice = 'right' | 'early' | 'late' | 'used' | 'wrong' | 'recovery' | 'used recovery' | 'of the other'

/** One thing that somebody does. Numbers choose among what there is by then, from the newest on, modulo its length. */
export type Command =
  | { do: 'learn the password'; who: number }
  | { do: 'sign in'; by: Actor; who: number; right: boolean; api: boolean; former: number; trusted: number }
  | { do: 'finish'; by: Actor; pending: number; code: CodeChoice; otherWay: boolean; former: number; trust: boolean }
  | { do: 'begin'; by: Actor; session: number }
  | { do: 'confirm'; by: Actor; session: number; right: boolean }
  | { do: 'remove'; by: Actor; session: number; foreign: boolean }
  | { do: 'renew codes'; by: Actor; session: number }
  | { do: 'step up'; by: Actor; session: number; right: boolean; code: CodeChoice }
  | { do: 'change password'; by: Actor; session: number; right: boolean }
  | { do: 'make link'; who: number }
  | { do: 'use link'; link: number }
  | { do: 'sign out'; session: number }
  | { do: 'end others'; by: Actor; session: number }
  | { do: 'refresh'; by: Actor; token: number }
  | { do: 'revoke'; token: number }
  | { do: 'disable' | 'enable'; who: number }
  | { do: 'misuse pending'; pending: number }
  | { do: 'pass'; time: number }
  | { do: 'restart' }
  | DoorCommand
  | DemandCommand

interface Authenticator {
  readonly id: string
  readonly secret: string
  lastStep: number
}
export interface Person {
  name: string
  readonly id: number
  /** Null where none opens the account. */
  password: string | null
  /** The one before, which whoever is wrong may type. */
  formerPassword: string
  active: boolean
  /** The owner has closed the account, which can be opened again. */
  leaving: boolean
  address: string
  confirmedAt: number | null
  /** Times of letters asked for. */
  readonly forgotten: number[]
  readonly confirmations: number[]
  formerNames: string[]
  readonly namesTried: number[]
  known: Map<Actor, string>
  knownToThief: string | null
  authenticators: Authenticator[]
  begun: { id: string; secret: string } | null
  codes: string[]
  usedCode: string | null
  /** Times of wrong codes, all and those of browsers that are not known. */
  wrong: number[]
  wrongOfStrangers: number[]
  /** A second factor is demanded, and since when it is missing. */
  demand: { from: number | null } | null
}
export interface SessionValue {
  readonly value: string
  readonly person: Person
  readonly by: Actor
  alive: boolean
  confirmedAt: number
  wrong: number[]
  /** The same for all values that one session has had: a step-up gives it a new one. */
  readonly chain: object
}
export interface PendingValue {
  readonly value: string
  readonly person: Person
  readonly kind: 'session' | 'tokens' | 'restore' | 'enrol'
  readonly ends: number
  alive: boolean
  wrong: number
}
interface Family {
  readonly person: Person
  alive: boolean
  readonly access: string[]
}
interface RefreshValue {
  readonly value: string
  readonly family: Family
  usedAt: number | null
  successor: RefreshValue | null
}
/** One that sets a new password. */
export interface Link {
  readonly token: string
  readonly person: Person
  readonly holder: Holder
  /** Came by a letter. */
  readonly mailed: boolean
  readonly ends: number
  alive: boolean
}

const STEP = 30_000
/** Steps of time; the longest, which would end most of what there is, only where a run begins with it. */
const times = [days(31), days(2), seconds(20), seconds(31), minutes(5), minutes(11), minutes(61)]
const problem = z.object({ code: z.string(), pending_token: z.string().optional() })
const waits = {
  session: { status: 401, code: 'second_factor_required' },
  tokens: { status: 401, code: 'second_factor_required' },
  enrol: { status: 401, code: 'second_factor_enrolment_required' },
  restore: { status: 403, code: 'account_leaving' },
}
const tokensOf = z.object({ access_token: z.string(), refresh_token: z.string() })
const begunOf = z.object({ id: z.string(), secret: z.string() })
const codesOf = z.object({ recovery_codes: z.array(z.string()) })

interface Sent {
  readonly json?: object
  readonly session?: string
  readonly device?: string | undefined
  readonly pending?: string
  readonly bearer?: string
  readonly cookies?: Readonly<Record<string, string | undefined>>
  readonly address?: string
}
export interface Answer {
  readonly status: number
  readonly set: Map<string, string>
  readonly location: string | null
  readonly answer: unknown
}
export type Call = (path: string, sent: Sent) => Promise<Answer>

/** A world whose time only the test moves, and whose limits are those of MFA-05 alone. */
export async function household(url: string) {
  const box = letterBox()
  const provider = await openIdProvider([`${baseUrl}/auth/providers/home/callback`])
  const { issuer, client } = provider
  let now = Date.UTC(2026, 0, 1)
  const huge = 1e9
  const options = {
    url,
    clock: () => now,
    mail: box.mail,
    providers: [{ id: 'home', label: 'Home', issuer, clientId: client.id, clientSecret: client.secret }],
    tokenScopes: { notes: 'Read your notes' },
    leaving: { grace: days(3000) },
    sessions: {
      short: { idle: days(3000), absolute: days(3000) },
      remembered: { idle: days(3000), absolute: days(3000) },
      mostPerUser: 50,
    },
    tokens: { accessLifetime: days(3000), familyLifetime: days(3000), grace: seconds(30), mostPerUser: 50 },
    limits: {
      registrations: huge,
      perAddress: huge,
      perAddressAndAccount: huge,
      perAccountInARow: huge,
      perKnownDevice: huge,
      passwordChanges: huge,
    },
  }
  let world: TestAuth = await testAuth(options)
  let people = 0
  let passwords = 0

  const request: Call = async (path, sent) => {
    const own = { mia_session: sent.session, mia_device: sent.device, mia_pending: sent.pending }
    const cookies = { ...own, ...sent.cookies }
    const cookie = Object.entries(cookies).flatMap(([name, value]) => (value ? [`${name}=${value}`] : []))
    const headers = new Headers({ accept: 'application/json', origin: baseUrl })
    if (cookie.length > 0) headers.set('cookie', cookie.join('; '))
    if (sent.bearer) headers.set('authorization', `Bearer ${sent.bearer}`)
    if (sent.json) headers.set('content-type', 'application/json')
    const body = sent.json ? { method: 'POST', body: JSON.stringify(sent.json) } : {}
    const response = await world.fetch(new Request(baseUrl + path, { headers, ...body }), {
      address: sent.address ?? `203.0.113.${people % 250}`,
    })
    const set = new Map(
      response.headers.getSetCookie().map((one): [string, string] => {
        const [pair = ''] = one.split(';')
        return [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
      }),
    )
    const isJson = response.headers.get('content-type')?.includes('json') === true
    const answer: unknown = isJson ? await response.json() : await response.text()
    return { status: response.status, set, location: response.headers.get('location'), answer }
  }

  async function restart(): Promise<void> {
    await world.close()
    world = await testAuth(options)
  }

  const rowOf = (path: string) => world.auth.routes.find((row) => row.method === 'POST' && row.path === path)
  const administer = administratorOf(
    () => world.auth,
    request,
    () => now,
  )

  /** One run: two fresh people, and a model of all that they and the thief have got. */
  async function begin() {
    const sessions: SessionValue[] = []
    const pendings: PendingValue[] = []
    const refreshes: RefreshValue[] = []
    const families: Family[] = []
    const links: Link[] = []
    /** What is behind the gate tells it of who is signed in. */
    const call: Call = (path, sent) => {
      const isBehind = path.startsWith('/settings') || path.startsWith('/auth/device') || path === '/auth/api/me'
      const session = sessions.find(({ value }) => value === sent.session)
      const family = families.find(({ access }) => sent.bearer && access.includes(sent.bearer))
      for (const one of [session, family]) if (isBehind && one?.alive) demands.touch(one.person)
      return request(path, sent)
    }
    const newPassword = () => `a walk number ${++passwords} by the river`
    const register = async (): Promise<Person> => {
      const name = `person-${++people}`
      const password = newPassword()
      const user = await world.auth.registerUser({ username: name, email: `${name}@example.org`, password })
      return {
        name,
        id: user.id,
        password,
        formerPassword: 'not the password',
        active: true,
        leaving: false,
        address: `${name}@example.org`,
        confirmedAt: null,
        forgotten: [],
        confirmations: [],
        formerNames: [],
        namesTried: [],
        known: new Map(),
        knownToThief: null,
        authenticators: [],
        begun: null,
        codes: [],
        usedCode: null,
        wrong: [],
        wrongOfStrangers: [],
        demand: null,
      }
    }
    const persons = [await register(), await register()]
    const personOf = (n: number): Person => pick(persons, n) ?? assert.fail()
    const hasFactor = (person: Person) => person.authenticators.length > 0
    const lately = (list: readonly number[], period: number) => list.filter((at) => at > now - period).length

    function endAll(person: Person, except?: SessionValue): void {
      for (const one of sessions) if (one.person === person && one !== except) one.alive = false
      for (const one of families) if (one.person === person) one.alive = false
      demands.endPrograms(person)
    }
    function voidPendings(person: Person): void {
      for (const one of pendings) if (one.person === person) one.alive = false
    }
    function endEverything(person: Person, except?: SessionValue): void {
      endAll(person, except)
      voidPendings(person)
      doors.shut(person)
    }
    function setPassword(person: Person, password: string | null): void {
      person.formerPassword = person.password ?? person.formerPassword
      person.password = password
    }
    const opens = (person: Person): boolean => person.active || person.leaving
    const isKnownTo = (person: Person, by: Actor): boolean =>
      person.password !== null && (by === 'owner' || person.knownToThief === person.password)
    const isConfirmed = (one: SessionValue) => now - one.confirmedAt < minutes(10)
    /** What the gate says before the route: nothing, where the session may. */
    const refusal = (one: SessionValue, path: string): number | null =>
      !one.alive
        ? 401
        : (demands.isBeyond(one.person) && !rowOf(path)?.unenrolled) || (rowOf(path)?.stepUp && !isConfirmed(one))
          ? 403
          : null

    /** The session or the tokens of an answer, noted for the rest of the run. */
    function gotSession(
      answer: Answer,
      person: Person,
      by: Actor,
      confirmedAt = now,
      former?: SessionValue,
    ): SessionValue {
      const value = answer.set.get('mia_session') ?? assert.fail('no session')
      assert.ok(!sessions.some((one) => one.value === value), 'SES-02: a session value twice')
      if (!former) demands.cameIn(person)
      const got = { value, person, by, alive: true, confirmedAt, wrong: [], chain: former?.chain ?? {} }
      sessions.push(got)
      const device = answer.set.get('mia_device')
      if (device) person.known.set(by, device)
      return got
    }
    function gotTokens(answer: unknown, person: Person): void {
      const { access_token, refresh_token } = tokensOf.parse(answer)
      demands.cameIn(person)
      const family = { person, alive: true, access: [access_token] }
      families.push(family)
      refreshes.push({ value: refresh_token, family, usedAt: null, successor: null })
    }
    /** By a password: the thief must have earned it. */
    function got(answer: Answer, api: boolean, person: Person, by: Actor, confirmedAt = now): void {
      assert.ok(by === 'owner' || (isKnownTo(person, by) && !demands.isMet(person)), 'the thief has earned nothing')
      if (api) gotTokens(answer.answer, person)
      else gotSession(answer, person, by, confirmedAt)
    }
    /** Whoever has closed the account is asked whether to open it again. */
    function wait(answer: Answer, person: Person, kind: PendingValue['kind']): void {
      const { code, pending_token } = problem.parse(answer.answer)
      assert.deepEqual({ status: answer.status, code }, waits[kind], 'MFA-06, M8')
      assert.ok(pending_token)
      pendings.push({ value: pending_token, person, kind, ends: now + minutes(10), alive: true, wrong: 0 })
      opensNothing(answer)
    }
    const opensNothing = (answer: Answer) => {
      assert.ok(!answer.set.get('mia_session'), 'a session that nobody earned')
      assert.ok(!tokensOf.safeParse(answer.answer).success, 'tokens that nobody earned')
    }

    /** What is typed, and what it is worth. */
    function codeOf(person: Person, choice: CodeChoice, by: Actor) {
      const wanted = by === 'thief' && !choice.startsWith('used') ? 'wrong' : choice
      const at = (secret: string, step: number) =>
        new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: step * STEP })
      const step = Math.floor(now / STEP)
      const authenticator = person.authenticators.at(-1)
      if (['right', 'early', 'late'].includes(wanted) && authenticator) {
        const typed = step + (wanted === 'early' ? -1 : wanted === 'late' ? 1 : 0)
        const use = () => {
          authenticator.lastStep = typed
        }
        return { typed: at(authenticator.secret, typed), use: typed > authenticator.lastStep ? use : null }
      }
      if (wanted === 'used' && authenticator)
        return { typed: at(authenticator.secret, authenticator.lastStep), use: null }
      const [code] = person.codes
      if (wanted === 'recovery' && code !== undefined) {
        const use = () => {
          person.codes.shift()
          person.usedCode = code
        }
        return { typed: code, use }
      }
      if (wanted === 'used recovery' && person.usedCode) return { typed: person.usedCode, use: null }
      const other = persons.find((one) => one !== person)?.authenticators.at(-1)
      if (wanted === 'of the other' && other) return { typed: at(other.secret, step), use: null }
      return { typed: '000000', use: null }
    }

    async function signIn(command: Command & { do: 'sign in' }): Promise<void> {
      const { by, api } = command
      const person = personOf(command.who)
      const right = command.right && isKnownTo(person, by)
      const password = (right ? person.password : person.knownToThief) ?? person.formerPassword
      const wasRight = password === person.password
      const trusted = doors.trustOf(command.trusted, by, person)
      const former = api ? undefined : formerOf(sessions, command.former)
      const answer = await call(api ? '/auth/api/login' : '/auth/login', {
        json: { username: person.name, password },
        device: person.known.get(by),
        cookies: { mia_trusted: trusted.cookie },
        ...(former && { session: former.value }),
      })
      if (!wasRight || !opens(person)) {
        assert.equal(answer.status, 401)
        assert.equal(problem.parse(answer.answer).code, 'invalid_credentials')
        return opensNothing(answer)
      }
      const byTrust = demands.isMet(person) && trusted.counts && !api
      if (demands.isMet(person) && !byTrust) return wait(answer, person, api ? 'tokens' : 'session')
      if (person.leaving) return wait(answer, person, 'restore')
      if (demands.isBeyond(person)) {
        if (!api) return wait(answer, person, 'enrol')
        assert.deepEqual(problem.parse(answer.answer), { code: waits.enrol.code }, 'M8: nothing for a program')
        return opensNothing(answer)
      }
      assert.equal(answer.status, 200)
      if (former) former.alive = false
      got(answer, api, person, by, byTrust ? 0 : now)
    }

    async function finish(command: Command & { do: 'finish' }): Promise<void> {
      const { by, otherWay } = command
      const pending = pick(pendings, command.pending)
      if (!pending) return
      const api = (pending.kind === 'tokens') !== otherWay
      const { person } = pending
      const { typed, use } = codeOf(person, command.code, by)
      const former = api ? undefined : formerOf(sessions, command.former)
      const known = person.known.get(by)
      const isKnown = known !== undefined
      const trust = command.trust && !api && !person.leaving
      const answer = await call(api ? '/auth/api/second-factor' : '/auth/second-factor', {
        json: { pending_token: pending.value, code: typed, ...(trust && { trust_device: true }) },
        device: known,
        ...(former && { session: former.value }),
      })
      if (!pending.alive || now >= pending.ends || otherWay || !['session', 'tokens'].includes(pending.kind)) {
        assert.equal(answer.status, 401)
        assert.equal(problem.parse(answer.answer).code, 'sign_in_expired', 'MFA-04')
        return opensNothing(answer)
      }
      const hour = hours(1)
      if (lately(person.wrong, hour) >= 10 || (!isKnown && lately(person.wrongOfStrangers, hour) >= 7)) {
        assert.equal(answer.status, 429, 'MFA-05')
        return opensNothing(answer)
      }
      if (use === null) {
        assert.equal(answer.status, 401)
        assert.equal(problem.parse(answer.answer).code, 'wrong_code')
        person.wrong.push(now)
        if (!isKnown) person.wrongOfStrangers.push(now)
        pending.wrong++
        if (pending.wrong >= 5) pending.alive = false
        return opensNothing(answer)
      }
      const isTrusted = trust && command.code !== 'recovery'
      use()
      pending.alive = false
      if (person.leaving) return wait(answer, person, 'restore')
      assert.equal(answer.status, 200, JSON.stringify(answer.answer))
      if (former) former.alive = false
      got(answer, api, person, by)
      assert.equal(answer.set.has('mia_trusted'), isTrusted, 'M6')
      if (isTrusted) doors.gotTrust(answer, person)
    }

    /** A request of somebody signed in, refused by the gate, or `act`. */
    async function on(
      command: { by: Actor; session: number },
      row: string,
      act: (session: SessionValue) => Promise<void>,
      sent: { path?: string; json?: object } = {},
    ): Promise<void> {
      const session = pick(sessions, command.session)
      if (!session) return
      const refused = refusal(session, row)
      if (refused === null) return act(session)
      const { path = row, json = {} } = sent
      const answer = await call(path, { json, session: session.value })
      assert.equal(answer.status, refused, row)
      opensNothing(answer)
    }
    /**
     * A change of password or second factor. What the thief would be allowed with a stolen cookie that is still good is not
     * tried here: the runs would be about a thief who owns the account.
     */
    const change = (
      command: { by: Actor; session: number },
      row: string,
      act: (session: SessionValue) => Promise<void>,
      path = row,
    ): Promise<void> => {
      const current_password = pick(sessions, command.session)?.person.password ?? ''
      const json = { name: 'x', code: '000000', current_password, new_password: newPassword() }
      return on(command, row, async (session) => (command.by === 'thief' ? undefined : act(session)), { path, json })
    }

    const confirm = (command: Command & { do: 'confirm' }) => {
      const path = (id: string) => `/settings/authenticators/${id}/confirm`
      const session = pick(sessions, command.session)
      const id = session?.person.begun?.id ?? 'none'
      return change(
        command,
        path(':id'),
        async ({ person, value }) => {
          const { begun } = person
          const step = Math.floor(now / STEP)
          const code =
            begun && command.right
              ? new TOTP({ secret: Secret.fromBase32(begun.secret) }).generate({ timestamp: step * STEP })
              : '000000'
          const answer = await call(path(id), { json: { code }, session: value })
          if (!begun) return assert.equal(answer.status, 404)
          if (!command.right) return assert.equal(answer.status, 422)
          assert.equal(answer.status, 200)
          const bringsCodes = !hasFactor(person) || person.codes.length === 0
          person.authenticators.push({ ...begun, lastStep: step })
          person.begun = null
          voidPendings(person)
          doors.cutTrusted(person)
          const { recovery_codes } = codesOf.parse(answer.answer)
          assert.equal(recovery_codes.length, bringsCodes ? 10 : 0, 'MFA-03')
          if (bringsCodes) person.codes = recovery_codes
        },
        path(id),
      )
    }

    const remove = (command: Command & { do: 'remove' }) => {
      const path = (id: string) => `/settings/authenticators/${id}/remove`
      const session = pick(sessions, command.session)
      const whose = command.foreign ? persons.find((one) => one !== session?.person) : session?.person
      const id = whose?.authenticators[0]?.id ?? 'none'
      return change(
        command,
        path(':id'),
        async (by) => {
          const { person } = by
          const answer = await call(path(id), { json: {}, session: by.value })
          if (command.foreign || !hasFactor(person)) return assert.equal(answer.status, 404, 'ACC-03')
          const isLast = person.authenticators.length === 1 && !doors.hasPasskey(person)
          if (person.demand && isLast) return assert.equal(answer.status, 409, 'M8')
          assert.equal(answer.status, 200)
          person.authenticators.shift()
          endAll(person, by)
          voidPendings(person)
          doors.cutTrusted(person)
          if (!hasFactor(person)) {
            doors.removeKeys(person)
            person.codes = []
            person.usedCode = null
          }
        },
        path(id),
      )
    }

    async function stepUp(command: Command & { do: 'step up' }): Promise<void> {
      const session = pick(sessions, command.session)
      if (!session) return
      const { person } = session
      const knows = isKnownTo(person, command.by)
      const { typed, use } = codeOf(person, command.code, command.by)
      const byPassword = !hasFactor(person)
      const right = session.alive && (byPassword ? command.right && knows : use !== null)
      if (right && command.by === 'thief') return
      const password = (command.right && knows ? person.password : null) ?? 'not the password'
      const answer = await call('/settings/confirm', { json: { password, code: typed }, session: session.value })
      if (!session.alive) {
        assert.equal(answer.status, 401)
        return opensNothing(answer)
      }
      if (byPassword && !right) {
        assert.equal(answer.status, 403)
        return opensNothing(answer)
      }
      const limited = lately(person.wrong, hours(1)) >= 10 || lately(session.wrong, minutes(10)) >= 5
      if (!byPassword && (limited || !right)) {
        assert.equal(answer.status, limited ? 429 : 422, 'MFA-05, MFA-07')
        if (!limited) {
          person.wrong.push(now)
          session.wrong.push(now)
        }
        return opensNothing(answer)
      }
      assert.equal(answer.status, 200)
      if (!byPassword) use?.()
      session.alive = false
      gotSession(answer, person, 'owner', now, session)
    }

    const changePassword = (command: Command & { do: 'change password' }) =>
      change(command, '/settings/password', async (session) => {
        const { person, value, confirmedAt } = session
        const new_password = newPassword()
        const current_password = (command.right ? person.password : null) ?? 'not the password'
        const json = { current_password, new_password }
        const answer = await call('/settings/password', { json, session: value, device: person.known.get('owner') })
        if (person.password === null ? !isConfirmed(session) : !command.right) {
          assert.equal(answer.status, 403)
          return opensNothing(answer)
        }
        assert.equal(answer.status, 200)
        endEverything(person)
        setPassword(person, new_password)
        person.known.clear()
        gotSession(answer, person, 'owner', confirmedAt)
      })

    async function refresh(command: Command & { do: 'refresh' }): Promise<void> {
      const token = pick(refreshes, command.token)
      if (!token) return
      const { family, usedAt, successor } = token
      const repeats = usedAt !== null && now - usedAt <= seconds(30) && successor?.usedAt === null
      const good = family.alive && (usedAt === null || repeats)
      if (good && command.by === 'thief') return
      const answer = await call('/auth/api/refresh', { json: { refresh_token: token.value } })
      if (!good) {
        assert.equal(answer.status, 401, 'RFR-03')
        family.alive = false
        return opensNothing(answer)
      }
      assert.equal(answer.status, 200)
      const { access_token, refresh_token } = tokensOf.parse(answer.answer)
      family.access.push(access_token)
      if (usedAt !== null) return assert.equal(refresh_token, successor?.value, 'RFR-04')
      assert.ok(!refreshes.some(({ value }) => value === refresh_token))
      token.usedAt = now
      token.successor = { value: refresh_token, family, usedAt: null, successor: null }
      refreshes.push(token.successor)
    }

    async function misusePending(n: number): Promise<void> {
      const pending = pick(pendings, n)
      if (!pending) return
      const { value } = pending
      const tried = [
        await call('/settings', { session: value, pending: value }),
        await call('/auth/api/me', { bearer: value }),
        await call('/auth/api/refresh', { json: { refresh_token: value } }),
        await call('/settings/authenticators', { json: { name: 'x' }, session: value, pending: value, bearer: value }),
      ]
      for (const { status } of tried) assert.equal(status, 401, 'MFA-04')
    }

    /** Everything that was ever given opens what the model says, and nothing is open that nobody was given. */
    async function look(): Promise<void> {
      for (const { value, alive, person } of sessions) {
        const { status } = await call('/settings', { session: value })
        assert.equal(status, alive ? (demands.isBeyond(person) ? 403 : 200) : 401, 'SES-06, CHG-02')
      }
      for (const { access, alive, person } of families) {
        for (const bearer of access) {
          const { status } = await call('/auth/api/me', { bearer })
          assert.equal(status, alive ? (demands.isBeyond(person) ? 403 : 200) : 401, 'JWT-06')
        }
      }
      for (const person of persons) {
        const open = (all: readonly { person: Person; alive: boolean }[]) =>
          all.filter((one) => one.person === person && one.alive).length
        assert.equal(await count(world.auth, 'sessions', 'WHERE user_id = ?', [person.id]), open(sessions))
        assert.equal(await count(world.auth, 'token_families', 'WHERE user_id = ?', [person.id]), open(families))
      }
    }

    async function run(command: Command): Promise<void> {
      switch (command.do) {
        case 'learn the password':
          personOf(command.who).knownToThief = personOf(command.who).password
          return
        case 'sign in':
          return signIn(command)
        case 'finish':
          return finish(command)
        case 'begin':
          return change(command, '/settings/authenticators', async ({ person, value }) => {
            if (person.authenticators.length >= 10) return
            const answer = await call('/settings/authenticators', { json: { name: 'A phone' }, session: value })
            assert.equal(answer.status, 200)
            person.begun = begunOf.parse(answer.answer)
          })
        case 'confirm':
          return confirm(command)
        case 'remove':
          return remove(command)
        case 'renew codes':
          return change(command, '/settings/recovery-codes', async ({ person, value }) => {
            const answer = await call('/settings/recovery-codes', { json: {}, session: value })
            assert.equal(answer.status, demands.isMet(person) ? 200 : 409)
            if (!demands.isMet(person)) return
            person.usedCode = person.codes[0] ?? person.usedCode
            person.codes = codesOf.parse(answer.answer).recovery_codes
            doors.cutTrusted(person)
          })
        case 'step up':
          return stepUp(command)
        case 'change password':
          return changePassword(command)
        case 'make link': {
          const person = personOf(command.who)
          const { url: made } = await world.auth.admin.resetLink(person.id, 'a test')
          for (const link of links) if (link.person === person) link.alive = false
          const token = new URL(made).searchParams.get('token') ?? assert.fail()
          links.push({ token, person, holder: 'owner', mailed: false, ends: now + minutes(30), alive: true })
          return
        }
        case 'use link': {
          const link = pick(links, command.link)
          if (!link) return
          const new_password = newPassword()
          const answer = await call('/auth/reset', { json: { token: link.token, new_password } })
          const good = link.alive && now < link.ends
          assert.equal(answer.status, good ? 200 : 422, 'RST-02')
          opensNothing(answer)
          if (!good) return
          if (link.mailed) doors.takeOver(link.person)
          endEverything(link.person)
          setPassword(link.person, new_password)
          if (link.holder === 'thief') link.person.knownToThief = new_password
          link.person.known.clear()
          return
        }
        case 'sign out': {
          const session = pick(sessions, command.session)
          if (!session) return
          assert.equal((await call('/auth/logout', { json: {}, session: session.value })).status, 200)
          session.alive = false
          return
        }
        case 'end others':
          return change(command, '/settings/sessions/end-others', async (session) => {
            const answer = await call('/settings/sessions/end-others', { json: {}, session: session.value })
            assert.equal(answer.status, 200)
            endAll(session.person, session)
            doors.cutTrusted(session.person)
          })
        case 'refresh':
          return refresh(command)
        case 'revoke': {
          const token = pick(refreshes, command.token)
          if (!token) return
          const answer = await call('/auth/api/logout', { json: { refresh_token: token.value } })
          assert.equal(answer.status, 200, 'RFR-06')
          token.family.alive = false
          return
        }
        case 'disable':
        case 'enable': {
          const person = personOf(command.who)
          const isActive = command.do === 'enable'
          const act = world.auth.admin.setActive(person.id, isActive, 'a test')
          if (!isActive && person.leaving) return assert.rejects(act, { code: 'conflict' })
          await act
          person.active = isActive
          if (isActive) person.leaving = false
          else endEverything(person)
          return
        }
        case 'misuse pending':
          return misusePending(command.pending)
        case 'pass':
          now += pick(times, command.time) ?? 0
          return
        case 'restart':
          return restart()
        case 'demand':
        case 'withdraw':
        case 'enrol':
        case 'enrol passkey':
        case 'ask for a code':
        case 'enter code':
        case 'allow':
        case 'refuse':
        case 'fetch tokens':
          return demands.run(command)
        default:
          return doors.run(command)
      }
    }
    const letters = (): Promise<Letter[]> => box.letters(world)
    const doors = otherDoors({
      auth: () => world.auth,
      call,
      now: () => now,
      letters,
      provider,
      persons,
      sessions,
      pendings,
      links,
      hasFactor,
      isConfirmed,
      on,
      gotSession,
      wait,
      opensNothing,
      endAll,
      voidPendings,
      endEverything,
      setPassword,
      gotTokens,
      isMet: (person) => demands.isMet(person),
      isBeyond: (person) => demands.isBeyond(person),
      touch: (person) => demands.touch(person),
    })
    const demands = demandsOf({
      call,
      now: () => now,
      administer,
      persons,
      sessions,
      pendings,
      hasFactor,
      isConfirmed,
      hasPasskey: doors.hasPasskey,
      gotPasskey: doors.gotPasskey,
      on,
      gotSession,
      gotTokens,
      opensNothing,
      voidPendings,
      cutTrusted: doors.cutTrusted,
    })
    return {
      async run(command: Command): Promise<void> {
        const before = persons.map((person) => ({ person, name: person.name, confirmedAt: person.confirmedAt }))
        await run(command)
        await doors.readLetters(before)
      },
      async look(): Promise<void> {
        await look()
        await doors.look()
      },
    }
  }

  async function close(): Promise<void> {
    await world.close()
    await provider.close()
  }
  return { begin, restart, close, connection: () => world.auth.connection }
}

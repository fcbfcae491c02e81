import assert from 'node:assert/strict'
import { type Auth, days, hours, minutes } from '@miachat/auth'
import { Secret, TOTP } from 'otpauth'
import { z } from 'zod'
import { SoftPasskey } from './authenticator.ts'
import type { Actor, Answer, Call, PendingValue, Person, SessionValue } from './household.ts'
import { pick } from './household-doors.ts'

type On = { by: Actor; session: number }

/** What an administrator demands, how somebody sets a second factor up at the sign-in, and programs that show a code. */
export type DemandCommand =
  | { do: 'demand' | 'withdraw'; who: number }
  | { do: 'enrol'; by: Actor; pending: number; right: boolean; anew: boolean }
  | { do: 'enrol passkey'; by: Actor; pending: number; bent: 'no' | 'not verified' | 'of another' | 'replayed' }
  | { do: 'ask for a code' }
  | ({ do: 'enter code'; program: number; right: boolean } & On)
  | ({ do: 'allow' | 'refuse'; program: number } & On)
  | { do: 'fetch tokens'; program: number; elsewhere: boolean }

const STEP = 30_000
const GRACE = days(7)
const GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
export const CHIEF = 'chief@example.org'
const begunOf = z.object({ id: z.string(), secret: z.string() })
const codesOf = z.object({ recovery_codes: z.array(z.string()) })
const problem = z.object({ code: z.string() })

/** Signs an administrator in anew each time: a passkey is fresh whatever the clock says. */
export function administratorOf(auth: () => Auth, call: Call, now: () => number) {
  const passkey = new SoftPasskey()
  async function make(): Promise<void> {
    const password = 'a walk of the chief by the river'
    const { id } = await auth().registerUser({ username: 'chief', email: CHIEF, password })
    await auth().admin.setRole(id, 'admin', 'test')
    const session = (await call('/auth/login', { json: { username: 'chief', password } })).set.get('mia_session') ?? ''
    const begun = begunOf.parse((await call('/settings/authenticators', { json: { name: 'x' }, session })).answer)
    const code = new TOTP({ secret: Secret.fromBase32(begun.secret) }).generate({ timestamp: now() })
    const confirmed = await call(`/settings/authenticators/${begun.id}/confirm`, { json: { code }, session })
    assert.equal(confirmed.status, 200)
    const options = await call('/settings/passkeys/options', { json: {}, session })
    const cookies = { mia_passkey: options.set.get('mia_passkey') }
    const json = { credential: passkey.make(options.answer) }
    assert.equal((await call('/settings/passkeys', { json, session, cookies })).status, 200)
  }
  let made: Promise<void> | null = null
  return async function act(person: Person, what: string): Promise<number> {
    made ??= make()
    await made
    passkey.counter++
    const options = await call('/auth/passkeys/options', { json: {} })
    const cookies = { mia_passkey: options.set.get('mia_passkey') }
    const signedIn = await call('/auth/passkeys/sign-in', {
      json: { credential: passkey.use(options.answer) },
      cookies,
    })
    const session = signedIn.set.get('mia_session') ?? assert.fail()
    return (await call(`/admin/people/${person.id}/${what}`, { json: { reason: 'a test' }, session })).status
  }
}

interface Program {
  readonly name: string
  readonly deviceCode: string
  readonly userCode: string
  readonly ends: number
  /** What the server calls it, for whoever has entered the code last. */
  id: string
  entered: SessionValue | null
  decision: 'allow' | 'refuse' | null
  alive: boolean
}

/** What a run shares with `household.ts`. */
interface Walk {
  readonly call: Call
  readonly now: () => number
  readonly administer: (person: Person, what: string) => Promise<number>
  readonly persons: readonly Person[]
  readonly sessions: readonly SessionValue[]
  readonly pendings: readonly PendingValue[]
  readonly hasFactor: (person: Person) => boolean
  readonly isConfirmed: (session: SessionValue) => boolean
  readonly hasPasskey: (person: Person) => boolean
  readonly gotPasskey: (soft: SoftPasskey, person: Person, answer: Answer) => Promise<void>
  readonly on: (
    command: On,
    row: string,
    act: (session: SessionValue) => Promise<void>,
    sent?: { path?: string; json?: object },
  ) => Promise<void>
  readonly gotSession: (answer: Answer, person: Person, by: Actor) => SessionValue
  readonly gotTokens: (answer: unknown, person: Person) => void
  readonly opensNothing: (answer: Answer) => void
  readonly voidPendings: (person: Person) => void
  readonly cutTrusted: (person: Person) => void
}

let networks = 0

export function demandsOf(walk: Walk) {
  const { call, now, persons, sessions, pendings, hasFactor, hasPasskey, on, opensNothing } = walk
  const programs: Program[] = []
  const wrong = new Map<Person, number[]>()
  /** What the thief has begun with a sign-in that waited. */
  const ofThief: { person: Person; id: string; secret: string }[] = []
  const credentialsOfThief = new Map<PendingValue, object>()
  const personOf = (n: number): Person => pick(persons, n) ?? assert.fail()

  /** Whether a password alone does not do: what is demanded is there, or a code is asked for anyway. */
  const isMet = (person: Person): boolean => hasFactor(person) || (person.demand !== null && hasPasskey(person))
  const isBeyond = (person: Person): boolean => {
    const from = person.demand?.from ?? null
    return from !== null && !isMet(person) && now() >= from + GRACE
  }
  /** The gate has seen somebody signed in: the grace begins with it. */
  function touch(person: Person): void {
    if (person.demand && !isMet(person)) person.demand.from ??= now()
  }
  /** A sign-in is through. */
  function cameIn(person: Person): void {
    if (person.demand) person.demand.from = isMet(person) ? null : (person.demand.from ?? now())
  }

  async function demand({ do: what, who }: DemandCommand & { do: 'demand' | 'withdraw' }): Promise<void> {
    const person = personOf(who)
    const isOn = person.demand !== null
    const status = await walk.administer(person, what === 'demand' ? 'demand-second-factor' : 'withdraw-demand')
    assert.equal(status, isOn === (what === 'withdraw') ? 200 : 409, what)
    if (what === 'withdraw') person.demand = null
    else person.demand ??= { from: now() }
  }

  const codeOf = (secret: string): string =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Math.floor(now() / STEP) * STEP })

  async function beginAt(pending: PendingValue): Promise<Answer> {
    return call('/auth/enrol', { json: { name: 'A phone', pending_token: pending.value } })
  }
  async function confirmAt(pending: PendingValue, begun: { id: string } | null, code: string): Promise<Answer> {
    const json = { pending_token: pending.value, code }
    return call(`/auth/enrol/${begun?.id ?? 'none'}/confirm`, { json })
  }

  /** Mostly one that waits for a second factor. */
  const pendingOf = (n: number): PendingValue | undefined =>
    pick(
      pendings.filter(({ kind }) => kind === 'enrol'),
      n,
    ) ?? pick(pendings, n)
  const isGood = ({ kind, alive, ends, person }: PendingValue): boolean =>
    kind === 'enrol' && alive && now() < ends && !isMet(person)

  async function enrol(command: DemandCommand & { do: 'enrol' }): Promise<void> {
    const pending = pendingOf(command.pending)
    if (!pending) return
    const { person } = pending
    const good = isGood(pending)
    if (command.by === 'thief') return enrolAsThief(pending, good)
    if (command.anew || person.begun === null) {
      const answer = await beginAt(pending)
      opensNothing(answer)
      if (good) {
        assert.equal(answer.status, 200, JSON.stringify(answer.answer))
        person.begun = begunOf.parse(answer.answer)
      } else isExpired(answer)
    }
    const { begun } = person
    const code = begun && command.right ? codeOf(begun.secret) : '000000'
    const answer = await confirmAt(pending, begun, code)
    if (!good) return isExpired(answer)
    assert.ok(begun)
    if (!command.right) {
      assert.equal(answer.status, 422, 'M8')
      return opensNothing(answer)
    }
    assert.equal(answer.status, 200, JSON.stringify(answer.answer))
    const { recovery_codes } = codesOf.parse(answer.answer)
    assert.equal(recovery_codes.length, 10, 'MFA-03')
    person.codes = recovery_codes
    person.authenticators.push({ ...begun, lastStep: Math.floor(now() / STEP) })
    person.begun = null
    walk.voidPendings(person)
    walk.cutTrusted(person)
    walk.gotSession(answer, person, 'owner')
  }

  /** Begins as far as the password goes, and comes back with a right code once the owner was quicker. */
  async function enrolAsThief(pending: PendingValue, good: boolean): Promise<void> {
    const { person } = pending
    if (good) {
      ofThief.push({ person, ...begunOf.parse((await beginAt(pending)).answer) })
      // The newest is the only one that waits.
      person.begun = null
      return
    }
    isExpired(await beginAt(pending))
    const begun = ofThief.findLast((one) => one.person === person)
    if (begun) isExpired(await confirmAt(pending, begun, codeOf(begun.secret)))
  }

  const ENROL = '/auth/enrol/passkey'
  const optionsAt = (pending: PendingValue) => call(`${ENROL}/options`, { json: { pending_token: pending.value } })
  const sendAt = (pending: PendingValue, credential: object) =>
    call(ENROL, { json: { pending_token: pending.value, credential } })

  async function enrolPasskey({ by, pending: n, bent }: DemandCommand & { do: 'enrol passkey' }): Promise<void> {
    const pending = pendingOf(n)
    if (!pending) return
    const { person } = pending
    const options = await optionsAt(pending)
    opensNothing(options)
    if (!isGood(pending)) {
      isExpired(options)
      // What the thief has made in time comes too late once the owner was quicker.
      const made = credentialsOfThief.get(pending)
      return made && isRefused(await sendAt(pending, made))
    }
    assert.equal(options.status, 200, JSON.stringify(options.answer))
    const soft = new SoftPasskey()
    soft.counter = 1
    if (by === 'thief') return void credentialsOfThief.set(pending, soft.make(options.answer))
    const other = bent === 'of another' ? pendings.find((one) => one !== pending && isGood(one)) : undefined
    const made = soft.make(other ? (await optionsAt(other)).answer : options.answer, {
      userVerified: bent !== 'not verified',
    })
    if (bent === 'replayed') isRefused(await sendAt(pending, soft.make(options.answer, { userVerified: false })))
    const answer = await sendAt(pending, made)
    if (bent === 'not verified' || bent === 'replayed' || other) return isRefused(answer)
    assert.equal(answer.status, 200, JSON.stringify(answer.answer))
    const { recovery_codes } = codesOf.parse(answer.answer)
    assert.equal(recovery_codes.length, 10, 'MFA-03')
    person.codes = recovery_codes
    walk.voidPendings(person)
    walk.cutTrusted(person)
    await walk.gotPasskey(soft, person, answer)
    walk.gotSession(answer, person, 'owner')
  }

  function isRefused(answer: Answer): void {
    assert.equal(answer.status, 401, JSON.stringify(answer.answer))
    assert.match(problem.parse(answer.answer).code, /^(sign_in_expired|passkey_refused)$/, 'PKY-01, PKY-02')
    opensNothing(answer)
  }

  function isExpired(answer: Answer): void {
    assert.equal(answer.status, 401, `M8: ${JSON.stringify(answer.answer)}`)
    assert.equal(problem.parse(answer.answer).code, 'sign_in_expired')
    opensNothing(answer)
  }

  async function askForCode(): Promise<void> {
    const name = `program ${++networks}`
    const address = `198.18.${(networks >> 8) & 255}.${networks & 255}`
    const { answer } = await call('/auth/api/device/code', { json: { client_id: name }, address })
    const { device_code, user_code } = z.object({ device_code: z.string(), user_code: z.string() }).parse(answer)
    const ends = now() + minutes(10)
    const none = { id: 'none', entered: null, decision: null, alive: true }
    programs.push({ name, deviceCode: device_code, userCode: user_code, ends, ...none })
  }

  const enterCode = (command: DemandCommand & { do: 'enter code' }) =>
    on(command, '/auth/device', async (session) => {
      const program = pick(programs, command.program)
      const user_code = program && command.right ? program.userCode : 'BBBB-BBBB'
      const answer = await call('/auth/device', { json: { user_code }, session: session.value })
      opensNothing(answer)
      const { person } = session
      const tried = wrong.get(person) ?? []
      if (tried.filter((at) => at > now() - hours(1)).length >= 10) return assert.equal(answer.status, 429, 'RFC 8628')
      const waits = program?.alive && program.decision === null && now() < program.ends
      if (!waits || !command.right) {
        assert.equal(answer.status, 422, 'RFC 8628')
        wrong.set(person, [...tried, now()])
        return
      }
      assert.equal(answer.status, 200)
      program.id = z.object({ id: z.string() }).parse(answer.answer).id
      program.entered = session
    })

  /** Another session of the same person cannot decide on what this one has entered. */
  const isTheirs = (program: Program, { chain }: SessionValue): boolean => program.entered?.chain === chain

  const decide = (command: DemandCommand & { do: 'allow' | 'refuse' }) => {
    const program = pick(programs, command.program)
    const path = `/auth/device/${program?.id ?? 'none'}/${command.do}`
    return on(
      command,
      `/auth/device/:id/${command.do}`,
      async (session) => {
        const answer = await call(path, { json: {}, session: session.value })
        opensNothing(answer)
        // Said here once more: the gate's own rule is read off the row.
        if (command.do === 'allow') assert.ok(walk.isConfirmed(session), 'LOG-08')
        const good = program?.alive && program.decision === null && isTheirs(program, session) && now() < program.ends
        assert.equal(answer.status, good ? 200 : 404, 'RFC 8628 section 5.4')
        if (good) program.decision = command.do
      },
      { path },
    )
  }

  async function fetchTokens({ program: n, elsewhere }: DemandCommand & { do: 'fetch tokens' }): Promise<void> {
    const program = pick(programs, n)
    if (!program) return
    const client_id = elsewhere ? 'another program' : program.name
    const json = { grant_type: GRANT, device_code: program.deviceCode, client_id }
    const answer = await call('/auth/api/device/token', { json })
    const { entered, decision } = program
    const isIn = entered !== null && sessions.some((one) => one.alive && one.chain === entered.chain)
    const works = !elsewhere && program.alive && now() < program.ends
    if (!works || decision !== 'allow' || entered === null || !isIn || isBeyond(entered.person)) {
      assert.equal(answer.status, 400, 'RFC 8628 section 3.5')
      const { error } = z.object({ error: z.string() }).parse(answer.answer)
      const wanted = !works
        ? ['expired_token']
        : decision === null
          ? ['authorization_pending', 'slow_down']
          : ['access_denied']
      assert.ok(wanted.includes(error), `${error} for ${wanted}`)
      if (works && decision === 'allow') program.alive = false
      return opensNothing(answer)
    }
    assert.equal(answer.status, 200, JSON.stringify(answer.answer))
    program.alive = false
    walk.gotTokens(answer.answer, entered.person)
  }

  async function run(command: DemandCommand): Promise<void> {
    switch (command.do) {
      case 'demand':
      case 'withdraw':
        return demand(command)
      case 'enrol':
        return enrol(command)
      case 'enrol passkey':
        return enrolPasskey(command)
      case 'ask for a code':
        return askForCode()
      case 'enter code':
        return enterCode(command)
      case 'allow':
      case 'refuse':
        return decide(command)
      case 'fetch tokens':
        return fetchTokens(command)
    }
  }

  /** What a person has entered, and what was let in but has not fetched its tokens, goes with the programs. */
  function endPrograms(person: Person): void {
    for (const one of programs) if (one.entered?.person === person) one.alive = false
  }

  return { run, isMet, isBeyond, touch, cameIn, endPrograms }
}

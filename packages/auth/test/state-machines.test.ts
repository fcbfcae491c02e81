import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { brokenLogs } from '@miachat/auth'
import fc from 'fast-check'
import { type Actor, type CodeChoice, type Command, household } from './support/household.ts'
import { testDatabase } from './support/test-database.ts'

/** The same runs each time; `PROPERTY_RUNS=2000 PROPERTY_SEED=7` looks further. A failure prints its seed and path. */
const { PROPERTY_RUNS = '24', PROPERTY_SEED = '20261123' } = process.env
const seed = Number(PROPERTY_SEED)

const some = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(2), fc.nat(40))
/** Mostly seconds: what has to be fresh would never be. */
const time = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(3, 4) }, fc.nat(5))
const who = fc.nat(1)
const by = fc.constantFrom('owner' as const, 'owner' as const, 'thief' as const)
const rarely = fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true))
const right = rarely.map((not) => !not)
const code = fc.constantFrom<CodeChoice>(
  'right',
  'right',
  'early',
  'late',
  'used',
  'wrong',
  'recovery',
  'used recovery',
  'of the other',
)
const one = <T extends Command['do']>(name: T) => fc.constant(name)
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ do: one('learn the password'), who }),
  {
    weight: 10,
    arbitrary: fc.record({ do: one('sign in'), by, who, right, api: fc.boolean(), former: some, trusted: some }),
  },
  {
    weight: 16,
    arbitrary: fc.record({ do: one('finish'), by, pending: some, code, otherWay: rarely, former: some, trust: rarely }),
  },
  { weight: 4, arbitrary: fc.record({ do: one('begin'), by, session: some }) },
  { weight: 6, arbitrary: fc.record({ do: one('confirm'), by, session: some, right }) },
  { weight: 4, arbitrary: fc.record({ do: one('remove'), by, session: some, foreign: rarely }) },
  { weight: 2, arbitrary: fc.record({ do: one('renew codes'), by, session: some }) },
  { weight: 8, arbitrary: fc.record({ do: one('step up'), by, session: some, right, code }) },
  { weight: 2, arbitrary: fc.record({ do: one('change password'), by, session: some, right }) },
  fc.record({ do: one('make link'), who }),
  fc.record({ do: one('use link'), link: some }),
  fc.record({ do: one('sign out'), session: some }),
  fc.record({ do: one('end others'), by, session: some }),
  { weight: 6, arbitrary: fc.record({ do: one('refresh'), by, token: some }) },
  fc.record({ do: one('revoke'), token: some }),
  fc.record({ do: one('disable'), who }),
  { weight: 2, arbitrary: fc.record({ do: one('enable'), who }) },
  fc.record({ do: one('misuse pending'), pending: some }),
  { weight: 8, arbitrary: fc.record({ do: one('pass'), time }) },
  fc.record({ do: one('restart') }),
)

const on = { by, session: some }
const bent = fc.oneof(
  { weight: 4, arbitrary: fc.constant('no' as const) },
  fc.constantFrom('not verified' as const, 'counter' as const, 'stranger' as const),
)
const door: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: one('forget'), who, byLink: fc.option(some) }) },
  { weight: 4, arbitrary: fc.record({ do: one('use link'), link: some }) },
  { weight: 6, arbitrary: fc.record({ do: one('undo'), link: fc.oneof(some, fc.nat(8)) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: one('ask address'),
      whose: fc.constantFrom('own' as const, 'own' as const, 'former of the other' as const),
      ...on,
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('send again' as const, 'drop address' as const), ...on }) },
  { weight: 5, arbitrary: fc.record({ do: one('confirm by code'), right, ...on }) },
  { weight: 4, arbitrary: fc.record({ do: one('confirm by link'), link: some }) },
  { weight: 3, arbitrary: fc.record({ do: one('add passkey'), ...on }) },
  { weight: 2, arbitrary: fc.record({ do: one('change name'), ...on }) },
  { weight: 2, arbitrary: fc.record({ do: one('add key'), ...on }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('remove passkey' as const, 'remove key' as const),
      passkey: some,
      ...on,
    }),
  },
  { weight: 7, arbitrary: fc.record({ do: one('use passkey'), by, passkey: some, bent, former: some }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: one('finish by passkey'),
      by,
      pending: some,
      passkey: some,
      verified: right,
      trust: fc.boolean(),
      api: fc.boolean(),
      swapped: rarely,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: one('step up by passkey'), passkey: some, verified: right, ...on }) },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'cut trusted' as const,
        'shut doors' as const,
        'make token' as const,
        'revoke token' as const,
        'link' as const,
        'unlink' as const,
      ),
      ...on,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: one('leave'), right, ...on }) },
  { weight: 3, arbitrary: fc.record({ do: one('come back'), pending: some }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: one('sign in at provider'), by, who, trusted: some, elsewhere: rarely }),
  },
)

const demanding: fc.Arbitrary<Command> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('demand' as const, 'withdraw' as const), who }) },
  { weight: 6, arbitrary: fc.record({ do: one('enrol'), by, pending: some, right, anew: rarely }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: one('enrol passkey'),
      by,
      pending: some,
      bent: fc.oneof(
        { weight: 4, arbitrary: fc.constant('no' as const) },
        fc.constantFrom('not verified' as const, 'of another' as const, 'replayed' as const),
      ),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: one('ask for a code') }) },
  { weight: 5, arbitrary: fc.record({ do: one('enter code'), program: some, right, ...on }) },
  { weight: 4, arbitrary: fc.record({ do: one('allow'), program: some, ...on }) },
  { weight: 1, arbitrary: fc.record({ do: one('refuse'), program: some, ...on }) },
  { weight: 6, arbitrary: fc.record({ do: one('fetch tokens'), program: some, elsewhere: rarely }) },
)

const signIn = (by: Actor, who: number, api = false): Command => ({
  do: 'sign in',
  by,
  who,
  right: true,
  api,
  former: 9,
  trusted: 0,
})
const finish = (by: Actor, code: CodeChoice, trust = false): Command => ({
  do: 'finish',
  by,
  pending: 0,
  code,
  otherWay: false,
  former: 9,
  trust,
})
const enrolled = (who: number): Command[] => [
  signIn('owner', who),
  { do: 'begin', by: 'owner', session: 0 },
  { do: 'confirm', by: 'owner', session: 0, right: true },
  { do: 'pass', time: 3 },
]
const guesses = (by: Actor, many: number): Command[] => [
  signIn(by, 0),
  ...Array.from({ length: many }, () => finish(by, 'wrong')),
]
const owner = { by: 'owner', session: 0 } as const
const thief = { by: 'thief', session: 0 } as const
const confirmed = (who: number): Command[] => [
  signIn('owner', who),
  { do: 'send again', ...owner },
  { do: 'confirm by code', right: true, ...owner },
]
const another: Command[] = [
  { do: 'begin', ...owner },
  { do: 'confirm', right: true, ...owner },
]
const trusted: Command[] = [...enrolled(0), signIn('owner', 0), finish('owner', 'right', true)]
const passkeyOf = (by: Actor): Command => ({ do: 'use passkey', by, passkey: 0, bent: 'no', former: 9 })
/** Where a run begins: random steps alone seldom get far. */
const starts: Command[][] = [
  [],
  [...enrolled(0), ...enrolled(1), signIn('owner', 0)],
  [
    ...enrolled(0),
    signIn('owner', 0, true),
    finish('owner', 'right'),
    { do: 'remove', by: 'owner', session: 0, foreign: false },
  ],
  [
    ...enrolled(0),
    signIn('owner', 0),
    finish('owner', 'recovery'),
    signIn('owner', 0),
    finish('thief', 'used recovery'),
    finish('owner', 'early'),
  ],
  [
    signIn('owner', 1, true),
    { do: 'refresh', by: 'owner', token: 0 },
    { do: 'pass', time: 3 },
    { do: 'refresh', by: 'thief', token: 1 },
  ],
  [{ do: 'learn the password', who: 0 }, ...enrolled(0), ...guesses('thief', 5), ...guesses('thief', 3)],
  [
    { do: 'learn the password', who: 0 },
    signIn('thief', 0),
    ...enrolled(0),
    ...guesses('owner', 4),
    signIn('thief', 0),
  ],
]
/** The same for the other doors: a thief with a session of the owner's who digs in, and what each door is cut by. */
const doorStarts: Command[][] = [
  [...confirmed(0), ...confirmed(1)],
  [
    ...confirmed(0),
    { do: 'add passkey', ...thief },
    { do: 'link', ...thief },
    { do: 'make token', ...thief },
    { do: 'pass', time: 3 },
    { do: 'ask address', whose: 'own', ...thief },
    { do: 'confirm by code', right: true, ...thief },
    { do: 'undo', link: 0 },
    { do: 'forget', who: 0, byLink: null },
    passkeyOf('thief'),
  ],
  [
    ...confirmed(0),
    { do: 'add passkey', ...thief },
    { do: 'pass', time: 1 },
    { do: 'add passkey', ...thief },
    signIn('owner', 0),
    { do: 'leave', right: true, ...owner },
    passkeyOf('thief'),
    signIn('owner', 0),
    { do: 'come back', pending: 1 },
    { do: 'come back', pending: 1 },
  ],
  [...confirmed(0), { do: 'leave', right: true, ...owner }, { do: 'undo', link: 0 }],
  [
    ...confirmed(0),
    { do: 'change name', ...thief },
    { do: 'undo', link: 0 },
    { do: 'use link', link: 0 },
    signIn('owner', 0),
  ],
  // The notice of what a thief does first gives back what the thief does later.
  [
    ...confirmed(0),
    { do: 'add passkey', ...thief },
    { do: 'change name', ...thief },
    { do: 'change name', ...thief },
    { do: 'undo', link: 2 },
    { do: 'use link', link: 0 },
    signIn('owner', 0),
    { do: 'change name', ...owner },
    { do: 'change name', ...owner },
  ],
  [...confirmed(0), { do: 'add passkey', ...owner }, { do: 'pass', time: 6 }, { do: 'undo', link: 0 }],
  [...confirmed(0), { do: 'add passkey', ...owner }, { do: 'undo', link: 0 }, signIn('owner', 0)],
  [
    signIn('owner', 0),
    { do: 'add passkey', ...owner },
    { do: 'ask address', whose: 'own', ...owner },
    { do: 'confirm by code', right: true, ...owner },
    { do: 'undo', link: 0 },
  ],
  [
    ...confirmed(0),
    { do: 'ask address', whose: 'own', ...owner },
    { do: 'confirm by code', right: true, ...owner },
    ...confirmed(1),
    { do: 'ask address', whose: 'former of the other', ...owner },
    { do: 'confirm by code', right: true, ...owner },
  ],
  [
    signIn('owner', 0),
    { do: 'send again', ...owner },
    ...Array.from({ length: 5 }, (): Command => ({ do: 'confirm by code', right: false, ...owner })),
    { do: 'confirm by code', right: true, ...owner },
    { do: 'confirm by link', link: 0 },
  ],
  [
    signIn('owner', 0),
    { do: 'send again', ...owner },
    { do: 'pass', time: 1 },
    { do: 'confirm by code', right: true, ...owner },
    { do: 'send again', ...owner },
    { do: 'confirm by link', link: 1 },
  ],
  [
    ...confirmed(0),
    { do: 'forget', who: 0, byLink: null },
    { do: 'ask address', whose: 'own', ...owner },
    { do: 'confirm by code', right: true, ...owner },
    { do: 'use link', link: 0 },
  ],
  [
    signIn('thief', 0),
    signIn('owner', 0),
    { do: 'add passkey', ...thief },
    { do: 'forget', who: 0, byLink: null },
    { do: 'use link', link: 0 },
    passkeyOf('thief'),
  ],
  [...confirmed(0), { do: 'forget', who: 0, byLink: null }, { do: 'pass', time: 0 }, { do: 'use link', link: 0 }],
  [
    ...confirmed(0),
    { do: 'ask address', whose: 'own', ...thief },
    { do: 'forget', who: 0, byLink: null },
    { do: 'use link', link: 0 },
    { do: 'confirm by link', link: 0 },
  ],
  [
    ...confirmed(0),
    { do: 'link', ...owner },
    ...trusted,
    { do: 'sign in at provider', by: 'owner', who: 0, trusted: 0, elsewhere: false },
    { do: 'add passkey', ...owner },
    signIn('owner', 0),
    { do: 'add passkey', ...owner },
    { do: 'sign in at provider', by: 'owner', who: 0, trusted: 0, elsewhere: true },
  ],
  [
    ...confirmed(0),
    { do: 'link', ...owner },
    { do: 'undo', link: 0 },
    { do: 'sign in at provider', by: 'owner', who: 0, trusted: 0, elsewhere: false },
  ],
  [...enrolled(1), ...trusted, signIn('owner', 1)],
  [...trusted, { do: 'pass', time: 6 }, signIn('owner', 0)],
  [...trusted, ...another],
  [...trusted, { do: 'renew codes', ...owner }],
  [...trusted, { do: 'end others', ...owner }],
  [...enrolled(0), signIn('owner', 0), ...another, { do: 'pass', time: 3 }, finish('owner', 'right')],
  [...enrolled(0), { do: 'remove', foreign: false, ...owner }, { do: 'pass', time: 3 }, ...another],
  [...enrolled(0), signIn('owner', 0), { do: 'remove', foreign: false, ...owner }, finish('owner', 'right')],
  [...enrolled(0), { do: 'pass', time: 1 }, { do: 'leave', right: true, ...owner }],
  Array.from({ length: 6 }, (): Command => ({ do: 'forget', who: 1, byLink: null })),
  [...confirmed(0), { do: 'leave', right: true, ...owner }, { do: 'forget', who: 0, byLink: null }],
  [
    ...confirmed(0),
    { do: 'add passkey', ...owner },
    { do: 'use passkey', by: 'owner', passkey: 0, bent: 'not verified', former: 9 },
    { do: 'use passkey', by: 'owner', passkey: 0, bent: 'counter', former: 9 },
    { do: 'use passkey', by: 'owner', passkey: 0, bent: 'stranger', former: 9 },
    ...enrolled(1),
    { do: 'add passkey', ...owner },
    signIn('owner', 1),
    {
      do: 'finish by passkey',
      by: 'owner',
      pending: 0,
      passkey: 1,
      verified: true,
      trust: false,
      api: false,
      swapped: false,
    },
    { do: 'step up by passkey', passkey: 1, verified: true, ...owner },
    { do: 'remove passkey', passkey: 0, ...owner },
  ],
  [
    ...confirmed(0),
    { do: 'add passkey', ...owner },
    signIn('owner', 0),
    signIn('owner', 0, true),
    { do: 'remove passkey', passkey: 0, ...owner },
  ],
  [...confirmed(0), { do: 'link', ...owner }, signIn('owner', 0), { do: 'unlink', ...owner }],
  [...enrolled(0), signIn('owner', 0), finish('owner', 'recovery', true), signIn('owner', 0)],
  [
    ...enrolled(0),
    signIn('owner', 0),
    finish('owner', 'right'),
    { do: 'leave', right: true, ...owner },
    signIn('owner', 0),
    { do: 'come back', pending: 0 },
  ],
  [...trusted, { do: 'forget', who: 0, byLink: null }, { do: 'use link', link: 0 }, signIn('owner', 0)],
  [
    ...enrolled(1),
    { do: 'add passkey', ...owner },
    signIn('owner', 1),
    {
      do: 'finish by passkey',
      by: 'owner',
      pending: 0,
      passkey: 0,
      verified: true,
      trust: true,
      api: false,
      swapped: false,
    },
    {
      do: 'finish by passkey',
      by: 'owner',
      pending: 0,
      passkey: 0,
      verified: true,
      trust: false,
      api: false,
      swapped: false,
    },
    { do: 'forget', who: 1, byLink: null },
    { do: 'forget', who: 1, byLink: null },
    { do: 'use link', link: 1 },
    signIn('owner', 1),
  ],
  [
    ...confirmed(0),
    { do: 'add passkey', ...owner },
    { do: 'undo', link: 0 },
    { do: 'use link', link: 0 },
    signIn('owner', 0),
    { do: 'add passkey', ...owner },
    { do: 'pass', time: 1 },
    signIn('owner', 0),
    { do: 'change password', right: true, ...owner },
    { do: 'undo', link: 0 },
    passkeyOf('owner'),
    { do: 'remove passkey', passkey: 0, ...owner },
  ],
]

const enrol = (by: Actor, pending = 0, right = true): Command => ({ do: 'enrol', by, pending, right, anew: false })
const enrolPasskey = (by: Actor, pending = 0, bent: (Command & { do: 'enrol passkey' })['bent'] = 'no'): Command => ({
  do: 'enrol passkey',
  by,
  pending,
  bent,
})
const finishByPasskey = (by: Actor, how: { pending?: number; api?: boolean; swapped?: boolean; verified?: boolean }) =>
  ({
    do: 'finish by passkey',
    by,
    pending: 0,
    passkey: 0,
    verified: true,
    trust: false,
    api: true,
    swapped: false,
    ...how,
  }) satisfies Command
/** Past the grace, which is a week. */
const demanded: Command[] = [
  { do: 'demand', who: 0 },
  { do: 'pass', time: 6 },
]
const entered: Command[] = [
  signIn('owner', 0),
  { do: 'ask for a code' },
  { do: 'enter code', program: 0, right: true, ...owner },
]
const allow: Command = { do: 'allow', program: 0, ...owner }
const fetched: Command = { do: 'fetch tokens', program: 0, elsewhere: false }
const withKey: Command[] = [...enrolled(0), { do: 'add key', ...owner }]
const byKey = (api: boolean): Command => finishByPasskey('owner', { api, verified: false })
/** A second factor that is demanded, a security key, a passkey at the token API, and programs that show a code. */
const demandStarts: Command[][] = [
  [...demanded, signIn('owner', 0), enrol('owner', 0, false), enrol('owner')],
  [signIn('owner', 0, true), ...demanded, signIn('owner', 0, true), signIn('owner', 0), { do: 'withdraw', who: 0 }],
  [signIn('owner', 0), { do: 'demand', who: 0 }, { do: 'pass', time: 5 }, signIn('owner', 0), signIn('owner', 0, true)],
  [
    { do: 'learn the password', who: 0 },
    ...demanded,
    signIn('thief', 0),
    enrol('thief'),
    signIn('owner', 0),
    enrol('owner'),
    enrol('thief', 0),
    enrol('thief', 1),
    signIn('thief', 0),
    enrol('thief'),
  ],
  // A passkey for the sign-in that waits: its own challenge alone, once, by whoever it has seen, and with recovery codes.
  [
    ...demanded,
    signIn('owner', 0),
    signIn('owner', 0),
    enrolPasskey('owner', 0, 'not verified'),
    enrolPasskey('owner', 0, 'of another'),
    enrolPasskey('owner', 0, 'replayed'),
    enrolPasskey('owner'),
    enrolPasskey('owner', 1),
    signIn('owner', 0),
    finish('owner', 'recovery', true),
    signIn('owner', 0, true),
    finish('owner', 'used recovery'),
    finish('owner', 'recovery'),
    { do: 'renew codes', ...owner },
    signIn('owner', 0),
    finish('owner', 'used recovery'),
    finishByPasskey('owner', { api: false }),
  ],
  [
    { do: 'demand', who: 1 },
    ...demanded,
    signIn('owner', 1),
    signIn('owner', 0),
    enrolPasskey('owner', 0, 'of another'),
    enrolPasskey('owner', 1),
    enrolPasskey('owner'),
  ],
  [
    { do: 'learn the password', who: 0 },
    ...demanded,
    signIn('thief', 0),
    enrolPasskey('thief'),
    enrol('thief'),
    signIn('owner', 0),
    enrolPasskey('owner'),
    enrolPasskey('thief', 1),
    enrol('thief', 1),
    signIn('thief', 0),
    finish('thief', 'wrong'),
    { do: 'withdraw', who: 0 },
    { do: 'renew codes', ...owner },
    { do: 'remove passkey', passkey: 0, ...owner },
    { do: 'demand', who: 0 },
    { do: 'pass', time: 6 },
    signIn('owner', 0),
    enrol('owner'),
  ],
  // “This was not me” takes the recovery codes with the passkey, and an authenticator beside one brings its own.
  [
    ...demanded,
    signIn('owner', 0),
    enrolPasskey('owner'),
    { do: 'undo', link: 0 },
    { do: 'use link', link: 0 },
    signIn('owner', 0),
    enrolPasskey('owner'),
    { do: 'begin', ...owner },
    { do: 'confirm', right: true, ...owner },
    { do: 'remove', foreign: false, ...owner },
    signIn('owner', 0),
    finish('owner', 'recovery'),
    finishByPasskey('owner', { api: false }),
    { do: 'renew codes', ...owner },
    signIn('owner', 0),
    finish('owner', 'recovery'),
  ],
  // A passkey that the owner adds in an open session must end what the thief has begun with the password.
  [
    { do: 'learn the password', who: 0 },
    signIn('owner', 0),
    { do: 'demand', who: 0 },
    { do: 'pass', time: 6 },
    signIn('thief', 0),
    enrol('thief'),
    { do: 'step up', right: true, code: 'wrong', ...owner },
    { do: 'add passkey', ...owner },
    enrol('thief'),
    signIn('thief', 0),
    finish('thief', 'wrong'),
    signIn('owner', 0, true),
    finishByPasskey('owner', { verified: false }),
    finishByPasskey('owner', {}),
    { do: 'remove passkey', passkey: 0, ...owner },
  ],
  [
    { do: 'demand', who: 0 },
    ...enrolled(0),
    { do: 'remove', foreign: false, ...owner },
    { do: 'add passkey', ...owner },
    { do: 'remove', foreign: false, ...owner },
    { do: 'remove passkey', passkey: 0, ...owner },
    signIn('owner', 0),
    finishByPasskey('owner', { api: false }),
  ],
  [
    { do: 'demand', who: 0 },
    ...confirmed(0),
    { do: 'add passkey', ...owner },
    signIn('owner', 0),
    finishByPasskey('owner', { api: false }),
    { do: 'undo', link: 0 },
    { do: 'use link', link: 0 },
    signIn('owner', 0),
    { do: 'pass', time: 6 },
    signIn('owner', 0),
    enrol('owner'),
  ],
  [...demanded, signIn('owner', 0), { do: 'pass', time: 1 }, enrol('owner'), finish('owner', 'wrong')],
  [...demanded, signIn('owner', 0), signIn('owner', 0), enrol('owner'), enrol('owner', 1), { do: 'disable', who: 0 }],
  [
    ...confirmed(0),
    { do: 'demand', who: 0 },
    { do: 'leave', right: true, ...owner },
    { do: 'pass', time: 6 },
    signIn('owner', 0),
    enrol('owner'),
    { do: 'come back', pending: 0 },
    enrol('owner'),
  ],
  [
    ...confirmed(0),
    { do: 'link', ...owner },
    ...demanded,
    { do: 'sign in at provider', by: 'owner', who: 0, trusted: 0, elsewhere: false },
    enrol('owner'),
  ],
  [
    ...enrolled(0),
    { do: 'add passkey', ...owner },
    { do: 'add passkey', ...thief },
    signIn('owner', 0, true),
    signIn('owner', 0, true),
    finishByPasskey('owner', { swapped: true }),
    finishByPasskey('owner', { api: false }),
    finishByPasskey('owner', { verified: false }),
    finishByPasskey('owner', {}),
    finishByPasskey('owner', {}),
    signIn('owner', 0),
    finishByPasskey('owner', {}),
    signIn('owner', 0, true),
    { do: 'pass', time: 1 },
    finishByPasskey('owner', {}),
  ],
  [
    ...enrolled(1),
    { do: 'add passkey', ...owner },
    ...enrolled(0),
    { do: 'add passkey', ...owner },
    signIn('owner', 1, true),
    finishByPasskey('owner', {}),
  ],
  // M5: a security key never opens anything alone, goes with the last authenticator, and is none that is demanded.
  [
    ...withKey,
    passkeyOf('owner'),
    signIn('owner', 0),
    byKey(false),
    byKey(false),
    signIn('owner', 0, true),
    byKey(true),
    { do: 'step up by passkey', passkey: 0, verified: false, ...owner },
    { do: 'remove passkey', passkey: 0, ...owner },
    { do: 'remove key', passkey: 0, ...owner },
    signIn('owner', 0),
    byKey(false),
  ],
  [
    ...withKey,
    signIn('owner', 0),
    byKey(false),
    { do: 'remove', foreign: false, ...owner },
    signIn('owner', 0),
    { do: 'add key', ...owner },
  ],
  [{ do: 'demand', who: 0 }, ...withKey, { do: 'remove', foreign: false, ...owner }],
  [
    ...withKey,
    { do: 'add passkey', ...owner },
    signIn('owner', 0),
    byKey(false),
    finishByPasskey('owner', { api: false }),
  ],
  [...trusted, { do: 'add key', ...owner }, signIn('owner', 0)],
  [...withKey, { do: 'add key', ...thief }, { do: 'undo', link: 0 }, passkeyOf('thief')],
  [...entered, allow, signIn('owner', 1), { do: 'enter code', program: 0, right: true, ...owner }, fetched],
  [
    signIn('owner', 0),
    { do: 'ask for a code' },
    { do: 'pass', time: 1 },
    { do: 'enter code', program: 0, right: true, ...owner },
  ],
  [...entered, fetched, allow, { ...fetched, elsewhere: true }, fetched, fetched],
  [...entered, { do: 'refuse', program: 0, ...owner }, allow, fetched],
  [...entered, { do: 'sign out', session: 0 }, fetched],
  [...entered, allow, { do: 'sign out', session: 0 }, fetched, fetched],
  [...entered, allow, signIn('owner', 0), { do: 'end others', ...owner }, fetched],
  [...entered, allow, { do: 'change password', right: true, ...owner }, fetched],
  [...entered, allow, { do: 'disable', who: 0 }, { do: 'enable', who: 0 }, fetched],
  [...entered, allow, { do: 'pass', time: 1 }, fetched],
  [...entered, { do: 'pass', time: 1 }, { do: 'step up', right: true, code: 'wrong', ...owner }, allow, fetched],
  [signIn('owner', 0), { do: 'pass', time: 2 }, ...entered.slice(1), { do: 'pass', time: 2 }, allow, fetched],
  // Nobody decides on what another session has entered: neither another person, nor an older one of the same.
  [...entered, signIn('owner', 1), allow, signIn('owner', 0), allow, fetched],
  [...entered, signIn('owner', 1), { do: 'enter code', program: 0, right: true, ...owner }, allow, fetched],
  [...entered, { do: 'step up', right: true, code: 'wrong', ...owner }, allow, fetched],
  [
    signIn('owner', 0),
    { do: 'ask for a code' },
    { do: 'pass', time: 2 },
    ...entered.slice(2),
    { do: 'pass', time: 2 },
    allow,
    fetched,
  ],
  [
    ...enrolled(0),
    ...entered.slice(1),
    { do: 'add passkey', ...owner },
    allow,
    { do: 'remove passkey', passkey: 0, ...owner },
    fetched,
  ],
  [...enrolled(0), ...entered.slice(1), allow, { do: 'remove', foreign: false, ...owner }, fetched],
  [...confirmed(0), ...entered.slice(1), allow, { do: 'undo', link: 0 }, fetched],
  [...confirmed(0), { do: 'link', ...owner }, ...entered.slice(1), allow, { do: 'unlink', ...owner }, fetched],
  [
    signIn('owner', 0),
    ...Array.from({ length: 10 }, (): Command => ({ do: 'enter code', program: 0, right: false, ...owner })),
    ...entered.slice(1),
  ],
]

const steps = { minLength: 10, maxLength: 45, size: 'max' } as const

describe('whatever two people and a thief do, in whatever order', () => {
  let world: Awaited<ReturnType<typeof household>>
  let database: Awaited<ReturnType<typeof testDatabase>>
  before(async () => {
    database = await testDatabase()
    world = await household(database.url)
  })
  after(async () => {
    await world.close()
    await database.drop()
  })

  /** Each beginning by itself, then random ones with random steps after them. */
  async function walk(begins: Command[][], further: fc.Arbitrary<Command[]>): Promise<void> {
    const looks: (() => Promise<void>)[] = []
    const examples = begins.map((begin): [[Command[], Command[]]] => [[begin, []]])
    await fc.assert(
      fc.asyncProperty(fc.tuple(fc.constantFrom(...begins), further), async ([begin, commands]) => {
        const { run, look } = await world.begin()
        for (const next of [...begin, ...commands]) await run(next)
        await look()
        looks.push(look)
      }),
      { seed, examples, numRuns: examples.length + Number(PROPERTY_RUNS) },
    )
    // SES-11: what has ended stays so after a restart, and after everything that others did meanwhile.
    await world.restart()
    for (const look of looks) await look()
    assert.deepEqual(await brokenLogs(world.connection()), [], 'AUD-04')
  }

  test('MFA-01, MFA-04 to MFA-06, RFR-03, RST-02, CHG-02, SES-07: no session and no token that was not earned', () =>
    walk(starts, fc.array(command, steps)))

  test('RST-01, RST-07, EML-01 to EML-04, PKY-01 to PKY-05, OAU-01, OAU-06, ACC-01, M6: nor by any other door', () =>
    walk(doorStarts, fc.array(fc.oneof(command, { weight: 2, arbitrary: door }), steps)))

  test('M5, M8, MFA-06, PKY-01, RFC 8628: nor where a second factor is demanded, by a key, a passkey of a program, or its code', () =>
    walk(
      demandStarts,
      fc.array(fc.oneof(command, { weight: 1, arbitrary: door }, { weight: 2, arbitrary: demanding }), steps),
    ))
})

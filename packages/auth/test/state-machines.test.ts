import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { brokenLogs } from '@miachat/auth'
import fc from 'fast-check'
import { type Actor, type CodeChoice, type Command, household } from './support/household.ts'
import { testDatabase } from './support/test-database.ts'

/** The same runs each time; `PROPERTY_RUNS=2000 PROPERTY_SEED=7` looks further. A failure prints its seed and path. */
const { PROPERTY_RUNS = '24', PROPERTY_SEED = '20261123' } = process.env
const parameters = { numRuns: Number(PROPERTY_RUNS), seed: Number(PROPERTY_SEED) }

const some = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(2), fc.nat(40))
/** Mostly seconds: what has to be fresh would never be. */
const time = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(3, 4) }, fc.nat(4))
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
  { weight: 10, arbitrary: fc.record({ do: one('sign in'), by, who, right, api: fc.boolean(), former: some }) },
  { weight: 16, arbitrary: fc.record({ do: one('finish'), by, pending: some, code, otherWay: rarely, former: some }) },
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

const signIn = (by: Actor, who: number, api = false): Command => ({
  do: 'sign in',
  by,
  who,
  right: true,
  api,
  former: 9,
})
const finish = (by: Actor, code: CodeChoice): Command => ({
  do: 'finish',
  by,
  pending: 0,
  code,
  otherWay: false,
  former: 9,
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

  test('MFA-01, MFA-04 to MFA-06, RFR-03, RST-02, CHG-02, SES-07: no session and no token that was not earned', async () => {
    const sequences = fc.tuple(
      fc.constantFrom(...starts),
      fc.array(command, { minLength: 10, maxLength: 45, size: 'max' }),
    )
    const looks: (() => Promise<void>)[] = []
    await fc.assert(
      fc.asyncProperty(sequences, async ([start, commands]) => {
        const { run, look } = await world.begin()
        for (const next of [...start, ...commands]) await run(next)
        await look()
        looks.push(look)
      }),
      parameters,
    )
    // SES-11: what has ended stays so after a restart, and after everything that others did meanwhile.
    await world.restart()
    for (const look of looks) await look()
    assert.deepEqual(await brokenLogs(world.connection()), [], 'AUD-04')
  })
})

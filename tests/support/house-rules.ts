import { codeOnly, type Import, importsOf, lineAt, type SourceFile } from './source-text.ts'

/** The two source trees and what the rules need to know about them. */
export type House = {
  files: readonly SourceFile[]
  /** The text of ARCHITECTURE.md. */
  map: string
  /** What each workspace's package.json names, by the folder of the workspace. */
  packages: Readonly<
    Record<string, { dependencies: readonly string[]; doors: readonly string[]; doorFiles: readonly string[] }>
  >
  /** Packages that only tests may import. */
  testPackages: readonly string[]
}

/** A rule answers with a sentence for every offence: file, line and what is wrong. */
export type Rule = (house: House) => string[]

const library = 'packages/auth'
const app = 'apps/miachat'
const isTest = (path: string) => path.endsWith('.test.ts')

/** Files that are long because they are one list. */
const lists: readonly string[] = []

/** From the bottom up; a feature is every other folder. What is higher may import what is lower, never the reverse. */
const floors: Readonly<Record<string, number>> = {
  lib: 0,
  words: 0,
  db: 1,
  'sign-in': 3,
  http: 4,
  'the wiring': 5,
  frameworks: 6,
}
const featureFloor = 2

function room(path: string): string | undefined {
  const [folder, ...rest] = path.startsWith(`${library}/src/`) ? path.slice(library.length + 5).split('/') : []
  return folder === undefined ? undefined : rest.length === 0 ? 'the wiring' : folder
}

const floor = (name: string) => floors[name] ?? featureFloor

function eachImport(house: House, check: (file: SourceFile, found: Import) => string | undefined): string[] {
  return house.files.flatMap((file) =>
    importsOf(file).flatMap((found) => {
      const offence = check(file, found)
      return offence === undefined ? [] : [`${file.path}:${found.line} imports ${found.specifier}: ${offence}`]
    }),
  )
}

function eachMatch(house: House, pattern: RegExp, applies: (path: string) => boolean, offence: string): string[] {
  return house.files
    .filter(({ path }) => applies(path))
    .flatMap(({ path, text }) =>
      [...codeOnly(text).matchAll(pattern)].map((match) => `${path}:${lineAt(text, match.index)} ${offence}`),
    )
}

const arrows: Rule = (house) =>
  eachImport(house, ({ path }, { target }) => {
    const [from, to] = [room(path), target && room(target)]
    if (isTest(path) || !from || !to || floor(to) <= floor(from)) return undefined
    return `${from} must not know ${to}`
  })

const drawnRooms: Rule = ({ files, map }) => {
  const rooms = new Set(
    files.map(({ path }) => room(path)).filter((name) => name !== undefined && name !== 'the wiring'),
  )
  return [...rooms]
    .filter((name) => !new RegExp(`(^|\\s)${name}/`, 'm').test(map))
    .map((name) => `${library}/src/${name}/ is not drawn in ARCHITECTURE.md`)
}

const doors: Rule = (house) =>
  eachImport(house, ({ path }, { specifier, target }) => {
    const [workspace = ''] = /^(packages|apps)\/[^/]+/.exec(path) ?? []
    if (target !== undefined) {
      const fromTest = isTest(path) && target.startsWith('tests/support/')
      return target.startsWith(`${workspace}/`) || fromTest ? undefined : 'another workspace is entered by its name'
    }
    if (workspace === library && /^(@miachat\/|miachat(\/|$))/.test(specifier))
      return 'the library knows nobody of ours'
    const entry = /^@miachat\/auth(\/.*)?$/.exec(specifier)
    if (entry === null) return undefined
    return house.packages[library]?.doors.includes(`.${entry[1] ?? ''}`) ? undefined : 'this is no door of the library'
  })

const declaredPackages: Rule = (house) =>
  eachImport(house, ({ path }, { specifier, target, typeOnly }) => {
    if (target !== undefined || typeOnly || specifier.startsWith('node:')) return undefined
    const [workspace = ''] = /^(packages|apps)\/[^/]+/.exec(path) ?? []
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
    const allowed = [...(house.packages[workspace]?.dependencies ?? []), ...(isTest(path) ? house.testPackages : [])]
    return allowed.includes(name) ? undefined : `${workspace}/package.json does not name ${name}`
  })

const noCycles: Rule = ({ files }) => {
  const edges = new Map(
    files.map((file) => [
      file.path,
      importsOf(file).flatMap(({ target, typeOnly, dynamic }) => (target && !typeOnly && !dynamic ? [target] : [])),
    ]),
  )
  const offences: string[] = []
  const done = new Set<string>()
  const walk = (path: string, trail: readonly string[]) => {
    if (trail.includes(path)) offences.push(`import cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' -> ')}`)
    if (done.has(path) || trail.includes(path)) return
    for (const next of edges.get(path) ?? []) walk(next, [...trail, path])
    done.add(path)
  }
  for (const path of edges.keys()) walk(path, [])
  return offences
}

const mayHoldSql = (path: string) => isTest(path) || /(-store|-migrations)\.ts$|\/src\/db\//.test(path)

const sqlInStores: Rule = (house) => [
  ...eachImport(house, ({ path }, { specifier, typeOnly }) =>
    /^(kysely|pg|node:sqlite)(\/|$)/.test(specifier) && !typeOnly && !mayHoldSql(path)
      ? 'SQL stands only in *-store.ts, *-migrations.ts and db/'
      : undefined,
  ),
  ...eachMatch(
    house,
    /\.(?:prepare|selectFrom|insertInto|updateTable|deleteFrom|replaceInto|mergeInto)\s*(?:<[^()]*>)?\(|\bsql(?:\s*<[^`;]*>)?\s*`/g,
    (path) => !mayHoldSql(path),
    'holds SQL outside of *-store.ts, *-migrations.ts and db/',
  ),
]

const oneReaderOfTheEnvironment: Rule = (house) => {
  const applies = (path: string) => !isTest(path) && path !== `${app}/src/config.ts`
  const offence = `reads the environment, which only ${app}/src/config.ts may`
  return [
    ...eachMatch(
      house,
      /\bprocess\s*(?:\?\.|\.)\s*env\b|\bprocess\s*(?:\?\.)?\[|\{[^{}]*\benv\b[^{}]*\}\s*=\s*process\b/g,
      applies,
      offence,
    ),
    ...eachMatch(house, /\bimport\s*\{[^{}]*\benv\b[^{}]*\}\s*from\s*['"]/g, applies, offence),
  ]
}

const innerRoomsSeeNoWeb: Rule = (house) => {
  const isInner = (path: string) => {
    const name = room(path)
    return name !== undefined && floor(name) < (floors['http'] ?? 0) && !isTest(path)
  }
  return [
    ...eachImport(house, ({ path }, { specifier }) =>
      isInner(path) && /^(hono|@hono\/.*|node:https?|node:http2|express|fastify)(\/|$)/.test(specifier)
        ? 'an inner room sees no request'
        : undefined,
    ),
    ...eachMatch(
      house,
      /(?<![.\w$])(?:Request|Response|Headers)\b(?!\s*:)/g,
      isInner,
      'names a request or response in an inner room',
    ),
  ]
}

/** Of many modules, or slow to begin, and not needed for a first answer (bench P8). */
const heavy = /^(kysely|fflate|jose|openid-client|@simplewebauthn\/server|nodemailer|pg|mmdb-lib)(\/|$)/

const quickStart: Rule = (house) =>
  eachImport(house, ({ path }, { specifier, typeOnly, dynamic }) =>
    heavy.test(specifier) && !typeOnly && !dynamic && !isTest(path) && !path.startsWith(`${app}/src/cli/`)
      ? 'a start would wait for it: import it where it is used'
      : undefined,
  )

const finish = `${library}/src/sign-in/finish.ts`
const starts = /\bsessions\s*\??\.\s*start\s*\(|\.\s*startFamily\s*\(|\{[^{}]*\bstart(?:Family)?\b[^{}]*\}\s*=\s*\w/g

const oneSessionStart: Rule = (house) => {
  const offences = eachMatch(
    house,
    starts,
    (path) => path !== finish && !isTest(path),
    `starts a session or a token family, which only ${finish} may`,
  )
  const stores = eachImport(house, ({ path }, { target = '', typeOnly }) => {
    const [, home] = /\/(sessions\/session|tokens\/token)-store\.ts$/.exec(target) ?? []
    if (home === undefined || typeOnly || isTest(path) || room(path) === room(target)) return undefined
    return 'nobody else may write sessions and tokens'
  })
  const finishFile = house.files.find(({ path }) => path === finish)
  // When finish.ts lands under other words, the patterns above have to follow, or they see nothing.
  const rotten = finishFile && codeOnly(finishFile.text).search(starts) === -1
  return [...offences, ...stores, ...(rotten ? [`${finish} starts no session that this rule can see`] : [])]
}

const shortFiles: Rule = ({ files }) =>
  files
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ path, lines }) => lines > 400 && !lists.includes(path))
    .map(({ path, lines }) => `${path} has ${lines} lines: which two things are in it?`)

const typesStayOn: Rule = (house) => [
  ...eachMatch(
    house,
    /(?:[:<|&]|=>|\bas|\bextends|\bkeyof)\s*any\b(?!\s*[:(.])|,\s*any\s*[,>]/g,
    () => true,
    'uses any',
  ),
  ...house.files.flatMap(({ path, text }) =>
    [...text.matchAll(isTest(path) ? /@ts-(?:ignore|nocheck)\b/g : /@ts-(?:ignore|nocheck|expect-error)\b/g)].map(
      ({ 0: word, index }) => `${path}:${lineAt(text, index)} silences the compiler with ${word}`,
    ),
  ),
]

const namesThatStandAlone: Rule = ({ files, packages }) => {
  const doorFiles = Object.entries(packages).flatMap(([folder, { doorFiles }]) =>
    doorFiles.map((file) => `${folder}/${file}`),
  )
  return files
    .filter(
      ({ path }) => /\/(index|utils?|helpers?|misc|common|types)(\.test)?\.ts$/.test(path) && !doorFiles.includes(path),
    )
    .map(({ path }) => `${path} says nothing in an editor tab; only a door of a package may be an index.ts`)
}

/** All rules by what they hold. */
export const houseRules: Readonly<Record<string, Rule>> = {
  'a room imports only rooms below it': arrows,
  'every room is drawn in ARCHITECTURE.md': drawnRooms,
  'a workspace is entered by its doors, and the library never imports the app': doors,
  'a package that is imported is named in the package.json of the workspace': declaredPackages,
  'no import cycles': noCycles,
  'SQL stands in stores, migrations and db/': sqlInStores,
  'the environment is read in one file': oneReaderOfTheEnvironment,
  'no inner room sees a request': innerRoomsSeeNoWeb,
  'what a start does without is loaded later': quickStart,
  'sessions start in one place': oneSessionStart,
  'no file is longer than 400 lines but lists': shortFiles,
  'the compiler is never silenced': typesStayOn,
  'the name of a file stands alone': namesThatStandAlone,
}

import type { Auth, User } from '@miachat/auth'
import { StopWithSentence } from './command.ts'
import { readArguments } from './read-arguments.ts'
import { count, quoted, say, table } from './terminal-text.ts'
import { type Deployment, withAuth } from './with-database.ts'

const help = `Usage: miachat user add|invite|list|disable|enable|role|reset-link [NAME] [OPTIONS]

  user add NAME [--email ADDRESS] [--password-stdin]
      Make an account. Without --password-stdin it has no password yet, and a link to set one is printed.
  user invite [--email ADDRESS] [--days NUMBER]
      Print a link by which one account can be made, once.
  user list [--after ID] [--most NUMBER]
      Show the accounts, 50 at a time.
  user disable NAME
      Let nobody in with this account, from this moment on: every session and token of it ends, also in a server that runs.
  user enable NAME
      Let the account in again, or one in that waits for approval: without a letter.
  user role NAME admin|user
      Make somebody an administrator, or no longer one. The last one stays.
  user reset-link NAME
      Print a link that sets a new password once.

NAME is the user name or the e-mail address.

  --email ADDRESS    The e-mail address of a new account, the only one that an invitation is for
  --days NUMBER      How long an invitation works, 7 days without it, 30 at the most
  --password-stdin   Read the new account's password from standard input, its first line
  --id NUMBER        Name the account by its number instead, as "user list" shows it
  --after NUMBER     List the accounts after this number
  --most NUMBER      List so many accounts, 50 without it
`

/** How many words come after each word of `miachat user`; the options of the others are refused, since they would do nothing. */
const kinds: Readonly<Record<string, { readonly words: 0 | 1 | 2; readonly options: readonly string[] }>> = {
  add: { words: 1, options: ['email', 'password-stdin'] },
  invite: { words: 0, options: ['email', 'days'] },
  list: { words: 0, options: ['after', 'most'] },
  disable: { words: 1, options: ['id'] },
  enable: { words: 1, options: ['id'] },
  role: { words: 2, options: ['id'] },
  'reset-link': { words: 1, options: ['id'] },
}

type World = Deployment & { readonly auth: Auth }
const ACTOR = 'command line'

/** `miachat user …`. */
export async function userCommand(args: readonly string[]): Promise<number> {
  const given = readArguments(args, {
    help,
    options: {
      email: { type: 'string' },
      days: { type: 'string' },
      'password-stdin': { type: 'boolean' },
      id: { type: 'string' },
      after: { type: 'string' },
      most: { type: 'string' },
    },
    least: 1,
    most: 3,
  })
  if (!given) return 0
  const [what = '', ...words] = given.positionals
  const [name] = words
  const { values } = given
  refuseForeign(what, words, Object.keys(values))
  const id = values.id === undefined ? undefined : wholeNumber('--id', values.id)
  const one = (world: World) => findOne(world.auth, name, id)
  switch (what) {
    case 'add':
      return addUser(name, values.email ?? null, values['password-stdin'] === true)
    case 'invite':
      return inviteSomebody(values.email ?? null, wholeNumber('--days', values.days ?? '7', 1))
    case 'list':
      return listUsers(wholeNumber('--after', values.after ?? '0'), wholeNumber('--most', values.most ?? '50', 1))
    case 'disable':
      return withAuth(async (world) => disable(world, await one(world)))
    case 'enable':
      return withAuth(async (world) => enable(world, await one(world)))
    case 'role': {
      const role = words.at(-1)
      if (role !== 'admin' && role !== 'user') throw new StopWithSentence('a role is "admin" or "user".', 2)
      return withAuth(async (world) => setRole(world, await findOne(world.auth, words.at(-2), id), role))
    }
    case 'reset-link':
      return withAuth(async (world) => {
        const user = await one(world)
        say(...(await resetLink(world, user)))
        return 0
      })
    default:
      throw new StopWithSentence(`there is no "user ${what}".\n${help.split('\n', 1)[0]}`, 2)
  }
}

/** Throws StopWithSentence for a word or an option that belongs to another one of the commands. */
function refuseForeign(what: string, words: readonly string[], options: readonly string[]): void {
  const kind = Object.hasOwn(kinds, what) ? kinds[what] : undefined
  if (!kind) return
  const usage = `Usage: miachat ${new RegExp(`^  (user ${what}\\b.*)$`, 'm').exec(help)?.[1]}`
  const foreign = options.find((option) => !kind.options.includes(option))
  if (foreign !== undefined) throw new StopWithSentence(`"user ${what}" does not take --${foreign}.\n${usage}`, 2)
  const extra = words[kind.words]
  if (extra !== undefined) throw new StopWithSentence(`${quoted(extra)} is one word too many.\n${usage}`, 2)
}

async function addUser(name: string | undefined, email: string | null, fromInput: boolean): Promise<number> {
  if (name === undefined) throw new StopWithSentence('the name of the new account is missing: miachat user add NAME', 2)
  const password = fromInput ? await firstLine() : null
  if (password === '') throw new StopWithSentence('no password came from standard input; nothing was made.')
  return withAuth(async (world) => {
    const user = await world.auth.admin.addUser({ username: name, email, password }, ACTOR)
    say(`Made ${described(user)}.`)
    if (password === null) say('It has no password yet.', ...(await resetLink(world, user)))
    return 0
  })
}

/** A link to hand on, never sent: a command has no mail. */
async function inviteSomebody(email: string | null, days: number): Promise<number> {
  if (days > 30) throw new StopWithSentence('--days takes a whole number from 1 to 30.', 2)
  return withAuth(async ({ auth, config }) => {
    const { url, expiresAt } = await auth.admin.invite({ email, days }, ACTOR)
    if (url === null) throw new Error('A command has sent an invitation.')
    say(
      `Whoever opens this link can make an account${email === null ? '' : ` with the address ${quoted(email)}`}:`,
      '',
      `  ${url}`,
      '',
      `It works once, until ${minute(new Date(expiresAt).toISOString())}.`,
      'Give it to that person alone, by a way that nobody else reads.',
      ...localOnly(config),
    )
    return 0
  })
}

/** Everything up to the first line end: a password may end with a blank, and `echo` adds a line end. */
async function firstLine(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) {
    chunks.push(Buffer.from(chunk))
    if (Buffer.from(chunk).includes(0x0a)) break
  }
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  try {
    return text.decode(Buffer.concat(chunks)).split(/\r?\n/, 1)[0] ?? ''
  } catch {
    throw new StopWithSentence('the password from standard input is no UTF-8 text; nothing was made.')
  }
}

async function listUsers(after: number, most: number): Promise<number> {
  return withAuth(async ({ auth }) => {
    const page = await auth.admin.listUsers(after, most + 1)
    const shown = page.slice(0, most)
    if (shown.length === 0) {
      say(after > 0 ? `There is no account after ${after}.` : 'There is no account yet.')
      return 0
    }
    const rows = shown.map((user) => [
      String(user.id),
      user.isActive ? 'active' : user.isWaiting ? 'waits' : 'disabled',
      user.role,
      user.username,
      user.email ?? '-',
      minute(user.createdAt),
      user.lastLogin === null ? 'never' : minute(user.lastLogin),
    ])
    process.stdout.write(table(['id', 'state', 'role', 'name', 'address', 'made', 'last sign-in'], rows))
    const last = shown.at(-1)
    if (last && page.length > most) say('', `There are more: miachat user list --after ${last.id}`)
    return 0
  })
}

const minute = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)}Z`

async function disable({ auth }: World, user: User): Promise<number> {
  await auth.admin.setActive(user.id, false, ACTOR)
  say(`${described(user)} is disabled: every session and token has ended, and nobody signs in with it.`)
  return 0
}

/** One that waits is approved. No letter: a command has no mail, nor the key that a waiting letter is sealed with. */
async function enable({ auth }: World, user: User): Promise<number> {
  // Only the list says who waits.
  const [listed] = await auth.admin.listUsers(user.id - 1, 1)
  await auth.admin.setActive(user.id, true, ACTOR)
  const approved = [
    `${described(user)} is approved and can sign in.`,
    'No letter tells the person: a command sends none. An approval at /admin/people does, where the server has mail.',
  ]
  say(...(listed?.isWaiting ? approved : [`${described(user)} can sign in again.`]))
  return 0
}

async function setRole({ auth }: World, user: User, role: 'admin' | 'user'): Promise<number> {
  await auth.admin.setRole(user.id, role, ACTOR)
  if (role === 'user') {
    say(`${described(user)} is no administrator.`)
    return 0
  }
  say(
    `${described(user)} is an administrator and has to sign in again.`,
    'Without a second step at the sign-in nothing of the administration opens; the pages ask for one.',
  )
  return 0
}

async function resetLink({ auth, config }: World, user: User): Promise<string[]> {
  const { url, expiresAt } = await auth.admin.resetLink(user.id, ACTOR)
  const minutes = Math.round((expiresAt - Date.now()) / 60_000)
  return [
    `Whoever opens this link can set the password of ${described(user)}:`,
    '',
    `  ${url}`,
    '',
    `It works once and for ${count(minutes, 'minute', 'minutes')}; earlier links of this account are void.`,
    'Give it to that person alone, by a way that nobody else reads.',
    ...localOnly(config),
  ]
}

const localOnly = (config: Deployment['config']): string[] =>
  config.given.has('BASE_URL')
    ? []
    : ['BASE_URL is not set, so the link opens on this machine only. Set it as it is for the server.']

/** Imported accounts may share words; acting on the wrong one is worse than asking again. */
async function findOne(auth: Auth, name: string | undefined, id: number | undefined): Promise<User> {
  if ((name === undefined) === (id === undefined)) {
    throw new StopWithSentence('name one account: by its name, its address or --id NUMBER.', 2)
  }
  const users = id === undefined ? await auth.admin.findUsers(name ?? '') : await byId(auth, id)
  const [user, ...others] = users
  if (!user)
    throw new StopWithSentence(`there is no account ${id === undefined ? quoted(name ?? '') : `number ${id}`}.`)
  if (others.length === 0) return user
  throw new StopWithSentence(
    `${quoted(name ?? '')} means several accounts; name one by its number:\n${users.map((one) => `  --id ${one.id}  ${described(one)}`).join('\n')}`,
  )
}

async function byId(auth: Auth, id: number): Promise<User[]> {
  const user = await auth.admin.getUser(id)
  return user ? [user] : []
}

const described = ({ id, username, email }: User): string =>
  `${quoted(username)} (number ${id}${email === null ? '' : `, ${quoted(email)}`})`

function wholeNumber(option: string, text: string, least = 0): number {
  if (/^\d{1,15}$/.test(text) && Number(text) >= least) return Number(text)
  const kind = least === 0 ? 'a whole number' : `a whole number from ${least}`
  throw new StopWithSentence(`${option} takes ${kind}, not ${quoted(text)}.`, 2)
}

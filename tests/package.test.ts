import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { repository } from './support/repository.ts'

const run = promisify(execFile)
const library = join(repository, 'packages/auth')

/** Runs a command and throws with all that it wrote where it fails. */
async function command(cwd: string, program: string, ...args: string[]): Promise<string> {
  try {
    return (await run(program, args, { cwd, maxBuffer: 64 * 1024 * 1024 })).stdout
  } catch (error) {
    const { stdout = '', stderr = '' } = Object(error)
    throw new Error(`${program} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error })
  }
}

/** A program of somebody who installed the package: a whole sign-in without a socket. */
const program = `
import assert from 'node:assert/strict'
import { createAuth } from '@miachat/auth'
import { expressAuth } from '@miachat/auth/express'
import { fastifyAuth } from '@miachat/auth/fastify'
import { honoAuth } from '@miachat/auth/hono'
import { createNodeServer, nodeAuth } from '@miachat/auth/node'
import { html } from '@miachat/auth/views'

assert.match(import.meta.resolve('@miachat/auth'), /node_modules\\/@miachat\\/auth\\/dist\\/index\\.js$/)
const baseUrl = 'http://localhost:3000'
const auth = await createAuth({ database: 'sqlite:people.db', secret: 's'.repeat(32), baseUrl })
for (const adapter of [expressAuth, fastifyAuth, honoAuth, nodeAuth]) assert.ok(adapter(auth).requireSessionAuth)
assert.ok(createNodeServer && html)

const post = (path, body) =>
  auth.fetch(new Request(baseUrl + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: baseUrl },
    body: JSON.stringify(body),
  }))
const weak = await post('/auth/register', { username: 'anna', email: 'anna@example.org', password: 'password123' })
assert.equal(weak.status, 422, 'the list of common passwords is in the package')
const password = 'a walk by the river'
assert.equal((await post('/auth/register', { username: 'anna', email: 'anna@example.org', password })).status, 200)
const signedIn = await post('/auth/login', { username: 'anna', password })
const cookie = signedIn.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ')
const user = await auth.requireSessionAuth(new Request(baseUrl, { headers: { cookie } }))
const page = await (await auth.fetch(new Request(baseUrl + '/auth/login'))).text()
const style = /href="(\\/auth\\/assets\\/[^"]+)"/.exec(page)[1]
assert.equal((await auth.fetch(new Request(baseUrl + style))).status, 200, 'the stylesheet is in the package')
await auth.close()
console.log('Hello ' + user.username)
`

/** The same as the compiler of a strict host sees it, declarations of the library included. */
const typed = `
import { type Auth, AuthError, createAuth, minutes, type User } from '@miachat/auth'
import { expressAuth } from '@miachat/auth/express'
import { fastifyAuth } from '@miachat/auth/fastify'
import { honoAuth } from '@miachat/auth/hono'
import { nodeAuth } from '@miachat/auth/node'
import { html } from '@miachat/auth/views'
import { createServer } from 'node:http'
import { Hono } from 'hono'
import { z } from 'zod'

const auth: Auth = await createAuth({
  database: 'sqlite::memory:',
  secret: 'x'.repeat(32),
  baseUrl: 'http://localhost:3000',
  tokens: { accessLifetime: minutes(5) },
  userFields: z.object({ plan: z.enum(['free', 'pro']) }),
  registrationFields: ({ value }) => html\`<input name="plan" value="\${value('plan')}">\`,
  onSignUp: (user: User) => console.log(user.fields['plan']),
})
// @ts-expect-error: a database is a string or a connection, not anything
await createAuth({ database: 5, secret: '', baseUrl: '' })

const { routes, requireSessionAuth, currentUser } = honoAuth(auth)
const app = new Hono<{ Variables: { colour: string } }>()
app.use(routes)
app.get('/', requireSessionAuth, (c) => c.text(currentUser(c).username.toUpperCase()))
const node = nodeAuth(auth)
createServer(async (request, response) => {
  const user: User | null = await node.requireSessionAuth(request, response)
  response.end(user?.displayName)
})
export const code = (error: unknown) => (error instanceof AuthError ? error.code : null)
export const others = [expressAuth(auth), fastifyAuth(auth)]
`

const options = {
  compilerOptions: { strict: true, module: 'nodenext', target: 'es2024', noEmit: true, types: ['node'] },
}

describe('the package that npm pack makes', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'auth-package-'))
  let tarball = ''
  before(async () => {
    await command(library, 'npm', 'pack', '--ignore-scripts=false', '--pack-destination', folder)
    tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '')
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'host', private: true, type: 'module' }))
    // The npm cache holds all of it since the repository itself was installed.
    const named = ['hono', 'zod', '@types/node'].map((name) => `${name}@${versionOf(name)}`)
    const quietly = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund']
    await command(folder, 'npm', 'install', ...quietly, tarball, ...named)
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  test('holds what it needs and nothing of the tests', async () => {
    const files = await command(folder, 'tar', '-tzf', tarball)
    const names = new Set(files.trim().split('\n'))
    for (const name of [
      'README.md',
      'LICENSE',
      'data/common-passwords.bin',
      'dist/index.js',
      'dist/index.d.ts',
      'dist/http/public/auth.css',
      'dist/passwords/hash-worker.js',
      'dist/db/sqlite-writer-thread.js',
    ]) {
      assert.ok(names.has(`package/${name}`), `${name} is missing`)
    }
    const odd = [...names].filter((name) => /\.test\.|\.map$|\/test\/|examples|tsconfig/.test(name))
    assert.deepEqual(odd, [])
  })

  test('signs somebody in, in an empty project', async () => {
    writeFileSync(join(folder, 'program.js'), program)
    assert.equal((await command(folder, process.execPath, 'program.js')).trim(), 'Hello anna')
  })

  test('has types that a strict compiler takes without skipping the library’s own', async () => {
    writeFileSync(join(folder, 'typed.ts'), typed)
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ ...options, files: ['typed.ts'] }))
    await command(folder, process.execPath, join(repository, 'node_modules/typescript/bin/tsc'), '-p', '.')
  })

  test('publint finds nothing', async () => {
    const { messages, pkg = {} } = await publint({ pkgDir: join(folder, 'node_modules/@miachat/auth'), strict: true })
    assert.deepEqual(
      messages.map((message) => formatMessage(message, pkg)),
      [],
    )
  })

  test('arethetypeswrong finds nothing', async () => {
    const attw = join(repository, 'node_modules/@arethetypeswrong/cli/dist/index.js')
    await command(folder, process.execPath, attw, tarball, '--profile', 'esm-only')
  })
})

/** The version that the repository has, which the npm cache therefore holds. */
function versionOf(name: string): string {
  const { version } = JSON.parse(readFileSync(join(repository, 'node_modules', name, 'package.json'), 'utf8'))
  return String(version)
}

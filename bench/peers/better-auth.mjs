// Better Auth as its documentation sets it up on node:http with SQLite; the cookie cache stays off, as by default.
import { createServer } from 'node:http'
import { DatabaseSync } from 'node:sqlite'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler } from 'better-auth/node'

const [port, folder] = process.argv.slice(2)
const options = {
  database: new DatabaseSync(`${folder}/better-auth.db`),
  secret: 'the secret of the benchmark, long enough',
  baseURL: `http://localhost:${port}`,
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
}
await (await getMigrations(options)).runMigrations()
const auth = betterAuth(options)
createServer(toNodeHandler(auth)).listen(Number(port), '127.0.0.1', () => console.log('ready'))

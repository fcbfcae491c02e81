import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { repository } from './support/repository.ts'

test('DEP-02: npm run sbom writes the bill of materials, with all that runs in production', (t) => {
  const version = spawnSync('npm', ['--version'], { encoding: 'utf8' }).stdout.trim()
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < 9 || (major === 9 && minor < 7)) return t.skip(`npm ${version} has no "npm sbom"; 9.7 and newer have`)
  const { stdout, status, stderr } = spawnSync('npm', ['run', '--silent', 'sbom'], {
    cwd: repository,
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
  const bill: { bomFormat: string; components: { name: string; version: string }[] } = JSON.parse(stdout)
  assert.equal(bill.bomFormat, 'CycloneDX')
  const names = new Set(bill.components.map(({ name }) => name))
  for (const name of ['bcrypt', 'hono', 'jose', 'kysely', 'pg', 'zod']) assert.ok(names.has(name), name)
  assert.ok(bill.components.every(({ version }) => version !== ''))
})

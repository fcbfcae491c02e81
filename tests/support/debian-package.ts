import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { getuid } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Installs packages of Debian and its relatives. Throws an Error that names the one command to run where that is not
 * possible from here: another system, or no right to install.
 */
export async function installDebianPackage(what: string, packages: readonly string[]): Promise<void> {
  const byHand = `${what} is missing. Install it with: sudo apt-get install -y ${packages.join(' ')}`
  if (!existsSync('/usr/bin/apt-get'))
    throw new Error(`${what} is missing; install it with your system's package manager`)
  const isRoot = getuid?.() === 0
  if (!isRoot && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status !== 0) throw new Error(byHand)

  console.log(`${what} is missing; installing ${packages.join(' ')} with apt-get`)
  const apt = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', '-o', 'DPkg::Lock::Timeout=120']
  const run = (words: readonly string[]) => {
    const [program = '', ...rest] = [...(isRoot ? [] : ['sudo', '-n']), ...apt, ...words]
    return spawnSync(program, rest, { encoding: 'utf8', timeout: 600_000 })
  }
  let failure = ''
  for (const pause of [0, 5_000]) {
    await sleep(pause)
    run(['update'])
    const installed = run(['install', '-y', '--no-install-recommends', ...packages])
    if (installed.status === 0) return
    failure = installed.stderr.trim() || String(installed.error ?? 'no message')
  }
  throw new Error(`${byHand}\n(apt-get said: ${failure})`)
}

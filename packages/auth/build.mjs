// Makes dist/ from src/: what the package publishes. `npm run build`, and before `npm pack --ignore-scripts=false`. Plain JavaScript for
// any Node from 20 on.
import { spawnSync } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const compiler = createRequire(import.meta.url)
  .resolve('typescript/package.json')
  .replace('package.json', 'bin/tsc')

rmSync(here('dist'), { recursive: true, force: true })
const { status } = spawnSync(process.execPath, [compiler, '-p', here('tsconfig.build.json')], { stdio: 'inherit' })
if (status !== 0) process.exit(1)
cpSync(here('src/http/public'), here('dist/http/public'), {
  recursive: true,
  filter: (path) => !path.endsWith('.test.ts'),
})

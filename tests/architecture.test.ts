import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'
import { type House, houseRules } from './support/house-rules.ts'
import { repository } from './support/repository.ts'
import { importsOf } from './support/source-text.ts'

const read = (path: string) => readFileSync(join(repository, path), 'utf8')

const packageFile = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  peerDependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
  exports: z.record(z.string(), z.record(z.string(), z.string())).default({}),
})

function describePackage(folder: string) {
  const { dependencies, peerDependencies, exports } = packageFile.parse(JSON.parse(read(`${folder}/package.json`)))
  return {
    dependencies: Object.keys({ ...dependencies, ...peerDependencies }),
    doors: Object.keys(exports),
    doorFiles: Object.values(exports).flatMap((conditions) => conditions['miachat-source']?.replace('./', '') ?? []),
  }
}

const workspaces = ['packages/auth', 'apps/miachat']
const house: House = {
  files: globSync(['packages/*/src/**/*.ts', 'apps/*/src/**/*.ts'], { cwd: repository })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => ({ path, text: read(path) })),
  map: read('ARCHITECTURE.md'),
  packages: Object.fromEntries(workspaces.map((folder) => [folder, describePackage(folder)])),
  testPackages: [
    ...Object.keys(packageFile.parse(JSON.parse(read('package.json'))).devDependencies),
    ...workspaces.flatMap((folder) => describePackage(folder).dependencies),
  ],
}

for (const [name, rule] of Object.entries(houseRules)) {
  test(`Architecture: ${name}`, () => assert.deepEqual(rule(house), []))
}

test('Architecture: the rules see the house', () => {
  assert.ok(house.files.length > 20)
  const imports = house.files.flatMap(importsOf)
  assert.ok(imports.length > house.files.length)
  const paths = new Set(house.files.map(({ path }) => path))
  const lost = imports.flatMap(({ target = '' }) =>
    /\/src\/.*\.ts$/.test(target) && !paths.has(target) ? [target] : [],
  )
  assert.deepEqual(lost, [])
})

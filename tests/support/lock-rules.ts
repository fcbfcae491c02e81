import { z } from 'zod'

const versions = z.record(z.string(), z.string()).default({})

/** The parts of a package.json that name other packages. */
export const manifest = z.object({
  dependencies: versions,
  devDependencies: versions,
  optionalDependencies: versions,
})

/** The parts of package-lock.json that say what is installed and from where. */
export const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      link: z.boolean().optional(),
      dev: z.boolean().optional(),
      optional: z.boolean().optional(),
      license: z.string().optional(),
      hasInstallScript: z.boolean().optional(),
      os: z.union([z.string(), z.array(z.string())]).optional(),
      dependencies: versions,
      devDependencies: versions,
      optionalDependencies: versions,
    }),
  ),
})

type Manifest = z.infer<typeof manifest>
type LockFile = z.infer<typeof lockFile>

const exact = /^\d+\.\d+\.\d+(-[\w.]+)?$/
const freeLicences = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'MPL-2.0',
])

const direct = (file: Pick<Manifest, 'dependencies' | 'devDependencies' | 'optionalDependencies'>) =>
  Object.entries({ ...file.dependencies, ...file.devDependencies, ...file.optionalDependencies })

/** Direct dependencies that are not written as one exact version: ranges, tags, git, URLs, files. */
export function inexactVersions(files: Readonly<Record<string, Manifest>>): string[] {
  return Object.entries(files).flatMap(([path, file]) =>
    direct(file).flatMap(([name, version]) => (exact.test(version) ? [] : [`${path}: ${name} is ${version}`])),
  )
}

/** Entries of the lock file that come from anywhere but the npm registry, or that nothing proves to be unchanged. */
export function unprovenPackages({ packages }: LockFile): string[] {
  return Object.entries(packages).flatMap(([place, entry]) => {
    if (!place.includes('node_modules/')) return []
    if (entry.link)
      return /^(packages|apps)\/[\w-]+$/.test(entry.resolved ?? '') ? [] : [`${place} links to ${entry.resolved}`]
    const problems: string[] = []
    if (!exact.test(entry.version ?? '')) problems.push(`${place} has the version ${entry.version}`)
    if (entry.resolved && !/^https:\/\/[^/]+\/(@[^/]+\/)?[^/]+\/-\/[^/]+\.tgz$/.test(entry.resolved)) {
      problems.push(`${place} comes from ${entry.resolved}`)
    }
    // A registry may lack builds for other systems; their entries exist for `npm ci` only and are never installed here.
    const elsewhere = entry.optional && entry.os !== undefined && entry.resolved === undefined
    if (!elsewhere && !entry.integrity?.startsWith('sha512-')) problems.push(`${place} has no sha512 of its content`)
    return problems
  })
}

/** Packages that run in production under a licence that asks for more than to be named (DEP-01). */
export function unfreeLicences({ packages }: LockFile): string[] {
  return Object.entries(packages)
    .filter(([place, { dev, link }]) => place.includes('node_modules/') && !dev && !link)
    .filter(([, { license }]) => !freeLicences.has(license ?? ''))
    .map(([place, { license }]) => `${place} is under ${license}`)
}

/** Where package.json files and the lock file disagree, which `npm ci` refuses. */
export function lockDiffers({ packages }: LockFile, files: Readonly<Record<string, Manifest>>): string[] {
  return Object.entries(files).flatMap(([path, file]) => {
    const folder = path.replace(/\/?package\.json$/, '')
    const locked = Object.fromEntries(
      direct(packages[folder] ?? { dependencies: {}, devDependencies: {}, optionalDependencies: {} }),
    )
    const wanted = Object.fromEntries(direct(file))
    const names = [...new Set([...Object.keys(locked), ...Object.keys(wanted)])]
    return names
      .filter((name) => locked[name] !== wanted[name])
      .map((name) => `${path} wants ${name} ${wanted[name]}, the lock file has ${locked[name]}`)
  })
}

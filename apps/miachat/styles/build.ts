import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { compileAsync } from 'sass'

const styles = import.meta.dirname
const root = path.resolve(styles, '../../..')

/** The committed style sheets and the sources that they are built from. */
export const sheets = [
  { source: path.join(styles, 'auth.scss'), target: path.join(root, 'packages/auth/src/http/public/auth.css') },
  { source: path.join(styles, 'app.scss'), target: path.join(root, 'apps/miachat/src/public/app.css') },
] as const

/** One finished sheet, compressed, without source map. */
export async function buildSheet(source: string): Promise<string> {
  const { css } = await compileAsync(source, {
    style: 'compressed',
    charset: false,
    loadPaths: [path.join(root, 'node_modules')],
    quietDeps: true,
    // Bootstrap 5.3 is written with @import; its sources cannot be had otherwise.
    silenceDeprecations: ['import', 'if-function', 'global-builtin', 'color-functions'],
  })
  return `${css}\n`
}

if (import.meta.main) {
  for (const { source, target } of sheets) {
    await mkdir(path.dirname(target), { recursive: true })
    const css = await buildSheet(source)
    await writeFile(target, css)
    console.log(`${path.relative(root, target)}  ${css.length} bytes`)
  }
}

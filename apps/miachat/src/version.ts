import { readFileSync } from 'node:fs'
import { z } from 'zod'

const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')

/** The version of this program, as its package says. */
export const productVersion: string = z.object({ version: z.string() }).parse(JSON.parse(text)).version

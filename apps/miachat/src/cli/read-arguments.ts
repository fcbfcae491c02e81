import { type ParseArgsConfig, parseArgs } from 'node:util'
import { StopWithSentence } from './command.ts'

type Options = NonNullable<ParseArgsConfig['options']>

/** How a command is called. */
export interface Calling<T extends Options> {
  /** The whole help text; its first line is the usage. */
  readonly help: string
  readonly options: T
  /** How many words besides the options it takes. */
  readonly least: number
  readonly most: number
}

/**
 * Reads the words after a command's name. Null when help was asked for, which is then printed. Throws StopWithSentence with
 * exit code 2 for anything that the command does not take.
 */
export function readArguments<const T extends Options>(args: readonly string[], calling: Calling<T>) {
  const { help, least, most } = calling
  const options = { ...calling.options, help: { type: 'boolean', short: 'h' } } as const
  const usage = help.split('\n', 1)[0] ?? ''
  const wrong = (sentence: string) => new StopWithSentence(`${sentence}\n${usage}`, 2)
  const parsed = parse()
  if ('help' in parsed.values && parsed.values.help === true) {
    process.stdout.write(help)
    return null
  }
  if (parsed.positionals.length < least) throw wrong(`${missingWord(usage, parsed.positionals.length)} is missing.`)
  if (parsed.positionals.length > most) throw wrong(`"${parsed.positionals[most]}" is one word too many.`)
  return parsed

  function parse() {
    try {
      return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
    } catch (error) {
      throw wrong(error instanceof Error ? sentenceOf(error.message) : String(error))
    }
  }
}

/** The word after `given` others, as the usage line calls it: "FILE", or "init or rotate" where one is to be chosen. */
function missingWord(usage: string, given: number): string {
  const [, , , ...words] = usage.split(' ')
  const asked = words.filter((word) => !/^[[-]/.test(word))[given] ?? 'something'
  return asked.replaceAll('|', ', ').replace(/, ([^,]+)$/, ' or $1')
}

/** Node's own words, without its hint about `--`. */
const sentenceOf = (message: string): string => `${message.split('. ', 1)[0]?.replaceAll("'", '"') ?? message}.`

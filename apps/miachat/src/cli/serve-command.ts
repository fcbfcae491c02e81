import { readArguments } from './read-arguments.ts'
import { settingsOrStop } from './settings-or-stop.ts'

const help = `Usage: miachat serve [--check]

Runs MiaChat in the foreground until Ctrl-C or SIGTERM ends it: running requests are finished first. Brings the database up
to date before it listens, and says on one line where it does.

  --check   Only say whether the settings are good, and end
`

/** `miachat serve`: runs until a signal ends it. `--check` says what is wrong with the settings and ends (SEC-04). */
export async function serveCommand(args: readonly string[]): Promise<number> {
  const given = readArguments(args, { help, options: { check: { type: 'boolean' } }, least: 0, most: 0 })
  if (!given) return 0
  const config = settingsOrStop()
  if (given.values.check) {
    const { checkSettings } = await import('../serve-check.ts')
    return checkSettings(config, (line) => process.stdout.write(`${line}\n`))
  }
  const { serveUntilSignal } = await import('../serve-process.ts')
  return serveUntilSignal(config)
}

import { StopWithSentence } from './command.ts'
import { settingsOrStop } from './settings-or-stop.ts'

/** `miachat serve`: runs until a signal ends it. `--check` says what is wrong with the settings and ends (SEC-04). */
export async function serveCommand(args: readonly string[]): Promise<number> {
  const [unknown] = args.filter((arg) => arg !== '--check')
  if (unknown !== undefined) throw new StopWithSentence(`serve knows no option "${unknown}".`, 2)
  const config = settingsOrStop()
  if (args.includes('--check')) {
    const { checkSettings } = await import('../serve-check.ts')
    return checkSettings(config, (line) => process.stdout.write(`${line}\n`))
  }
  const { serveUntilSignal } = await import('../serve-process.ts')
  return serveUntilSignal(config)
}

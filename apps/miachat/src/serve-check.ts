import type { Config } from './config.ts'
import { inspectSecrets } from './secret-key.ts'
import { whereLine, whereToGo } from './start-notes.ts'
import { StopWithSentence } from './stop-with-sentence.ts'

/** Says whether `miachat serve` would take these settings; makes nothing and starts nothing. Answers the exit code. */
export function checkSettings(config: Config, say: (line: string) => void): number {
  for (const warning of config.warnings) say(`! ${warning}`)
  try {
    const found = inspectSecrets(config)
    for (const warning of found?.warnings ?? []) say(`! ${warning}`)
    if (!found) say(`A key will be made in ${config.dataDir} at the first start.`)
  } catch (error) {
    if (!(error instanceof StopWithSentence)) throw error
    say(error.message)
    return 1
  }
  say(`The settings are good. ${whereLine(whereToGo(config), 'will listen')}.`)
  return 0
}

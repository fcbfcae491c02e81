import { type Config, ConfigError, loadConfig } from '../config.ts'
import { StopWithSentence } from './command.ts'

/** The settings. Throws StopWithSentence that names every mistake at once. */
export function settingsOrStop(): Config {
  try {
    return loadConfig()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new StopWithSentence(
      `these settings cannot be used:\n${error.mistakes.map((line) => `  ${line}`).join('\n')}`,
    )
  }
}

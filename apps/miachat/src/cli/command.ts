/** One command of `miachat`. */
export interface Command {
  readonly name: string
  /** One line for `miachat --help`. */
  readonly summary: string
  /**
   * Runs it with the words after its name and answers the exit code. What it throws as `StopWithSentence` is printed as it
   * stands; anything else is a fault of the program and is printed with its stack.
   */
  readonly run: (args: readonly string[]) => Promise<number>
}

export { StopWithSentence } from '../stop-with-sentence.ts'

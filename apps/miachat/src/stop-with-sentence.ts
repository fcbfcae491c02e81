/** Ends a command or a start with a sentence for the person who typed it, without a stack. */
export class StopWithSentence extends Error {
  override readonly name = 'StopWithSentence'
  readonly exitCode: number
  constructor(sentence: string, exitCode = 1) {
    super(sentence)
    this.exitCode = exitCode
  }
}

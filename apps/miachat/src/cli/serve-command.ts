import { StopWithSentence } from './command.ts'

/** `miachat serve`. */
export async function serveCommand(args: readonly string[]): Promise<number> {
  const [unknown] = args.filter((arg) => arg !== '--check')
  if (unknown !== undefined) throw new StopWithSentence(`serve knows no option "${unknown}".`, 2)
  return 0
}

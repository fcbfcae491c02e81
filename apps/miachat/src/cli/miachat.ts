import { productVersion } from '../version.ts'
import { StopWithSentence } from './command.ts'
import { commands } from './commands.ts'

/** What `miachat --help` prints. */
function help(): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  return [
    'Usage: miachat COMMAND [OPTIONS]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    '"miachat help COMMAND" says more of a command; "miachat --version" prints the version.',
    'Settings are environment variables, or stand in a file ".env"; docs/configuration.md lists them.',
    '',
  ].join('\n')
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h') return print(help())
  if (name === '--version') return print(`${productVersion}\n`)
  if (name !== 'help') return runCommand(name, args)
  const [about] = args
  return about === undefined ? print(help()) : runCommand(about, ['--help'])
}

async function runCommand(name: string, args: readonly string[]): Promise<number> {
  const command = commands.find((one) => one.name === name)
  if (command) return command.run(args)
  process.stderr.write(`miachat: there is no command "${name}".\n\n${help()}`)
  return 2
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

// Who pipes a list into `head` has read enough: that is no fault, and the command's work is done or goes on.
process.stdout.on('error', (error) => {
  if (!('code' in error && error.code === 'EPIPE')) throw error
})

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(
    error instanceof StopWithSentence
      ? `miachat: ${error.message}\n`
      : `miachat: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  process.exitCode = error instanceof StopWithSentence ? error.exitCode : 1
}

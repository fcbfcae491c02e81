import type { Command } from './command.ts'

/** Every command of `miachat`, in the order of its help. Each is loaded when it is called, so that `serve` starts quickly. */
export const commands: readonly Command[] = [
  {
    name: 'serve',
    summary: 'Run MiaChat in the foreground; --check only checks the settings',
    run: async (args) => (await import('./serve-command.ts')).serveCommand(args),
  },
  {
    name: 'import',
    summary: 'Take the people of the Python original over, with their passwords',
    run: async (args) => (await import('./import-command.ts')).importCommand(args),
  },
]

import type { Command } from './command.ts'

/** Every command of `miachat`, in the order of its help. Each is loaded when it is called, so that `serve` starts quickly. */
export const commands: readonly Command[] = [
  {
    name: 'serve',
    summary: 'Run MiaChat in the foreground; --check only checks the settings',
    run: async (args) => (await import('./serve-command.ts')).serveCommand(args),
  },
  {
    name: 'migrate',
    summary: 'Bring the database up to date',
    run: async (args) => (await import('./migrate-command.ts')).migrateCommand(args),
  },
  {
    name: 'user',
    summary: 'Add, list, disable and enable accounts; make links for a new password',
    run: async (args) => (await import('./user-command.ts')).userCommand(args),
  },
  {
    name: 'import',
    summary: 'Take the people of the Python original over, with their passwords',
    run: async (args) => (await import('./import-command.ts')).importCommand(args),
  },
  {
    name: 'backup',
    summary: 'Copy the database while the server goes on',
    run: async (args) => (await import('./backup-command.ts')).backupCommand(args),
  },
  {
    name: 'restore',
    summary: 'Put a backup in the place of the database',
    run: async (args) => (await import('./restore-command.ts')).restoreCommand(args),
  },
  {
    name: 'copy',
    summary: 'Copy everything from SQLite into PostgreSQL',
    run: async (args) => (await import('./copy-command.ts')).copyCommand(args),
  },
  {
    name: 'keys',
    summary: 'Choose and rotate the key of this server',
    run: async (args) => (await import('./keys-command.ts')).keysCommand(args),
  },
  {
    name: 'doctor',
    summary: 'Check a live deployment and say what to change',
    run: async (args) => (await import('./doctor-command.ts')).doctorCommand(args),
  },
]

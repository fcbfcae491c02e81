/** What a look at the running server says, for `/admin/health` and, in English, for `miachat doctor`. */
export const health = {
  topics: {
    version: 'version',
    settings: 'settings',
    key: 'key',
    keyAge: 'age of the key',
    disk: 'disk',
    backups: 'backups',
    workers: 'workers',
  },
  version: (product: string, node: string) => `MiaChat ${product} on Node ${node}.`,
  oneWarning: 'There is a warning. "miachat doctor", run on the server, says which.',
  warnings: (count: number) => `There are ${count} warnings. "miachat doctor", run on the server, says which.`,
  keyAge: (day: string) =>
    `In use since ${day}. When somebody may have read it, change it on the server: "miachat keys rotate".`,
  dataFolder: 'the data folder',
  itsFolder: 'its folder',
  free: (size: string, folder: string) => `${size} are free for ${folder}.`,
  little: (size: string, folder: string) => `Only ${size} are free for ${folder}. Free some before it is full.`,
  full: (size: string, folder: string) =>
    `Only ${size} are free for ${folder}. Without room MiaChat cannot write: free some now.`,
  postgresBackups: 'PostgreSQL is backed up with pg_dump, which the doctor cannot see.',
  noBackupYet: 'There is none yet. Run "miachat backup" every day, by a timer.',
  noBackup: (folder: string) =>
    `There is none in ${folder}. Run "miachat backup" every day, by a timer. Backups elsewhere are not seen.`,
  oldBackup: (folder: string, count: number) =>
    `The newest in ${folder} is ${count} days old. Run "miachat backup" every day, by a timer.`,
  todaysBackup: (folder: string) => `The newest in ${folder} is less than a day old.`,
  backup: (folder: string, count: number) => `The newest in ${folder} is ${count} days old.`,
  tooManyWorkers: (workers: number, processors: number) =>
    `WORKERS is ${workers}, but there are ${processors} processors: set it to ${processors} or less.`,
  workers: (workers: number, processors: number) => `WORKERS is ${workers}, processors: ${processors}.`,
}

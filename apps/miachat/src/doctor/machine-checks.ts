import { existsSync, mkdtempSync, readdirSync, rmSync, type Stats, statfsSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { days } from '@miachat/auth'
import type { Config } from '../config.ts'
import { defaultKeyFile } from '../secret-key.ts'
import { sqlitePath } from '../sqlite-path.ts'
import { english } from '../words/words.ts'
import { type Finding, ok, problem, warning } from './finding.ts'

const MEGABYTE = 1_000_000
const GIGABYTE = 1_000 * MEGABYTE
const LEAST_FREE = 50 * MEGABYTE
const COMFORTABLY_FREE = 500 * MEGABYTE
const OLDEST_BACKUP = days(7)
/** Milliseconds by which a file's time may differ from the clock: file systems round. */
const FILE_CLOCK_SLACK = 5000

/** What the machine gives: room, permissions, time, processors, backups. */
export function machineChecks(config: Config): Finding[] {
  return [
    ...permissionChecks(config),
    ...folderChecks(config),
    ...backupChecks(config, Date.now()),
    workersCheck(config.workers, availableParallelism()),
  ]
}

/** Files that others may read, or that another user than that of the folder owns. */
function permissionChecks(config: Config): Finding[] {
  if (process.platform === 'win32') return []
  const folder = statOf(config.dataDir)
  if (!folder) return [ok('files', `${config.dataDir} is not made yet; the first start makes it.`)]
  const database = sqlitePath(config)
  const key = config.secrets ? null : (config.secretKeyFile ?? defaultKeyFile(config))
  const files = [
    ...(database === null ? [] : [database, `${database}-wal`, `${database}-shm`]),
    ...(key === null ? [] : [key]),
  ]
  const found = [config.dataDir, ...files].flatMap((path): Finding[] => {
    const stats = statOf(path)
    if (!stats) return []
    return permissionFindings(path, {
      isFolder: path === config.dataDir,
      stats,
      owner: folder.uid,
      isKey: path === key,
    })
  })
  return found.length > 0 ? found : [ok('files', `${config.dataDir} is readable by its owner alone.`)]
}

/** What is wrong with the permissions of one file. */
export function permissionFindings(
  path: string,
  file: {
    readonly isFolder: boolean
    readonly isKey: boolean
    readonly stats: Pick<Stats, 'mode' | 'uid'>
    readonly owner: number
  },
): Finding[] {
  const found: Finding[] = []
  if ((file.stats.mode & 0o077) !== 0) {
    const text = `Others on this machine can get at ${path}: run "chmod ${file.isFolder ? 700 : 600} ${path}".`
    found.push(file.isKey ? problem('files', text) : warning('files', text))
  }
  if (file.stats.uid !== file.owner && !file.isKey) {
    found.push(
      problem(
        'files',
        `${path} belongs to another user than its folder, so MiaChat may not be able to write it: run "chown".`,
      ),
    )
  }
  return found
}

/** Room on the disk, and whether its clock is ours: a network file system has one of its own. */
function folderChecks({ dataDir }: Config): Finding[] {
  if (!existsSync(dataDir)) return [diskFinding(freeIn(dirname(dataDir)), dataDir)]
  const free = diskFinding(freeIn(dataDir), dataDir)
  try {
    const probe = mkdtempSync(join(dataDir, 'doctor-'))
    const difference = statSync(probe).mtimeMs - Date.now()
    rmSync(probe, { recursive: true })
    return [free, fileClockFinding(difference, dataDir)]
  } catch {
    return [
      free,
      problem('files', `This user cannot write in ${dataDir}. Run the doctor as the user that runs MiaChat.`),
    ]
  }
}

/** Bytes that this user can still write where `folder` is or will be. */
export function freeIn(folder: string): number {
  if (!existsSync(folder)) return dirname(folder) === folder ? 0 : freeIn(dirname(folder))
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

/** `free` in bytes. */
export function diskFinding(free: number, folder: string, words = english): Finding {
  const { health: say } = words
  const [size, unit] = free < 10 * GIGABYTE ? [MEGABYTE, 'MB'] : [GIGABYTE, 'GB']
  const room = `${Math.round(free / size).toLocaleString(words.language)} ${unit}`
  const { disk } = say.topics
  if (free < LEAST_FREE) return problem(disk, say.full(room, folder))
  if (free < COMFORTABLY_FREE) return warning(disk, say.little(room, folder))
  return ok(disk, say.free(room, folder))
}

function fileClockFinding(difference: number, folder: string): Finding {
  if (Math.abs(difference) <= FILE_CLOCK_SLACK) return ok('clock', 'The clock and the file system agree.')
  return warning(
    'clock',
    `The file system of ${folder} is ${Math.round(Math.abs(difference) / 1000)} s ${difference > 0 ? 'ahead of' : 'behind'} this machine's clock. Let both follow a time server.`,
  )
}

/** `shown` names the folder in words where its path is not to be shown. */
export function backupChecks(config: Config, now: number, words = english, shown?: string): Finding[] {
  const { health: say } = words
  const database = sqlitePath(config)
  if (database === null) return [ok(say.topics.backups, say.postgresBackups)]
  const made = statOf(database)?.birthtimeMs
  if (made === undefined) return []
  const folder = join(config.dataDir, 'backups')
  const times = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.db') && !name.startsWith('before-'))
        .flatMap((name) => statOf(join(folder, name))?.mtimeMs ?? [])
    : []
  const newest = times.length > 0 ? Math.max(...times) : null
  return [backupFinding({ newest, made, now, folder: shown ?? folder }, words)]
}

/** Times in milliseconds since 1970. */
export function backupFinding(
  { newest, made, now, folder }: { newest: number | null; made: number; now: number; folder: string },
  { health: say } = english,
): Finding {
  const { backups } = say.topics
  if (newest === null) {
    return now - made < days(1) ? ok(backups, say.noBackupYet) : warning(backups, say.noBackup(folder))
  }
  const age = Math.floor((now - newest) / days(1))
  if (now - newest > OLDEST_BACKUP) return warning(backups, say.oldBackup(folder, age))
  return ok(backups, age < 1 ? say.todaysBackup(folder) : say.backup(folder, age))
}

/** More processes than processors only take memory from each other. */
export function workersCheck(workers: number, processors: number, { health: say } = english): Finding {
  const topic = say.topics.workers
  return workers > processors
    ? warning(topic, say.tooManyWorkers(workers, processors))
    : ok(topic, say.workers(workers, processors))
}

const statOf = (path: string): Stats | undefined => statSync(path, { throwIfNoEntry: false })

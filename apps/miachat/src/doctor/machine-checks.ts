import { existsSync, mkdtempSync, readdirSync, rmSync, type Stats, statfsSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { days } from '@miachat/auth'
import type { Config } from '../config.ts'
import { figures } from '../lib/figures.ts'
import { defaultKeyFile } from '../secret-key.ts'
import { sqlitePath } from '../sqlite-path.ts'
import { type Finding, ok, problem, warning } from './finding.ts'

const MEGABYTE = 1_000_000
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
export function diskFinding(free: number, folder: string): Finding {
  const room = `${figures(Math.round(free / MEGABYTE))} MB are free for ${folder}`
  if (free < LEAST_FREE) return problem('disk', `Only ${room}. Without room MiaChat cannot write: free some now.`)
  if (free < COMFORTABLY_FREE) return warning('disk', `Only ${room}. Free some before it is full.`)
  return ok('disk', `${room}.`)
}

function fileClockFinding(difference: number, folder: string): Finding {
  if (Math.abs(difference) <= FILE_CLOCK_SLACK) return ok('clock', 'The clock and the file system agree.')
  return warning(
    'clock',
    `The file system of ${folder} is ${Math.round(Math.abs(difference) / 1000)} s ${difference > 0 ? 'ahead of' : 'behind'} this machine's clock. Let both follow a time server.`,
  )
}

/** `shown` names the folder in words where its path is not to be shown. */
export function backupChecks(config: Config, now: number, shown?: string): Finding[] {
  const database = sqlitePath(config)
  if (database === null) return [ok('backups', 'PostgreSQL is backed up with pg_dump, which the doctor cannot see.')]
  const made = statOf(database)?.birthtimeMs
  if (made === undefined) return []
  const folder = join(config.dataDir, 'backups')
  const times = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.db') && !name.startsWith('before-'))
        .flatMap((name) => statOf(join(folder, name))?.mtimeMs ?? [])
    : []
  return [backupFinding({ newest: times.length > 0 ? Math.max(...times) : null, made, now, folder: shown ?? folder })]
}

/** Times in milliseconds since 1970. */
export function backupFinding(of: { newest: number | null; made: number; now: number; folder: string }): Finding {
  const { newest, made, now, folder } = of
  const how = 'Run "miachat backup" every day, by a timer.'
  if (newest === null) {
    return now - made < days(1)
      ? ok('backups', `There is none yet. ${how}`)
      : warning('backups', `There is none in ${folder}. ${how} Backups elsewhere are not seen.`)
  }
  const age = Math.floor((now - newest) / days(1))
  if (now - newest > OLDEST_BACKUP) return warning('backups', `The newest in ${folder} is ${age} days old. ${how}`)
  return ok('backups', `The newest in ${folder} is ${age < 1 ? 'less than a day' : `${age} days`} old.`)
}

/** More processes than processors only take memory from each other. */
export function workersCheck(workers: number, processors: number): Finding {
  if (workers > processors) {
    return warning(
      'workers',
      `WORKERS is ${workers}, but there are ${processors} processors: set it to ${processors} or less.`,
    )
  }
  return ok('workers', `WORKERS is ${workers}, processors: ${processors}.`)
}

const statOf = (path: string): Stats | undefined => statSync(path, { throwIfNoEntry: false })

import { availableParallelism } from 'node:os'
import process from 'node:process'
import { isoTime } from '@miachat/auth'
import type { Config } from '../config.ts'
import type { Secrets } from '../secret-key.ts'
import type { ServerKeysStore } from '../server-keys-store.ts'
import { productVersion } from '../version.ts'
import { type Finding, ok, warning } from './finding.ts'
import { backupChecks, diskFinding, freeIn, workersCheck } from './machine-checks.ts'

/**
 * What of the doctor's looks a running server can take itself, for `/admin/health`. Administrators need not be those who run the
 * machine: paths and sentences about settings stand there only where nobody but this machine reaches the server (decision 020).
 */
export function createRunningChecks(
  config: Config,
  secrets: Pick<Secrets, 'warnings'>,
  keys: Pick<ServerKeysStore, 'list'>,
): () => Promise<Finding[]> {
  return async () => [
    ok('version', `MiaChat ${productVersion} on Node ${process.versions.node}.`),
    ...warnings('settings', config.warnings, config.onThisMachine),
    ...warnings('key', secrets.warnings, config.onThisMachine),
    ...keyAge(await keys.list()),
    diskFinding(freeIn(config.dataDir), config.onThisMachine ? config.dataDir : 'the data folder'),
    ...backupChecks(config, Date.now(), config.onThisMachine ? undefined : 'its folder'),
    workersCheck(config.workers, availableParallelism()),
    ok(
      'more',
      '"miachat doctor", run on the server, looks at files, certificates, proxies, the mail server and all logs, too.',
    ),
  ]
}

function warnings(topic: string, sentences: readonly string[], whole: boolean): Finding[] {
  if (sentences.length === 0) return []
  if (whole) return sentences.map((text) => warning(topic, text))
  const count = sentences.length === 1 ? 'There is a warning' : `There are ${sentences.length} warnings`
  return [warning(topic, `${count}. "miachat doctor", run on the server, says which.`)]
}

/** How long the key has signed: no reason to change it by itself, but who has left meanwhile may know it. */
function keyAge(known: Awaited<ReturnType<ServerKeysStore['list']>>): Finding[] {
  const current = known.find(({ neededUntil }) => neededUntil === null)
  if (!current || current.firstUsedAt === null) return []
  const since = isoTime(current.firstUsedAt).slice(0, 10)
  return [
    ok('key', `In use since ${since}. When somebody may have read it, change it on the server: "miachat keys rotate".`),
  ]
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Line } from '../goal.ts'
import { json, rounds, signUp, startServer } from '../server.ts'

const SIGN_INS = 32
const CORES = 2

/** P5: sign-ins a second against the hashes that the same two cores can compute without any server. */
export async function signIns(): Promise<Line[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  const server = await startServer('servers/ours.ts', [`sqlite:${join(folder, 'bench.db')}`, '12'], { cores: '0,1' })
  try {
    const { password } = await signUp(server, 'anna')
    const rate = await rounds(5, {
      raw: rawRate,
      ours: async () => {
        const started = performance.now()
        await Promise.all(
          Array.from({ length: SIGN_INS }, async () => {
            const response = await fetch(`${server.url}/auth/login`, json({ username: 'anna', password }))
            if (response.status !== 200) throw new Error(`a sign-in answered ${response.status}`)
          }),
        )
        return SIGN_INS / ((performance.now() - started) / 1000)
      },
    })
    const raw = rate.get('raw') ?? Number.NaN
    const ours = rate.get('ours') ?? Number.NaN
    return [
      {
        goal: 'P5',
        what: 'sign-ins a second ÷ raw bcrypt hashes a second, cost 12',
        limit: `${raw.toFixed(2)} /s`,
        ours: `${ours.toFixed(2)} /s`,
        ratio: ours / raw,
        wanted: { kind: '>=', value: 0.9, stretch: 0.97 },
      },
    ]
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true })
  }
}

/** Each of two threads compares its half of the hashes in a plain loop. */
async function rawRate(): Promise<number> {
  const program = `
    const { parentPort } = require('node:worker_threads')
    const bcrypt = require(${JSON.stringify(new URL('../../node_modules/bcrypt/bcrypt.js', import.meta.url).pathname)})
    const hash = bcrypt.hashSync('a walk by the river', 4).replace('$04$', '$12$')
    parentPort.once('message', () => {
      for (let i = 0; i < ${SIGN_INS / CORES}; i++) bcrypt.compareSync('a walk by the river', hash)
      parentPort.postMessage('done')
    })
    parentPort.postMessage('ready')`
  const workers = Array.from({ length: CORES }, () => new Worker(program, { eval: true, execArgv: [] }))
  const message = (worker: Worker) => new Promise<void>((resolve) => worker.once('message', () => resolve()))
  await Promise.all(workers.map(message))
  const started = performance.now()
  for (const worker of workers) worker.postMessage('go')
  await Promise.all(workers.map(message))
  const seconds = (performance.now() - started) / 1000
  await Promise.all(workers.map((worker) => worker.terminate()))
  return SIGN_INS / seconds
}

import { resolve } from 'node:path'
import type { TestEvent } from 'node:test/reporters'

/** What a run of tests came to: tests that really ran, and how many each file holds (skipped ones included). */
export type Counts = { passed: number; failed: number; skipped: number; perFile: Record<string, number> }

/** A reporter for node's test runner that writes one line of JSON, the Counts, when everything is over. */
export default async function* countsReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0, perFile: {} }
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue
    if (data.details.type === 'suite') continue
    // A file without any test is reported as a passed test with the name of the file.
    const isFile = data.nesting === 0 && data.file !== undefined && resolve(data.name) === data.file
    if (isFile && type === 'test:pass') continue
    if (data.file && !isFile) counts.perFile[data.file] = (counts.perFile[data.file] ?? 0) + 1
    if (data.skip || data.todo) counts.skipped++
    else if (type === 'test:pass') counts.passed++
    else counts.failed++
  }
  yield JSON.stringify(counts)
}

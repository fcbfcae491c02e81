import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StopWithSentence } from './command.ts'
import { readArguments } from './read-arguments.ts'

const read = (...args: string[]) =>
  readArguments(args, {
    help: 'Usage: miachat x FILE [--deep]\n\nMore.\n',
    options: { deep: { type: 'boolean' }, to: { type: 'string' } },
    least: 1,
    most: 1,
  })

test('what a command does not take ends it with 2 and its usage', () => {
  const cases: [string[], RegExp][] = [
    [[], /^FILE is missing\.\nUsage: miachat x FILE \[--deep\]$/],
    [['a', 'b'], /^"b" is one word too many\.\n/],
    [['a', '--deeper'], /^Unknown option "--deeper"\.\n/],
    [['a', '--to'], /"--to <value>" argument missing\.\n/],
    [['a', '--deep=1'], /"--deep" does not take an argument\.\n/],
  ]
  for (const [args, sentence] of cases) {
    assert.throws(
      () => read(...args),
      (error) => error instanceof StopWithSentence && error.exitCode === 2 && sentence.test(error.message),
      args.join(' '),
    )
  }
})

test('what is missing is named as the usage line names it', () => {
  const missing = (usage: string, ...args: string[]) => {
    try {
      readArguments(args, { help: `Usage: miachat ${usage}\n`, options: {}, least: 2, most: 2 })
    } catch (error) {
      return error instanceof Error ? error.message.split('\n', 1)[0] : error
    }
    return null
  }
  assert.equal(missing('x add|list|remove [--deep] NAME'), 'add, list or remove is missing.')
  assert.equal(missing('x add|list|remove [--deep] NAME', 'add'), 'NAME is missing.')
  assert.equal(missing('x [--deep]'), 'something is missing.')
})

test('options and words come apart, and a word that starts with a hyphen after "--"', () => {
  assert.deepEqual({ ...read('a', '--deep')?.values }, { deep: true })
  assert.deepEqual(read('--', '-a')?.positionals, ['-a'])
})

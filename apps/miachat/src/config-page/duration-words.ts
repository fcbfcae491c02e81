import type { AppWords } from '../words/words.ts'

const units = [
  { size: 86_400_000, unit: 'day' },
  { size: 3_600_000, unit: 'hour' },
  { size: 60_000, unit: 'minute' },
  { size: 1000, unit: 'second' },
] as const

/** Milliseconds in words: the largest unit that gives a whole number from 1 on, else seconds, rounded. */
export function durationWords(milliseconds: number, say: AppWords['config']): string {
  // One day reads better than 24 hours, but 30 minutes better than 0.5 hours.
  const { size, unit } = units.find((one) => milliseconds >= one.size && milliseconds % one.size === 0) ?? units[3]
  return say.duration[unit](Math.round(milliseconds / size))
}

import { plural } from '@miachat/auth/views'

const units = [
  { size: 86_400_000, one: 'day', many: 'days' },
  { size: 3_600_000, one: 'hour', many: 'hours' },
  { size: 60_000, one: 'minute', many: 'minutes' },
  { size: 1000, one: 'second', many: 'seconds' },
] as const

/** Milliseconds in words: the largest unit that gives a whole number from 1 on, else seconds, rounded. */
export function durationWords(milliseconds: number): string {
  // One day reads better than 24 hours, but 30 minutes better than 0.5 hours.
  const unit = units.find(({ size }) => milliseconds >= size && milliseconds % size === 0) ?? units[3]
  return plural(Math.round(milliseconds / unit.size), unit.one, unit.many)
}

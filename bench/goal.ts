/** One line of the table: what was measured, against what, and whether the goal is reached. */
export interface Line {
  readonly goal: string
  readonly what: string
  readonly limit: string
  readonly ours: string
  readonly ratio: number
  /** At least (`>=`) or at most (`<=`) this. */
  readonly wanted: { readonly kind: '>=' | '<='; readonly value: number; readonly stretch: number } | null
}

export interface BenchOptions {
  /** Also what takes many minutes: ten million sessions. */
  readonly big: boolean
}

export const microseconds = (value: number): string => `${value.toFixed(1)} µs`
export const milliseconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`

/** `pass`, `pass+` where the stretch goal is reached too, or `SHORT`. */
export function verdict({ ratio, wanted }: Line): string {
  if (!wanted) return 'for information'
  const reached = (value: number) => (wanted.kind === '>=' ? ratio >= value : ratio <= value)
  return reached(wanted.stretch) ? 'pass+' : reached(wanted.value) ? 'pass' : 'SHORT'
}

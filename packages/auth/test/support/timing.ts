/** The two-sided p of Mann and Whitney's test that two samples come from one distribution (normal approximation). */
export function mannWhitney(a: readonly number[], b: readonly number[]): number {
  const all = [...a.map((value) => ({ value, own: true })), ...b.map((value) => ({ value, own: false }))]
  all.sort((x, y) => x.value - y.value)
  const rankSum = all.reduce((sum, { own }, rank) => (own ? sum + rank + 1 : sum), 0)
  const u = rankSum - (a.length * (a.length + 1)) / 2
  const mean = (a.length * b.length) / 2
  const deviation = Math.sqrt((a.length * b.length * (a.length + b.length + 1)) / 12)
  return 2 * (1 - normal(Math.abs(u - mean) / deviation))
}

/** The standard normal distribution (Abramowitz and Stegun 26.2.17, error below 1e-7). */
function normal(z: number): number {
  const t = 1 / (1 + 0.2316419 * z)
  const tail = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * tail
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

export interface Verdict {
  readonly p: number
  readonly known: number
  readonly unknown: number
}

/** LOG-03: p ≥ 0.001, or medians within 8 % or 1.5 ms. */
export const alike = ({ p, known, unknown }: Verdict): boolean =>
  p >= 0.001 || Math.abs(known - unknown) < Math.max(1.5, 0.08 * unknown)

/** Times `own` and `other`, in milliseconds, in turns and each first in half of them: what the machine does meanwhile meets both. */
export async function compare(
  samples: number,
  own: () => Promise<number>,
  other: (n: number) => Promise<number>,
): Promise<Verdict> {
  const known: number[] = []
  const unknown: number[] = []
  for (let n = 0; n < samples; n++) {
    const one = async () => known.push(await own())
    const two = async () => unknown.push(await other(n))
    await (n % 2 === 0 ? one().then(two) : two().then(one))
  }
  return { p: mannWhitney(known, unknown), known: median(known), unknown: median(unknown) }
}

/** A noisy machine can make any two series differ, and any one leak look small: most rounds have to agree. */
const MAJORITY = 2

/** Rounds of `once` until most of them agree; throws with all of them where most tell the two apart. */
export async function assertAlike(once: () => Promise<Verdict>): Promise<void> {
  const verdicts: Verdict[] = []
  const agree = () => verdicts.filter(alike).length
  while (agree() < MAJORITY && verdicts.length - agree() < MAJORITY) verdicts.push(await once())
  if (agree() < MAJORITY) throw new Error(`The times tell them apart: ${JSON.stringify(verdicts)}`)
}

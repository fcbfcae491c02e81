/** One line of what `miachat doctor` found. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'problem'
  /** One word or two: what was looked at. */
  readonly topic: string
  /** What is so and, where it should be otherwise, what to change. */
  readonly text: string
}

export const ok = (topic: string, text: string): Finding => ({ level: 'ok', topic, text })
export const warning = (topic: string, text: string): Finding => ({ level: 'warning', topic, text })
export const problem = (topic: string, text: string): Finding => ({ level: 'problem', topic, text })

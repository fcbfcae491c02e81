import type { HealthLine } from '@miachat/auth'

/** One line of what `miachat doctor` found, or of the page of an administrator in one language. */
export interface Finding {
  readonly level: HealthLine['level']
  readonly topic: string
  readonly text: string
}

export const ok = (topic: string, text: string): Finding => ({ level: 'ok', topic, text })
export const warning = (topic: string, text: string): Finding => ({ level: 'warning', topic, text })
export const problem = (topic: string, text: string): Finding => ({ level: 'problem', topic, text })

import type { Words } from '../../words/words.ts'

/** By what a device was signed in: "by password". A method that has no words yet is shown as it is called. */
export function methodWords(method: string, { devices }: Words): string {
  const known = Object.entries(devices.methods).find(([name]) => name === method)
  return known?.[1] ?? devices.otherMethod(method.replaceAll('_', ' '))
}

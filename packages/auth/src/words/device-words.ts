import { english, type Words } from './words.ts'

const { named } = english.devices

/** The name of a device, as it is stored in English, in the words of a page: "Firefox auf Linux". */
export function deviceWords(device: string, { devices: { named: say } }: Words): string {
  if (device === named.unknown) return say.unknown
  if (device === named.server) return say.server
  const [, browser, system] = /^(.+) on (\S+(?: \S+)?)$/.exec(device) ?? []
  return browser === undefined || system === undefined ? device : say.on(browser, system)
}

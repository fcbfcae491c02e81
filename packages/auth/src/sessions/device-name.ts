import Bowser from 'bowser'
import { english } from '../words/words.ts'

const { named } = english.devices
const LONGEST = 60
/** More than any browser sends; the patterns take long over long nonsense. */
const LONGEST_READ = 300

/**
 * What a person recognises a device by, in English, as it is stored: "Firefox on Linux". Programs are named by their first word,
 * which has no blank in it.
 */
export function deviceName(userAgent: string): string {
  if (userAgent === '') return named.unknown
  const { browser, os } = Bowser.parse(userAgent.slice(0, LONGEST_READ))
  if (browser.name && os.name) return named.on(browser.name, os.name).slice(0, LONGEST)
  const program = /^[\w.-]+/.exec(userAgent)?.[0]
  return (browser.name || program || named.unknown).slice(0, LONGEST)
}

import Bowser from 'bowser'

const LONGEST = 60
/** More than any browser sends; the patterns take long over long nonsense. */
const LONGEST_READ = 300

/** What a person recognises a device by: "Firefox on Linux". Programs are named by their first word. */
export function deviceName(userAgent: string): string {
  if (userAgent === '') return 'Unknown device'
  const { browser, os } = Bowser.parse(userAgent.slice(0, LONGEST_READ))
  if (browser.name && os.name) return `${browser.name} on ${os.name}`.slice(0, LONGEST)
  const program = /^[\w.-]+/.exec(userAgent)?.[0]
  return (browser.name || program || 'Unknown device').slice(0, LONGEST)
}

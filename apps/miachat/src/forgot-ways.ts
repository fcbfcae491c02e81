import type { AuthOptions } from '@miachat/auth'

/** What this server can do for who forgot the password: exactly what works today. */
export const forgotWays: NonNullable<AuthOptions['forgotWays']> = [
  {
    title: 'Ask the person who runs this server',
    text: 'They can make a link that works once and lets you set a new password. They never see your password. They type:',
    command: 'npx miachat user reset-link NAME',
  },
]

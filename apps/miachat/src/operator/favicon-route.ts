import { route } from '@miachat/auth'

/** Browsers ask for it where a page names no icon: an error of a proxy, a JSON answer. */
export const faviconRoute = route({
  method: 'GET',
  path: '/favicon.ico',
  access: 'open',
  summary: 'Leads to the picture of the site.',
  answers: { 303: 'To the picture.' },
  handle: (exchange) => exchange.redirect('/assets/favicon.svg'),
})

import { type Route, route } from '@miachat/auth'
import { html } from '@miachat/auth/views'
import { type OperatorDeps, operatorRoutes } from './operator/operator-routes.ts'

export interface AppRouteDeps {
  readonly operator: OperatorDeps
}

/** Every URL of the app beside the library's own: closed by default, a row without `access` needs a signed-in person. */
export function appRoutes(deps: AppRouteDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/',
      summary: 'The start page.',
      handle: (exchange) => exchange.page({ title: 'Home', body: html`<h1>Hello, ${exchange.user?.username}</h1>` }),
    }),
    ...operatorRoutes(deps.operator),
  ]
}

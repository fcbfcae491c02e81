import { openApiDocument, type Route, route } from '@miachat/auth'
import { z } from 'zod'
import { apiPage } from './api-page.ts'

/** The API document of all rows and the page that shows it. Both are made when first asked for. */
export function apiDocumentRoutes(baseUrl: string, sessionCookie: string, rows: () => readonly Route[]): Route[] {
  let made: ReturnType<typeof openApiDocument> | null = null
  const document = () => {
    made ??= openApiDocument(
      rows(),
      {
        title: 'MiaChat',
        // Of the interface; which program answers is nobody's business (HDR-02).
        version: '1.0',
        description: 'Everything that this server answers. Programs sign in with the token API under /auth/api/.',
        serverUrl: baseUrl,
      },
      sessionCookie,
    )
    return made
  }
  return [
    route({
      method: 'GET',
      path: '/openapi.json',
      access: 'open',
      summary: 'This document: OpenAPI 3.1, from the schemas that validate requests.',
      answers: { 200: z.looseObject({ openapi: z.string() }) },
      handle: (exchange) => exchange.json(document()),
    }),
    route({
      method: 'GET',
      path: '/docs',
      access: 'guest',
      summary: 'The API document as a page.',
      handle: (exchange) => exchange.page({ title: 'API', room: 'wide', body: apiPage(rows()) }),
    }),
  ]
}

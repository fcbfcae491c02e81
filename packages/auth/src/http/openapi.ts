import { z } from 'zod'
import { errorCodes } from '../lib/errors.ts'
import { answers } from './auth-schemas.ts'
import type { Route } from './route.ts'

export interface ApiInfo {
  readonly title: string
  readonly version: string
  readonly description: string
  readonly serverUrl: string
}

const security: Readonly<Record<Route['access'], object[]>> = {
  session: [{ session: [] }],
  admin: [{ session: [] }],
  bearer: [{ bearer: [] }],
  either: [{ bearer: [] }, { session: [] }],
  guest: [],
  open: [],
}

/** The OpenAPI 3.1 document of a table of routes, from the same schemas that validate. Files are left out. */
export function openApiDocument(rows: readonly Route[], info: ApiInfo, sessionCookie: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const row of rows) {
    if (row.path.includes('/assets/')) continue
    const path = row.path.replace(/:(\w+)/g, '{$1}')
    paths[path] ??= {}
    paths[path][row.method.toLowerCase()] = operation(row)
  }
  return {
    openapi: '3.1.0',
    info: { title: info.title, version: info.version, description: info.description },
    servers: [{ url: info.serverUrl }],
    paths,
    components: {
      schemas: { Problem: schemaOf(answers.problem, 'output') },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: sessionCookie },
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
    'x-error-codes': Object.fromEntries(Object.entries(errorCodes).map(([code, { status }]) => [code, status])),
  }
}

const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }

function operation(row: Route): object {
  const parameters = [...row.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const content = row.body ? { schema: schemaOf(row.body, 'input') } : null
  const listed = Object.keys(row.answers).length > 0 ? row.answers : { 200: 'A page.' }
  return {
    summary: row.summary,
    ...(row.scope === null ? {} : { 'x-token-scope': row.scope }),
    security: security[row.access],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(content
      ? {
          requestBody: {
            required: true,
            content: row.uploads
              ? { 'multipart/form-data': content }
              : { 'application/json': content, 'application/x-www-form-urlencoded': content },
          },
        }
      : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(listed).map(([status, answer]) => [
          status,
          typeof answer === 'string'
            ? { description: answer, ...(Number(status) >= 400 ? { content: problem } : {}) }
            : { description: 'Done.', content: contentOf(status, answer) },
        ]),
      ),
      default: {
        description: 'A problem document (RFC 9457).',
        content: problem,
      },
    },
  }
}

/** A row that refuses in words of its own still answers what cannot be read at all with a problem document. */
function contentOf(status: string, answer: z.ZodType): object {
  const own = { 'application/json': { schema: schemaOf(answer, 'output') } }
  return Number(status) >= 400 ? { ...own, ...problem } : own
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...document } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return document
}

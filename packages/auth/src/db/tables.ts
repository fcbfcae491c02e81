import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type Expression,
  Kysely,
  type LimitNode,
  type OperationNode,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  ValueNode,
} from 'kysely'
import type { Connection, DatabaseKind, Execute } from './connection.ts'

/** A query that was compiled once and is run with values (the hot path; building one costs more than running it). */
export interface Statement<Values, Row> {
  all(values: Values): Promise<Row[]>
  first(values: Values): Promise<Row | undefined>
}

/** A typed view of a connection: `Schema` names the tables that the caller knows. */
export interface Database<Schema> {
  readonly kind: DatabaseKind
  readonly read: Kysely<Schema>
  transaction<R>(work: (trx: Kysely<Schema>) => Promise<R>): Promise<R>
  /**
   * Compiles a reading query once. `param('name')` stands where `values.name` will be:
   * `db.statement<{ id: number }, User>((q, param) => q.selectFrom('users').selectAll().where('id', '=', param('id')))`
   */
  statement<Values extends object, Row>(
    build: (read: Kysely<Schema>, param: Param<Values>) => { compile(): CompiledQuery<Row> },
  ): Statement<Values, Row>
}

export type Param<Values> = <Name extends keyof Values & string>(name: Name) => Expression<Values[Name]>

class Placeholder {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

class ParamExpression<T> implements Expression<T> {
  readonly #name: string
  constructor(name: string) {
    this.#name = name
  }
  get expressionType(): T | undefined {
    return undefined
  }
  toOperationNode(): OperationNode {
    return ValueNode.create(new Placeholder(this.#name))
  }
}

export function tables<Schema>(connection: Connection): Database<Schema> {
  const read = builder<Schema>(connection.kind, connection.read)
  return {
    kind: connection.kind,
    read,
    transaction: (work) => connection.transaction((execute) => work(builder<Schema>(connection.kind, execute))),
    statement<Values extends object, Row>(
      build: (read: Kysely<Schema>, param: Param<Values>) => { compile(): CompiledQuery<Row> },
    ): Statement<Values, Row> {
      const compiled = build(read, (name) => new ParamExpression(name)).compile()
      const all = async (values: Values): Promise<Row[]> => {
        const byName = new Map<string, unknown>(Object.entries(values))
        const parameters = compiled.parameters.map((p) => (p instanceof Placeholder ? byName.get(p.name) : p))
        const { rows } = await connection.read({ sql: compiled.sql, parameters })
        return rowsOf<Row>(rows)
      }
      return { all, first: async (values) => (await all(values))[0] }
    },
  }
}

/**
 * Writes LIMIT as a figure. SQLite looks at the value of a bound LIMIT when it plans, so it plans the statement anew at each
 * run: that made a list of seven rows four times as slow.
 */
class PlainLimitCompiler extends SqliteQueryCompiler {
  protected override visitLimit({ limit }: LimitNode): void {
    if (!ValueNode.is(limit) || !Number.isSafeInteger(limit.value)) {
      throw new TypeError('A limit is a whole number that is known when the query is built.')
    }
    this.append(`limit ${limit.value}`)
  }
}

/** One statement for each limit that is asked for; callers ask for a few constants. */
export function byLimit<S>(make: (most: number) => S): (most: number) => S {
  const made = new Map<number, S>()
  return (most) => {
    const statement = made.get(most) ?? make(most)
    made.set(most, statement)
    return statement
  }
}

/** A Kysely whose queries all go to `execute`. */
function builder<Schema>(kind: DatabaseKind, execute: Execute): Kysely<Schema> {
  const single: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery) {
      const { rows, ...rest } = await execute(query)
      return { ...rest, rows: rowsOf<R>(rows) }
    },
    streamQuery() {
      throw new Error('Streaming is not used: page instead.')
    },
  }
  const refuse = async () => {
    throw new Error('Use db.transaction(work).')
  }
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => single,
    releaseConnection: async () => {},
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    destroy: async () => {},
  }
  return kind === 'sqlite'
    ? new Kysely<Schema>({
        dialect: {
          createAdapter: () => new SqliteAdapter(),
          createDriver: () => driver,
          createIntrospector: (db) => new SqliteIntrospector(db),
          createQueryCompiler: () => new PlainLimitCompiler(),
        },
      })
    : new Kysely<Schema>({
        dialect: {
          createAdapter: () => new PostgresAdapter(),
          createDriver: () => driver,
          createIntrospector: (db) => new PostgresIntrospector(db),
          createQueryCompiler: () => new PostgresQueryCompiler(),
        },
      })
}

/** The database's rows are typed by the query that asked for them: the one place where we take its word. */
function rowsOf<R>(rows: readonly unknown[]): R[]
function rowsOf(rows: readonly unknown[]): unknown[] {
  return [...rows]
}

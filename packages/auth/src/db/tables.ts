import type { CompiledQuery, Expression, Kysely, OperationNode } from 'kysely'
import type { Connection, DatabaseKind } from './connection.ts'
import { kysely, queryBuilder, rowsOf } from './query-builder.ts'

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
  /** A reading query without values: what a start asks, before the query builder is loaded. */
  plain<Row>(sql: string): Promise<Row[]>
  /**
   * Compiles a reading query once, when it is first run. `param('name')` stands where `values.name` will be:
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
    return kysely().ValueNode.create(new Placeholder(this.#name))
  }
}

export function tables<Schema>(connection: Connection): Database<Schema> {
  let read: Kysely<Schema> | null = null
  const reading = (): Kysely<Schema> => {
    read ??= queryBuilder<Schema>(connection.kind, connection.read)
    return read
  }
  return {
    kind: connection.kind,
    get read() {
      return reading()
    },
    transaction: (work) => connection.transaction((execute) => work(queryBuilder<Schema>(connection.kind, execute))),
    async plain<Row>(sql: string): Promise<Row[]> {
      const { rows } = await connection.read({ sql, parameters: [] })
      return rowsOf<Row>(rows)
    },
    statement<Values extends object, Row>(
      build: (read: Kysely<Schema>, param: Param<Values>) => { compile(): CompiledQuery<Row> },
    ): Statement<Values, Row> {
      let compiled: CompiledQuery<Row> | null = null
      const all = async (values: Values): Promise<Row[]> => {
        compiled ??= build(reading(), (name) => new ParamExpression(name)).compile()
        const byName = new Map<string, unknown>(Object.entries(values))
        const parameters = compiled.parameters.map((p) => (p instanceof Placeholder ? byName.get(p.name) : p))
        const { rows } = await connection.read({ sql: compiled.sql, parameters })
        return rowsOf<Row>(rows)
      }
      return { all, first: async (values) => (await all(values))[0] }
    },
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

export type Row = Record<string, unknown>
export type Database = { query(sql: string, values: unknown[]): Promise<Row[]> }

let current: Database | undefined

export function use(database: Database) {
  current = database
}

export function database(): Database {
  if (!current) throw new Error('no database was given')
  return current
}

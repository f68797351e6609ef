/** What a request may know about who sent it. Taken from the session, never from the request. */
export interface Context {
  organizationId: string;
  userId: string;
  requestId: string;
  correlationId: string;
  db: Database;
}

export interface Database {
  query<Row>(sql: string, values: unknown[]): Promise<Row[]>;
  /** Runs `work` in one transaction in which row-level security sees the context's organization. */
  transaction<T>(work: (db: Database) => Promise<T>): Promise<T>;
}

/** An error that the API shows, by the key of its text in `locales/en.json`. */
export class ShopError extends Error {
  constructor(
    readonly status: number,
    readonly key: string,
  ) {
    super(key);
  }
}

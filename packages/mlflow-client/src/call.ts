/** Parameters of an address; a list is one parameter for each of its texts. */
export type Query = Readonly<Record<string, string | number | readonly string[] | undefined | null>>;

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the server's root, escaped: `/api/2.0/mlflow/runs/get`. */
  readonly path: string;
  readonly query?: Query;
  readonly json?: unknown;
  /** `never` for what would happen twice; it is then repeated after 429 alone, which says that nothing was done. */
  readonly repeat?: 'never';
  readonly signal?: AbortSignal | undefined;
}

/** A file on its way to the server. */
export interface Upload {
  readonly path: string;
  readonly body: AsyncIterable<Uint8Array>;
  readonly bytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** The parameters that have a value, as texts. */
export const writeQuery = (query: Query): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => {
      if (value === undefined || value === null) return [];
      return [[name, typeof value === 'object' ? [...value] : String(value)]];
    }),
  );

/** A body as JSON: 64-bit integers as Protocol Buffers write them. */
export const writeJson = (body: unknown): string =>
  JSON.stringify(body, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

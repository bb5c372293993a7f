/** What {@link pgvectorIndex} says to the server. */
export interface Statements {
  readonly create: readonly string[]
  /** $1 partition, $2 id, $3 vector, $4 its length. One row: `dims`, the length of the partition's vectors before. */
  readonly add: string
  /** $1 partition, $2 vector, $3 how many. Rows: `id`, `similarity`. */
  readonly search: string
  /** $1 partition, $2 id. A row for the one that is gone. */
  readonly remove: string
  /** $1 partition. */
  readonly clear: string
  /** $1 milliseconds. */
  readonly prune: string
}

/** @param table a name that needs no escaping, perhaps with its schema. */
export function pgvectorStatements(table: string, dimensions: number | undefined): Statements {
  const name = table.split('.').map(quoted).join('.')
  const type = dimensions === undefined ? 'vector' : `vector(${dimensions})`
  const byAge = quoted(`${table.split('.').at(-1)}_by_age`)
  return {
    create: [
      `CREATE TABLE IF NOT EXISTS ${name} (partition text NOT NULL, id text NOT NULL, embedding ${type} NOT NULL, ` +
        'added_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (partition, id))',
      `CREATE INDEX IF NOT EXISTS ${byAge} ON ${name} (added_at)`,
    ],
    // The partition's first vector decides on the length of all: what does not fit is not put.
    add:
      `WITH other AS (SELECT vector_dims(embedding) AS dims FROM ${name} WHERE partition = $1 LIMIT 1), ` +
      `put AS (INSERT INTO ${name} (partition, id, embedding) SELECT $1, $2, $3::vector ` +
      'WHERE NOT EXISTS (SELECT 1 FROM other WHERE dims <> $4::integer) ' +
      'ON CONFLICT (partition, id) DO UPDATE SET embedding = excluded.embedding, added_at = excluded.added_at) ' +
      'SELECT (SELECT dims FROM other) AS dims',
    // `similarity` is double precision: clients read it as a number.
    search:
      `SELECT id, 1 - (embedding <=> $2::vector) AS similarity FROM ${name} WHERE partition = $1 ` +
      'ORDER BY embedding <=> $2::vector LIMIT $3::integer',
    remove: `DELETE FROM ${name} WHERE partition = $1 AND id = $2 RETURNING 1 AS gone`,
    clear: `DELETE FROM ${name} WHERE partition = $1`,
    prune: `DELETE FROM ${name} WHERE added_at < now() - $1::double precision * interval '1 millisecond'`,
  }
}

const quoted = (name: string): string => `"${name}"`

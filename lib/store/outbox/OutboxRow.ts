/** What identifies a row of an outbox, and orders it: by the transaction that inserted it, then by its id. */
export interface OutboxKey {
  /** The number of the transaction that inserted the row. */
  readonly xid: string;
  /** The id of the row. */
  readonly id: string;
}

/**
 * A row of an outbox. Every value is the text that PostgreSQL shows for it (`value::text`), whatever parsers the client
 * has; `null` is NULL.
 * @see node_modules/rx-event-broker/docs/sources/outbox.md
 */
export type OutboxRow<Column extends string = string> = OutboxKey & Readonly<Record<Column, string | null>>;

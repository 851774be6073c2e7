/**
 * A row of an outbox. Every value is the text that PostgreSQL shows for it (`value::text`), whatever parsers the client
 * has; `null` is NULL.
 * @see node_modules/rx-event-broker/docs/sources/outbox.md
 */
export type OutboxRow<Column extends string = string> = {
  /** The id of the row, in decimal digits. A receiver can deduplicate by it. */
  readonly id: string;
} & Readonly<Record<Column, string | null>>;

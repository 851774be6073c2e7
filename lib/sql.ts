export { ReplayRunningError } from './store/parking/ReplayRunningError.js';
export { sqlParking, type SqlParkingOptions } from './store/parking/sqlParking.js';
export { UnsettledRowsError } from './store/outbox/UnsettledRowsError.js';
export { OutboxTableError } from './store/outbox/OutboxTableError.js';
export type { OutboxRow } from './store/outbox/OutboxRow.js';
export { outboxSource } from './store/outbox/outboxSource.js';
export type { OutboxSourceOptions } from './store/outbox/OutboxSourceOptions.js';
export {
  ColumnValueError,
  CommitRefusedError,
  FencedError,
  SchemaVersionError,
  TableColumnsError,
} from './store/sql/errors.js';
export { sqlBlockStore, type SqlBlockStore, type SqlBlockStoreOptions } from './store/sql/sqlBlockStore.js';
export type { SqlClient } from './store/sql/SqlClient.js';
export { tableWriter, type TableWriterOptions } from './store/sql/tableWriter.js';

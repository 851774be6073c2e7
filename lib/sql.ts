export { ColumnValueError } from './store/sql/ColumnValueError.js';
export { CommitRefusedError } from './store/sql/CommitRefusedError.js';
export { SchemaVersionError } from './store/sql/SchemaVersionError.js';
export { sqlBlockStore, type SqlBlockStoreOptions } from './store/sql/sqlBlockStore.js';
export type { SqlClient } from './store/sql/SqlClient.js';
export { TableColumnsError } from './store/sql/TableColumnsError.js';
export { tableWriter, type TableWriterOptions } from './store/sql/tableWriter.js';

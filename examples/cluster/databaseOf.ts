import { join } from 'node:path';

/** The arguments of `openDatabase` for a partition. All partitions share PostgreSQL, but each has its own PGlite. */
export const databaseOf = (
  url: string | undefined,
  directory: string,
  partition: number,
): readonly [url: string | undefined, directory: string] => [url, join(directory, `partition-${partition}`)];

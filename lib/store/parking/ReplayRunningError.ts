import { seeDocs } from '../../event/seeDocs.js';
import { escaped } from '../../event/shown.js';

/**
 * Another connection is replaying the same table of parked events. Two replays at a time would deliver events twice.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#replayrunningerror
 */
export class ReplayRunningError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'ReplayRunningError';
  /** The table, as given in the options. */
  readonly table: string;

  constructor(table: string) {
    super(
      seeDocs(
        'ReplayRunningError',
        `table ${escaped(table)}: another connection is replaying it; try again when that replay has ended`,
      ),
    );
    this.table = table;
  }
}

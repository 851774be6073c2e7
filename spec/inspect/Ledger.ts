import type { InspectRecord } from 'rx-event-broker/inspect';
import type { Tally } from 'rx-event-broker';

const NOTHING: Tally = { offered: 0, delivered: 0, failed: 0, dropped: 0, skipped: 0, pending: 0 };

/** The tallies of all subscribers, as they follow from the records alone. It throws at a record that does not fit. */
export class Ledger {
  readonly tallies = new Map<number, Tally>();

  add({ kind, subscriber, count = 1, backlog, ...more }: InspectRecord): void {
    if (subscriber === undefined) return;
    const before = this.tallies.get(subscriber.key) ?? NOTHING;
    const after = { ...before };
    switch (kind) {
      case 'offered':
        after.offered += count;
        after.pending += count;
        break;
      case 'skipped':
        after.offered += count;
        after.skipped += count;
        break;
      case 'ended':
        after.delivered += count;
        after.pending -= count;
        break;
      case 'failed':
        after.failed += count;
        after.pending -= count;
        break;
      case 'dropped':
      case 'superseded':
        after.dropped += count;
        after.pending -= count;
        break;
      default:
    }
    this.tallies.set(subscriber.key, after);
    if (backlog !== after.pending || after.pending < 0)
      throw new Error(
        `${kind} of ${subscriber.name}: a backlog of ${backlog} where ${after.pending} are pending (${JSON.stringify(more)})`,
      );
  }
}

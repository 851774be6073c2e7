import type { SchedulerLike } from 'rxjs';
import type { FlowTap } from './FlowTap.js';

/**
 * Records what happens in an operator: its option `inspect`. Made by `inspector` of `rx-event-broker/inspect`.
 * @see node_modules/rx-event-broker/docs/finding-what-is-stuck.md
 */
export interface Inspector {
  /** Stops recording, and hands over the remaining records. */
  stop(): void;
  /** Called by an operator when it is subscribed to: its kind, the name that the user gave it, and its clock. */
  opened<E>(of: 'backpressure' | 'fanOut', name: string | undefined, clock: SchedulerLike): FlowTap<E>;
}

import type { SchedulerLike } from 'rxjs';
import type { FlowTap } from './FlowTap.js';

/**
 * Records what happens: the option `inspect` of operators. Made by `inspector` of `rx-event-broker/inspect`.
 * @see node_modules/rx-event-broker/docs/finding-what-is-stuck.md
 */
export interface Inspector {
  /** Records nothing more, and hands over what is left. */
  stop(): void;
  /** Called by an operator when it begins: what it is, its name if it was given one, and its clock. */
  opened<E>(of: 'backpressure' | 'fanOut', name: string | undefined, clock: SchedulerLike): FlowTap<E>;
}

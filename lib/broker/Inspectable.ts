import type { SchedulerLike } from 'rxjs';
import type { FlowTap } from '../flow/contract/FlowTap.js';

/** The key under which a broker has its `Inspectable`. All copies of the package share it. */
export const INSPECTABLE = Symbol.for('rx-event-broker.inspectable');

/** What `inspect` uses of a broker. */
export interface Inspectable<E> {
  readonly scheduler: SchedulerLike;
  readonly dispatcher: {
    readonly routes: { readonly sent: number };
    readonly call: { readonly place: number };
    later(then: () => void): void;
  };
  readonly notices: { readonly tap: FlowTap<E> | undefined; readonly hasEnded: boolean };
  /** Lets `tap` see the present and all later subscribers; `undefined` ends that. Not to be called during a dispatch. */
  inspect(tap: FlowTap<E> | undefined): void;
}

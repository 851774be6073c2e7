import type { SchedulerLike } from 'rxjs';
import type { FlowTap } from '../flow/contract/FlowTap.js';

/** Where a broker has what can be inspected. The same in every copy of the package. */
export const INSPECTABLE = Symbol.for('rx-event-broker.inspectable');

/** A broker, as it is inspected: its subscribers. */
export interface Inspectable<E> {
  readonly scheduler: SchedulerLike;
  readonly dispatcher: {
    readonly routes: { readonly sent: number };
    readonly call: { readonly place: number };
    later(then: () => void): void;
  };
  readonly notices: { readonly tap: FlowTap<E> | undefined; readonly hasEnded: boolean };
  /** Lets `tap` see all subscribers, now and from now on; nobody, if there is none. Nobody may be being called. */
  inspect(tap: FlowTap<E> | undefined): void;
}

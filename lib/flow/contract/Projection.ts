import type { ObservableInput } from 'rxjs';
import type { Signal } from './Signal.js';

/** The work on a value, whose results are emitted. */
export type Projection<T, R> =
  | {
      /** The work on a value; its results are emitted. The next value waits for its completion. */
      readonly project: (value: T) => ObservableInput<R>;
      /**
       * Whether `project` gets an `AbortSignal`, for work that a signal stops, such as `fetch` (promise B15). Default
       * `false`: a signal costs a microsecond for each delivery.
       * @see node_modules/rx-event-broker/docs/asynchronous.md#cancelling
       */
      readonly abortable?: false;
    }
  | {
      /** The work on a value, until `signal` is aborted; its results are emitted. The next value waits for its completion. */
      readonly project: (value: T, signal: Signal) => ObservableInput<R>;
      /** `project` gets a signal: it is aborted by `failAfter`, and when the result is unsubscribed. */
      readonly abortable: true;
    };

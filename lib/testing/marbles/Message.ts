import type { ObservableNotification } from 'rxjs';

/** What happened at one time of virtual milliseconds: RxJS's own `TestMessage`, which it does not export. */
export interface Message<T = unknown> {
  readonly frame: number;
  readonly notification: ObservableNotification<T>;
}

/** A value, as a message. */
export const nextAt = <T>(frame: number, value: T): Message<T> => ({ frame, notification: { kind: 'N', value } });

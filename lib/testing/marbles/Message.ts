import type { ObservableNotification, Observer } from 'rxjs';

/** What happened at one time of virtual milliseconds: RxJS's own `TestMessage`, which it does not export. */
export interface Message<T = unknown> {
  readonly frame: number;
  readonly notification: ObservableNotification<T>;
}

/** A value, as a message. */
export const nextAt = <T>(frame: number, value: T): Message<T> => ({ frame, notification: { kind: 'N', value } });

/** Tells an observer what happened. */
export const emit = <T>(notification: ObservableNotification<T>, observer: Observer<T>): void => {
  if (notification.kind === 'N') observer.next(notification.value);
  else if (notification.kind === 'E') observer.error(notification.error);
  else observer.complete();
};

import type { ObservableNotification, Observer } from 'rxjs';

/** What happens at a frame, in virtual ms. RxJS has the same type, but does not export it. */
export interface TestMessage<T = unknown> {
  readonly frame: number;
  readonly notification: ObservableNotification<T>;
}

/** A value, as a message. */
export const nextAt = <T>(frame: number, value: T): TestMessage<T> => ({ frame, notification: { kind: 'N', value } });

/** Sends a notification to an observer. */
export const emit = <T>(notification: ObservableNotification<T>, observer: Observer<T>): void => {
  if (notification.kind === 'N') observer.next(notification.value);
  else if (notification.kind === 'E') observer.error(notification.error);
  else observer.complete();
};

/** The error among the arguments of a call. RxJS ignores an error that is falsy; this does not. */
export const errorIn = (args: readonly unknown[], index: number): unknown =>
  args.length > index ? args[index] : 'error';

/** Replaces the error of `#` in messages that the caller has just parsed. */
export const withError = <M extends readonly TestMessage[]>(messages: M, error: unknown): M => {
  for (const message of messages as unknown as { notification: TestMessage['notification'] }[])
    if (message.notification.kind === 'E') message.notification = { kind: 'E', error };
  return messages;
};

/** When a source was subscribed to and unsubscribed from, in frames: the format of RxJS's test sources. */
export interface SubscriptionTimes {
  /** The frame of the subscription. */
  readonly subscribedFrame: number;
  /** The frame of the end; `Infinity` if it never ended. */
  readonly unsubscribedFrame: number;
}

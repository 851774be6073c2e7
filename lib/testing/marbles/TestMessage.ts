import type { ObservableNotification, Observer } from 'rxjs';

/** A notification at a frame, in virtual ms. RxJS does not export its own type. */
export interface TestMessage<T = unknown> {
  readonly frame: number;
  readonly notification: ObservableNotification<T>;
}

export const nextAt = <T>(frame: number, value: T): TestMessage<T> => ({ frame, notification: { kind: 'N', value } });

/** Sends a notification to an observer. */
export const emit = <T>(notification: ObservableNotification<T>, observer: Observer<T>): void => {
  if (notification.kind === 'N') observer.next(notification.value);
  else if (notification.kind === 'E') observer.error(notification.error);
  else observer.complete();
};

/** The error among the arguments of a call. RxJS would ignore a falsy error. */
export const errorIn = (args: readonly unknown[], index: number): unknown =>
  args.length > index ? args[index] : 'error';

/** Replaces the error of `#`, in place. */
export const withError = <M extends readonly TestMessage[]>(messages: M, error: unknown): M => {
  for (const message of messages as unknown as { notification: TestMessage['notification'] }[])
    if (message.notification.kind === 'E') message.notification = { kind: 'E', error };
  return messages;
};

/** When a source was subscribed and unsubscribed, in frames. The test sources of RxJS use the same format. */
export interface SubscriptionTimes {
  /** The frame of the subscription. */
  readonly subscribedFrame: number;
  /** The frame of the unsubscription, or `Infinity`. */
  readonly unsubscribedFrame: number;
}

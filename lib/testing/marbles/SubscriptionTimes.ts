/** When a source was subscribed to and unsubscribed from, in frames: the format of RxJS's test sources. */
export interface SubscriptionTimes {
  /** The frame of the subscription. */
  readonly subscribedFrame: number;
  /** The frame of the end; `Infinity` if it never ended. */
  readonly unsubscribedFrame: number;
}

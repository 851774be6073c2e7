/** When a source was subscribed, and when it was let go (`Infinity`: never): what RxJS's test sources take down. */
export interface SubscriptionTimes {
  readonly subscribedFrame: number;
  readonly unsubscribedFrame: number;
}

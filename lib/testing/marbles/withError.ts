import type { Message } from './Message.js';

/** The error among the arguments of a call: RxJS takes `undefined`, `null` and all that is falsy for "none given". */
export const errorIn = (args: readonly unknown[], index: number): unknown =>
  args.length > index ? args[index] : 'error';

/** Puts `error` where a diagram has `#`. The messages are those of the caller, just parsed. */
export const withError = <M extends readonly Message[]>(messages: M, error: unknown): M => {
  for (const message of messages as unknown as { notification: Message['notification'] }[])
    if (message.notification.kind === 'E') message.notification = { kind: 'E', error };
  return messages;
};

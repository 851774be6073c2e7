/**
 * What every response of events has. `no-store`: nobody keeps it. `no-transform`: nobody gathers it to compress it.
 * `x-accel-buffering`: nginx passes it on as it comes.
 */
export const sseHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};

/** Whether a `content-type` is that of event streams. */
export const isEventStream = (contentType: unknown): boolean => /^text\/event-stream\b/i.test(String(contentType));

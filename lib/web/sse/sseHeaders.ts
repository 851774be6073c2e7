/**
 * The headers of an event stream. `no-store`: no cache keeps it. `no-transform`: no proxy buffers it for compression.
 * `x-accel-buffering`: nginx does not buffer it.
 */
export const sseHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};

/** Whether a `content-type` is `text/event-stream`. */
export const isEventStream = (contentType: unknown): boolean => /^text\/event-stream\b/i.test(String(contentType));

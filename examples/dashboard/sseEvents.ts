/** An event of a stream of Server-Sent Events. */
export interface SseEvent {
  readonly type: string;
  readonly data: string;
  readonly lastEventId: string;
}

/** Reads a stream at its own pace, unlike an `EventSource`, which reads everything immediately. For browsers and Node. */
export async function* sseEvents(url: string, signal: AbortSignal): AsyncGenerator<SseEvent> {
  const { body } = await fetch(url, { signal });
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const frames = (rest + value).split('\n\n');
    rest = frames.pop()!;
    for (const frame of frames) {
      const fields = new Map(frame.split('\n').map(line => line.split(/: (.*)/s) as [string, string]));
      const [type, data, lastEventId = ''] = ['event', 'data', 'id'].map(name => fields.get(name));
      if (type !== undefined && data !== undefined) yield { type, data, lastEventId };
    }
  }
}

import type { ClientLink, LinkEvents } from '../client/ClientLink.js';
import { SlicedWriter } from './SlicedWriter.js';
import { SSE_COMMENT } from './sseFrame.js';

/** The body has room while fewer bytes than this wait to be pulled. */
const MOST_BYTES = 16_384;

/**
 * The body of a fetch response. Each pull takes one slice. So the bytes that were not pulled are those that the client has not
 * read.
 */
export const pulledBody = (): {
  readonly stream: ReadableStream<Uint8Array>;
  readonly link: (greeting: string) => ClientLink<string>;
} => {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let events: LinkEvents | undefined;
  let phase: 'open' | 'ending' | 'over' = 'open';
  const over = (): void => {
    phase = 'over';
    events?.left();
  };
  const closeIfEmpty = (): void => {
    if (phase !== 'ending' || writer.unsent > 0) return;
    controller?.close();
    over();
  };
  const writer: SlicedWriter = new SlicedWriter(bytes => {
    controller?.enqueue(bytes);
    return false;
  }, false);
  const stream = new ReadableStream<Uint8Array>(
    {
      start: opened => {
        controller = opened;
      },
      pull: () => {
        if (phase === 'over') return;
        writer.drained();
        events?.drained();
        closeIfEmpty();
      },
      cancel: over,
    },
    // nothing is pulled before the client reads
    { highWaterMark: 0 },
  );
  const write = (text: string): void => {
    if (phase === 'open') writer.write(text);
  };
  return {
    stream,
    link: greeting => ({
      open: opened => {
        events = opened;
        write(greeting);
        if (phase === 'over') opened.left();
      },
      get hasRoom() {
        return writer.unsent < MOST_BYTES;
      },
      get unsent() {
        return phase === 'over' ? 0 : writer.unsent;
      },
      write,
      beat: () => {
        if (writer.unsent < MOST_BYTES) write(SSE_COMMENT);
      },
      end: () => {
        if (phase === 'open') phase = 'ending';
        closeIfEmpty();
      },
      cut: () => {
        if (phase === 'over') return;
        phase = 'over';
        controller?.error(new Error('the stream was closed by the server'));
      },
    }),
  };
};

import { OptionError } from '../../flow/contract/OptionError.js';
import type { ClientLink } from '../client/ClientLink.js';
import type { NodeResponse } from './NodeResponse.js';
import { SSE_COMMENT } from './sseFrame.js';
import { isEventStream, sseHeaders } from './sseHeaders.js';
import { SlicedWriter } from './SlicedWriter.js';

/** A connection over a response of Node. Throws `OptionError` if the response has ended, or has headers of another type. */
export const nodeLink = (response: NodeResponse, greeting: string): ClientLink<string> => {
  if (response.writableEnded) throw new OptionError('response', 'a response that is not ended', response);
  const contentType = response.getHeader('content-type');
  if (response.headersSent && contentType !== undefined && !isEventStream(contentType))
    throw new OptionError(
      'response',
      'the content-type text/event-stream in the headers, which were already sent',
      contentType,
    );
  const writer = new SlicedWriter(bytes => {
    const hasRoom = response.write(bytes);
    flush(response);
    return hasRoom;
  });

  return {
    open: ({ drained, left, run }) => {
      // never removed, because a compression middleware does not support removing a listener of `drain`
      response.on('drain', () =>
        run(() => {
          writer.drained();
          drained();
        }),
      );
      response.on('close', left);
      response.on('error', left);
      // an HTTP/2 stream that the client has closed stays open, and keeps its buffer, while it is full
      response.stream?.on('aborted', () => run(() => response.destroy()));
      response.stream?.on('aborted', left);
      if (isGone(response)) {
        response.destroy();
        left();
        return;
      }
      if (!response.headersSent) {
        for (const [name, value] of Object.entries(sseHeaders)) {
          const isOurs = name === 'content-type' || !response.hasHeader(name);
          if (isOurs) response.setHeader(name, value);
        }
      }
      writer.write(greeting);
    },
    get hasRoom() {
      return writer.hasRoom;
    },
    get unsent() {
      return writer.unsent + (response.writableLength ?? 0);
    },
    write: frame => writer.write(frame),
    beat: () => {
      if (writer.hasRoom) writer.write(SSE_COMMENT);
    },
    end: () => {
      if (isGone(response)) return;
      writer.flush();
      response.end();
    },
    cut: () => {
      response.destroy();
    },
  };
};

/** An HTTP/2 response has no `destroyed` of its own, but its stream has. */
const isGone = ({ destroyed, stream }: NodeResponse): boolean =>
  destroyed === true || stream?.destroyed === true || stream?.closed === true;

/** Calls the `flush` that compression middleware adds. Its inherited namesake in old versions of Node does something else. */
const flush = (response: NodeResponse): void => {
  if (!Object.hasOwn(response, 'flush')) return;
  (response as { readonly flush?: () => void }).flush?.();
};

import { OptionError } from '../../flow/contract/OptionError.js';
import type { ClientLink } from '../client/ClientLink.js';
import type { NodeResponse } from './NodeResponse.js';
import { SSE_COMMENT } from './sseFrame.js';
import { isEventStream, sseHeaders } from './sseHeaders.js';
import { SlicedWriter } from './SlicedWriter.js';

/** Writes to a response of Node. Throws `OptionError` if nothing can be written to it any more. */
export const nodeLink = (response: NodeResponse, greeting: string): ClientLink<string> => {
  if (response.writableEnded) throw new OptionError('response', 'a response that is not ended', response);
  const contentType = response.getHeader('content-type');
  if (response.headersSent && contentType !== undefined && !isEventStream(contentType))
    throw new OptionError('response', 'headers that are not sent yet, or text/event-stream', contentType);
  const writer = new SlicedWriter(bytes => {
    const hasRoom = response.write(bytes);
    flush(response);
    return hasRoom;
  });

  return {
    open: ({ drained, left, run }) => {
      // for all its life: a middleware that compresses cannot remove a listener of `drain`
      response.on('drain', () =>
        run(() => {
          writer.drained();
          drained();
        }),
      );
      response.on('close', left);
      response.on('error', left);
      // a stream of HTTP/2 that the client has closed stays open while it is full, and keeps what was written
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

/** A response of HTTP/2 has no `destroyed`: its stream has. */
const isGone = ({ destroyed, stream }: NodeResponse): boolean =>
  destroyed === true || stream?.destroyed === true || stream?.closed === true;

/** A middleware that compresses adds it, to send what it has gathered. The one that old Nodes have does something else. */
const flush = (response: NodeResponse): void => {
  if (!Object.hasOwn(response, 'flush')) return;
  (response as { readonly flush?: () => void }).flush?.();
};

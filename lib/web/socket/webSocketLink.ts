import { Subscription, type SchedulerLike } from 'rxjs';
import { after } from '../../flow/clock.js';
import type { ClientLink, LinkEvents } from '../client/ClientLink.js';
import type { WebSocketLike } from './WebSocketLike.js';

/** A WebSocket message: text or bytes. */
export type SocketMessage = string | ArrayBuffer | ArrayBufferView;

/** How often a full socket is polled for room, in ms. Sockets have no event for that. */
const POLL_EVERY = 20;

const CONNECTING = 0;
const OPEN = 1;
/** The close code for the end of a subscriber (RFC 6455, section 7.4.1). */
const GOING_AWAY = 1001;
const NORMAL = 1000;

/** A connection over a WebSocket. It has room while the socket buffers fewer than `most` bytes. */
export const webSocketLink = (
  socket: WebSocketLike,
  most: number,
  scheduler: SchedulerLike,
): ClientLink<SocketMessage> => {
  const buffered = (): number => socket.getBufferedAmount?.() ?? socket.bufferedAmount ?? 0;
  const hasRoom = (): boolean => socket.readyState === OPEN && buffered() < most;
  const send = socket.send.bind(socket) as (data: SocketMessage) => unknown;
  let events: LinkEvents | undefined;
  let poll = Subscription.EMPTY;
  /** Messages written while the socket was connecting: at most one event, and the gap before it. */
  let early: SocketMessage[] = [];

  const leave = (): void => {
    poll.unsubscribe();
    events?.left();
  };
  const pollForRoom = (): void => {
    if (!poll.closed || hasRoom()) return;
    poll = after(scheduler, POLL_EVERY, () => {
      poll = Subscription.EMPTY;
      events?.run(() => {
        if (socket.readyState > OPEN) leave();
        else if (hasRoom()) begin();
        else pollForRoom();
      });
    });
  };
  /** The socket has room: sends the early messages first. */
  const begin = (): void => {
    const waiting = early;
    early = [];
    for (const message of waiting) write(message);
    if (hasRoom()) events?.drained();
    else pollForRoom();
  };
  const write = (message: SocketMessage): void => {
    if (socket.readyState === CONNECTING) early.push(message);
    else if (socket.readyState === OPEN) {
      // Bun has dropped the message, and the client would not know about that gap
      if (send(message) === 0 && socket.getBufferedAmount !== undefined) cut();
    } else leave();
    pollForRoom();
  };
  const cut = (): void => {
    poll.unsubscribe();
    if (socket.terminate === undefined) socket.close();
    else socket.terminate();
    leave();
  };

  return {
    open: opened => {
      events = opened;
      socket.addEventListener?.('open', () => opened.run(begin));
      socket.addEventListener?.('close', leave);
      socket.addEventListener?.('error', leave);
      if (socket.readyState > OPEN) leave();
      else pollForRoom();
    },
    get hasRoom() {
      return hasRoom();
    },
    awaitRoom: pollForRoom,
    get unsent() {
      return socket.readyState > OPEN + 1 ? 0 : buffered();
    },
    write,
    beat: () => {
      if (socket.readyState > OPEN) leave();
      else if (hasRoom()) socket.ping?.();
    },
    end: () => {
      poll.unsubscribe();
      try {
        socket.close(GOING_AWAY, 'closed by the server');
      } catch {
        // WebSockets with the browser's interface, such as those of Deno, accept only this code of the RFC
        socket.close(NORMAL, 'closed by the server');
      }
    },
    cut,
  };
};

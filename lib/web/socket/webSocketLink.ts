import { Subscription, type SchedulerLike } from 'rxjs';
import { after } from '../../flow/clock.js';
import type { ClientLink, LinkEvents } from '../client/ClientLink.js';
import type { WebSocketLike } from './WebSocketLike.js';

/** A message: a text, or bytes. */
export type SocketMessage = string | ArrayBuffer | ArrayBufferView;

/** Nobody tells when a socket has room again, so it is asked, in ms. */
const POLL_EVERY = 20;

const CONNECTING = 0;
const OPEN = 1;
/** The server goes away, or the subscriber was closed (RFC 6455, section 7.4.1). */
const GOING_AWAY = 1001;
const NORMAL = 1000;

/** Writes to a WebSocket, which has room while it holds fewer than `most` bytes. */
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
  /** What was written before it was open: a gap, at most, and the event in hand. */
  let early: SocketMessage[] = [];

  const leave = (): void => {
    poll.unsubscribe();
    events?.left();
  };
  const look = (): void => {
    if (!poll.closed || hasRoom()) return;
    poll = after(scheduler, POLL_EVERY, () => {
      poll = Subscription.EMPTY;
      events?.run(() => {
        if (socket.readyState > OPEN) leave();
        else if (hasRoom()) begin();
        else look();
      });
    });
  };
  /** There is room: what waited for it goes first. */
  const begin = (): void => {
    const waiting = early;
    early = [];
    for (const message of waiting) write(message);
    if (hasRoom()) events?.drained();
    else look();
  };
  const write = (message: SocketMessage): void => {
    if (socket.readyState === CONNECTING) early.push(message);
    else if (socket.readyState === OPEN) {
      // a message that is dropped is a gap that nobody would be told
      if (send(message) === 0 && socket.getBufferedAmount !== undefined) cut();
    } else leave();
    look();
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
      else look();
    },
    get hasRoom() {
      return hasRoom();
    },
    awaitRoom: look,
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
        // sockets of the platform's interface, also those of a server in Deno, take no other code of the RFC than this
        socket.close(NORMAL, 'closed by the server');
      }
    },
    cut,
  };
};

import { EventEmitter } from 'node:events';
import { EventEmitter as EventEmitter3 } from 'eventemitter3';
import mittModule from 'mitt';
import { filter, Subject } from 'rxjs';
import { eventBroker } from 'rx-event-broker';
import type { Numbered } from './handlers.js';
import { TYPES } from './events.js';

// its types say CommonJS, its file is a module
const mitt = mittModule as unknown as typeof mittModule.default;

type Handler = (event: Numbered) => void;

/** One way to get events to subscribers. `types` `undefined`: all. */
export interface Bus {
  on(types: readonly string[] | undefined, handler: Handler): void;
  send(event: Numbered): void;
  sendBatch?(events: readonly Numbered[]): void;
}

/**
 * An emitter has no "all": who wants every event listens to every type there is (an emit more an event, under a name for
 * all, is slower).
 */
const emitterBus = (
  emit: (type: string, event: Numbered) => void,
  listen: (type: string, handler: Handler) => void,
): Bus => ({
  on: (types, handler) => {
    for (const type of types ?? TYPES) listen(type, handler);
  },
  send: event => {
    emit(event.type, event);
  },
});

/** Each is made fresh in a process of its own. */
export const buses: Readonly<Record<string, () => Bus>> = {
  'rx-event-broker': () => {
    const broker = eventBroker<Numbered>();
    return {
      on: (types, next) => {
        broker.subscribe({ required: true, ...(types === undefined ? {} : { types }), next });
      },
      send: event => {
        broker.send(event);
      },
      sendBatch: events => {
        broker.sendBatch(events);
      },
    };
  },
  'node:events': () => {
    const emitter = new EventEmitter();
    emitter.setMaxListeners(0);
    return emitterBus(
      (type, event) => emitter.emit(type, event),
      (type, handler) => emitter.on(type, handler),
    );
  },
  eventemitter3: () => {
    const emitter = new EventEmitter3();
    return emitterBus(
      (type, event) => emitter.emit(type, event),
      (type, handler) => emitter.on(type, handler),
    );
  },
  mitt: () => {
    const emitter = mitt<Record<string, Numbered>>();
    return {
      on: (types, handler) => {
        if (types === undefined)
          emitter.on('*', (_type, event) => {
            handler(event);
          });
        for (const type of types ?? []) emitter.on(type, handler);
      },
      send: event => {
        emitter.emit(event.type, event);
      },
    };
  },
  'Subject + filter': () => {
    const subject = new Subject<Numbered>();
    return {
      on: (types, handler) => {
        const wanted = new Set(types);
        (types === undefined ? subject : subject.pipe(filter(({ type }) => wanted.has(type)))).subscribe(handler);
      },
      send: event => {
        subject.next(event);
      },
    };
  },
  'Subject a type': () => {
    const subjects = new Map<string, Subject<Numbered>>();
    const of = (type: string): Subject<Numbered> => {
      const subject = subjects.get(type) ?? new Subject<Numbered>();
      subjects.set(type, subject);
      return subject;
    };
    return emitterBus(
      (type, event) => subjects.get(type)?.next(event),
      (type, handler) => of(type).subscribe(handler),
    );
  },
  'Map of arrays (floor)': () => {
    const byType = new Map<string, Handler[]>();
    return {
      on: (types, handler) => {
        for (const type of types ?? TYPES) byType.set(type, [...(byType.get(type) ?? []), handler]);
      },
      send: event => {
        const named = byType.get(event.type);
        if (named !== undefined) for (const handler of named) handler(event);
      },
    };
  },
};

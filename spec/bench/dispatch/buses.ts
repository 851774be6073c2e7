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

/** What an emitter, or a Map of Subjects, lets one listen to: names. */
interface Named {
  emit(name: string, event: Numbered): void;
  listen(name: string, handler: Handler): void;
}

/**
 * A bus of names has no "all". The usual way is a second emit, under a name for all, once somebody wants it; so types that
 * nobody foresaw get there, too.
 */
const namedBus = ({ emit, listen }: Named): Bus => {
  let all = false;
  return {
    on: (types, handler) => {
      all ||= types === undefined;
      for (const type of types ?? ['*']) listen(type, handler);
    },
    send: event => {
      emit(event.type, event);
      if (all) emit('*', event);
    },
  };
};

/** The other way, if all types are known and do not change: a listener for all listens to each of them. */
const listedBus = ({ emit, listen }: Named): Bus => ({
  on: (types, handler) => {
    for (const type of types ?? TYPES) listen(type, handler);
  },
  send: event => emit(event.type, event),
});

const nodeEvents = (): Named => {
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  return { emit: (name, event) => emitter.emit(name, event), listen: (name, handler) => emitter.on(name, handler) };
};

const eventEmitter3 = (): Named => {
  const emitter = new EventEmitter3();
  return { emit: (name, event) => emitter.emit(name, event), listen: (name, handler) => emitter.on(name, handler) };
};

const subjects = (): Named => {
  const byName = new Map<string, Subject<Numbered>>();
  return {
    emit: (name, event) => byName.get(name)?.next(event),
    listen: (name, handler) => {
      const subject = byName.get(name) ?? new Subject<Numbered>();
      byName.set(name, subject);
      subject.subscribe(handler);
    },
  };
};

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
  'node:events': () => namedBus(nodeEvents()),
  eventemitter3: () => namedBus(eventEmitter3()),
  mitt: () => {
    const emitter = mitt<Record<string, Numbered>>();
    return {
      on: (types, handler) => {
        if (types === undefined) emitter.on('*', (_type, event) => handler(event));
        for (const type of types ?? []) emitter.on(type, handler);
      },
      send: event => emitter.emit(event.type, event),
    };
  },
  'Subject + filter': () => {
    const subject = new Subject<Numbered>();
    return {
      on: (types, handler) => {
        const wanted = new Set(types);
        subject.pipe(filter(({ type }) => types === undefined || wanted.has(type))).subscribe(handler);
      },
      send: event => subject.next(event),
    };
  },
  'Subject a type': () => namedBus(subjects()),
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
  'node:events by each type': () => listedBus(nodeEvents()),
  'eventemitter3 by each type': () => listedBus(eventEmitter3()),
};

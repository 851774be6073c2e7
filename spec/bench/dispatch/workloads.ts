import type { Bus } from './buses.js';
import { TYPES } from './events.js';
import { handlers, type Numbered } from './handlers.js';

const handler = (i: number): ((event: Numbered) => void) => handlers[i % handlers.length] as (event: Numbered) => void;
const type = (i: number): string => TYPES[i % TYPES.length]!;

export interface Workload {
  readonly title: string;
  /** Deliveries of one event, to check that every one happened. */
  readonly deliveries: number;
  subscribe(bus: Bus): void;
}

export const workloads: Readonly<Record<string, Workload>> = {
  W1: {
    title: 'one subscriber to all',
    deliveries: 1,
    subscribe: bus => bus.on(undefined, handler(0)),
  },
  W2: {
    title: 'ten subscribers to all',
    deliveries: 10,
    subscribe: bus => {
      for (let i = 0; i < 10; i++) bus.on(undefined, handler(i));
    },
  },
  W3: {
    title: '100 subscribers, 2 of 50 types each',
    deliveries: 4,
    subscribe: bus => {
      for (let i = 0; i < 100; i++) bus.on([type(i), type(i + 25)], handler(i));
    },
  },
  W4: {
    title: '1,000 subscribers, 1 of 50 types each',
    deliveries: 20,
    subscribe: bus => {
      for (let i = 0; i < 1000; i++) bus.on([type(i)], handler(i + Math.floor(i / 50)));
    },
  },
};

import '../flow/invariants.js';
import { VirtualTimeScheduler } from 'rxjs';
import type { EventBroker } from '../../lib/broker/Broker.js';
import type { BrokerOptions } from '../../lib/broker/BrokerOptions.js';
import { eventBroker } from '../../lib/broker/eventBroker.js';

/** The events of these specs. */
export interface A {
  readonly type: 'A';
  readonly n: number;
}
export interface B {
  readonly type: 'B';
  readonly n: number;
}
export interface Hidden {
  readonly type: 'Hidden';
  readonly n: number;
}
export type Letter = A | B | Hidden;

export const a = (n: number): A => ({ type: 'A', n });
export const b = (n: number): B => ({ type: 'B', n });
export const hidden = (n: number): Hidden => ({ type: 'Hidden', n });

/** `A1`, `B2`: how an event reads in an expectation. */
export const shown = ({ type, n }: Letter): string => `${type}${n}`;

/** A broker whose stall watch uses a stopped clock: deliveries that never end leave no timer. */
export const still = (options: BrokerOptions<Letter> = {}): EventBroker<Letter> =>
  eventBroker({ scheduler: new VirtualTimeScheduler(), ...options });

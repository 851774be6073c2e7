import type { AnyEvent } from '../event/AnyEvent.js';
import type { EventBroker } from '../broker/Broker.js';
import { REPLAYED } from '../broker/CurrentCall.js';
import { INSPECTABLE, type Inspectable } from '../broker/Inspectable.js';
import { OptionError } from '../flow/contract/OptionError.js';
import { anything, checkOptions, text } from '../flow/contract/options.js';
import { InspectedFlow } from './InspectedFlow.js';
import { Inspecting, type InspectorOptions } from './inspector.js';
import type { Inspector } from '../flow/contract/Inspector.js';
import type { RecordObserver } from './Recorder.js';

/**
 * Options of `inspect`.
 * @see node_modules/rx-event-broker/docs/finding-what-is-stuck.md
 */
export interface InspectOptions<E> extends Omit<InspectorOptions, 'keyOf'> {
  /** The name of the broker in its records. Default: `broker 1`, `broker 2` … */
  readonly name?: string;
  /**
   * The key of an event, which its records have as text. Called when records are handed over, outside of deliveries. One that
   * throws gives none. Default: records have no key.
   */
  readonly keyOf?: (event: E) => unknown;
}

/**
 * Records what happens in a broker: what was offered, began, ended, failed or was dropped, with whom and when (promise Y1).
 * Subscribers that are there already are seen, too. A broker that is not inspected pays nothing.
 *
 *     broker       a dispatched to two subscribers
 *     records      opened subscribed subscribed │ offered began ended  offered dropped │ stopped
 *
 * Called inside a delivery, it begins when everything that was sent has reached everybody. It ends with `stop`, or when the
 * broker has closed. Then the observer is completed; an `inspector` is not.
 *
 * Returns a function that stops it, and hands over what is left. Throws `OptionError` for something that is no broker, and for an
 * invalid option.
 *
 * @param broker - Made by `eventBroker`.
 * @param observer - A function or an observer of records, such as `recordTo(path)`; or an `inspector`, which has its own options.
 * @param options - How many records are kept, the key of an event, and the name of the broker.
 * @example
 * ```ts
 * const stop = inspect(broker, recordTo('incident.jsonl'));
 * ```
 * @see node_modules/rx-event-broker/docs/finding-what-is-stuck.md
 */
export const inspect = <E extends AnyEvent>(
  broker: EventBroker<E>,
  observer: RecordObserver | Inspector,
  options: InspectOptions<NoInfer<E>> = {},
): (() => void) => {
  const inspectable = (broker as { readonly [INSPECTABLE]?: Inspectable<E> } | null | undefined)?.[INSPECTABLE];
  if (inspectable === undefined) throw new OptionError('broker', 'a broker, as eventBroker() gives it', broker);
  const { name, ...others } = checkOptions('inspect', options, { name: text, capacity: anything, keyOf: anything });
  const isShared = observer instanceof Inspecting;
  if (isShared) checkOptions('inspect, with an inspector', others, {});
  const inspecting = isShared ? observer : new Inspecting(observer as RecordObserver, others, true);
  let isStopped = false;
  let leave = (): void => undefined;
  inspectable.dispatcher.later(() => {
    if (!isStopped) leave = record(inspectable, inspecting, name);
  });
  return () => {
    isStopped = true;
    if (isShared) leave();
    else inspecting.stop();
  };
};

/** The number of the event that is being dispatched. What is replayed was numbered when it was sent: it has none now. */
const numberIn = ({ call, routes }: Inspectable<never>['dispatcher']): number | undefined =>
  call.place === REPLAYED ? undefined : routes.sent;

const record = <E>(broker: Inspectable<E>, inspecting: Inspecting, name: string | undefined): (() => void) => {
  const { notices, dispatcher, scheduler } = broker;
  // of whichever copy of the package began
  const running = notices.hasEnded ? undefined : (notices.tap as InspectedFlow<E> | undefined);
  const flow = running ?? new InspectedFlow<E>('broker', scheduler, () => numberIn(dispatcher));
  if (running === undefined && !notices.hasEnded) broker.inspect(flow);
  const leave = inspecting.record(flow, 'broker', name, () => {
    if (!flow.isRecorded) broker.inspect(undefined);
  });
  if (notices.hasEnded) flow.closed();
  else if (!flow.isRecorded) broker.inspect(undefined);
  return leave;
};

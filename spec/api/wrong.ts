// Uses that must not compile. Each line says why.
import { interval, of, type Subject } from 'rxjs';
import {
  All,
  backpressure,
  eventBroker,
  fanOut,
  fromPull,
  iterate,
  keepLatestBy,
  ofType,
  pausable,
  type EventBroker,
  replay,
  type EventSink,
  type Gap,
  type EventView,
  type Subscriber,
} from 'rx-event-broker';

type Saved = { readonly type: 'Saved'; readonly id: string };
type Deleted = { readonly type: 'Deleted'; readonly by: string };
type E = Saved | Deleted;

const b = eventBroker<E>();
declare const src: Subject<E>;
declare const handled: Subscriber<E, 'Saved'>;
declare const save: (id: string) => void;

b.subscribeBatch([
  { required: true, types: ['Saved'], next: e => {} },
  // @ts-expect-error in a list, types must be said: inference of the whole list would fall back to E
  { required: false, next: e => {} },
]);
// @ts-expect-error required or not must be said
b.subscribe({ types: ['Saved'], next: e => {} });
// @ts-expect-error a required one has no capacity
b.subscribe({ required: true, capacity: 10, next: e => {} });
// @ts-expect-error a required one has no overflow
b.subscribe({ required: true, types: ['Saved'], overflow: 'dropOldest', next: e => {} });
// @ts-expect-error a required one misses nothing
b.subscribe({ required: true, missed: () => {}, next: e => {} });
// @ts-expect-error a required one that gets everything that is kept misses nothing
b.subscribe({ required: true, since: 'replay', missed: () => {}, next: e => {} });
// @ts-expect-error what has expired has no first event
b.subscribe({ required: false, since: { after: e => true }, missed: (gap: Gap<E>) => {}, next: e => {} });
// @ts-expect-error since what?
b.subscribe({ required: false, since: 'start', next: e => {} });
// @ts-expect-error an answer is a boolean
b.subscribe({ required: false, since: { after: async e => true }, next: e => {} });
// @ts-expect-error a key function of other events
eventBroker<E>({ replay: replay({ keepLatestBy: (tick: { readonly symbol: string }) => tick.symbol }) });
// @ts-expect-error an optional one has no high-water mark
b.subscribe({ required: false, highWaterMark: 10, next: e => {} });
// @ts-expect-error an optional one cannot stop receive
b.subscribe({ required: false, onFailure: 'stop', next: e => {} });
// @ts-expect-error no such type
b.subscribe({ required: true, types: ['Savd'], next: e => {} });
// @ts-expect-error neither next nor nextBatch
b.subscribe({ required: true, types: ['Saved'] });
// @ts-expect-error both
b.subscribe({ required: true, types: ['Saved'], next: (e: Saved) => {}, nextBatch: (es: readonly Saved[]) => {} });
// @ts-expect-error a handler of another type
b.subscribe({ required: true, types: ['Saved'], next: (e: Deleted) => {} });
// @ts-expect-error All includes more than Saved
b.subscribe({ required: true, next: (e: Saved) => {} });
const map = new Map<string, E>();
// @ts-expect-error a Map is iterable: it would be waited for by accident
b.subscribe({ required: true, types: ['Saved'], next: e => map.set(e.id, e) });
// @ts-expect-error an array of promises would not be waited for
b.subscribe({ required: true, types: ['Saved'], next: e => [Promise.resolve(e)] });
// @ts-expect-error neither work nor a value: it would not be waited for
b.subscribe({ required: true, types: ['Saved'], next: e => ({ id: e.id }) });
// @ts-expect-error not a level
b.subscribe({ required: true, skip$: interval(1), next: e => {} });
// @ts-expect-error the broker is no observer: receive(source) keeps the brake
src.subscribe(b);
// @ts-expect-error not an event of this broker
b.send({ type: 'Other' });
// @ts-expect-error a field is missing
b.send({ type: 'Saved' });
// @ts-expect-error other events
b.receive(of({ type: 'Other' as const }));
// @ts-expect-error no such type
src.pipe(ofType('Nope'));
// @ts-expect-error at least one
src.pipe(ofType());
// @ts-expect-error options are readonly
handled.required = true;
// @ts-expect-error skip$ has no capacity
src.pipe(pausable({ skip$: of(true), capacity: 3 }));
// @ts-expect-error project must give an observable input
src.pipe(backpressure({ required: true, project: (e: E) => 5 }));
// @ts-expect-error capacity on a required operator
src.pipe(backpressure({ required: true, capacity: 4, project: (e: E) => of(e) }));
// @ts-expect-error a Readable is opened by a function: cold, can be subscribed again
fromPull([1, 2, 3]);
// @ts-expect-error the number of branches must be said
fanOut(src, {});
b.subscribeBatch([
  { required: true, types: ['Saved'], next: e => {} },
  // @ts-expect-error one in the middle of a list is wrong: no such field
  { required: false, types: ['Deleted'], next: e => save(e.id) },
]);
// @ts-expect-error the id is no number to forget: unsubscribe is on the subscription
b.subscribe({ required: true, next: e => {} }) === 1;
// @ts-expect-error a required stream without work: concatMap after it would be the unbounded array again
b.stream({ required: true, types: ['Saved'] });
// @ts-expect-error a handler gets a signal only with abortable: true
b.subscribe({ required: true, types: ['Saved'], next: (e, signal) => {} });
// @ts-expect-error nothing that could be aborted
b.stream({ required: false, abortable: true });
// @ts-expect-error a required one has no capacity, in bytes either
b.subscribe({ required: true, capacityBytes: 10, next: e => {} });
// @ts-expect-error an optional one has no high-water mark, in bytes either
b.subscribe({ required: false, highWaterMarkBytes: 10, next: e => {} });

declare const savedSink: EventSink<Saved>;
declare const savedBroker: EventBroker<Saved>;
declare const savedView: EventView<Saved>;
declare const bothView: EventView<E>;
// @ts-expect-error a sink of fewer events cannot take more
const toSink: EventSink<E> = savedSink;
// @ts-expect-error nor can a broker of fewer events
const toSinkOfBroker: EventSink<E> = savedBroker;
// @ts-expect-error who listens to Saved would get Deleted, too: its All is that of the broker
const toView: EventView<Saved> = b;
// @ts-expect-error and of a view
const toNarrower: EventView<Saved> = bothView;
// @ts-expect-error a view of Saved knows no Deleted
const toWider: EventView<E> = savedView;
// @ts-expect-error a view has no send
b.only('Saved').send({ type: 'Saved', id: '1' });
// @ts-expect-error a view has at least one type
b.only();
// @ts-expect-error All is no type of a view
b.only(All);
// @ts-expect-error not a type of the view
b.only('Saved').subscribe({ required: true, types: ['Deleted'], next: () => {} });
// @ts-expect-error a loop has no handler: its body is the work
b.iterate({ required: true, next: () => {} });
// @ts-expect-error nothing that could be aborted
b.iterate({ required: true, abortable: true });
// @ts-expect-error required or not must be said
b.iterate({ types: ['Saved'] });
// @ts-expect-error a required loop has no capacity
iterate(src, { required: true, capacity: 1 });
// @ts-expect-error a controller is no signal
b.subscribe({ required: true, signal: new AbortController(), next: () => {} });
// @ts-expect-error a required one supersedes nothing
b.subscribe({ required: true, overflow: keepLatestBy((e: E) => e.type), next: e => {} });
// @ts-expect-error the key function is of an event that the subscriber does not get
b.subscribe({ required: false, types: ['Deleted'], overflow: keepLatestBy((e: Saved) => e.id), next: () => {} });
// @ts-expect-error before it has read `types`, the compiler knows the event as one of the broker's: say which it is
b.subscribe({ required: false, types: ['Saved'], overflow: keepLatestBy(e => e.id), next: () => {} });

// What must be inferred from `types`, exactly.
import { NEVER, of, type Observable, type Subject } from 'rxjs';
import {
  All,
  backpressure,
  eventBroker,
  keepLatestBy,
  lanes,
  ofType,
  iterate,
  type EventBroker,
  type EventOf,
  type EventSink,
  type EventView,
  type Subscriber,
  type Work,
} from 'rx-event-broker';

type Saved = { readonly type: 'Saved'; readonly id: string };
type Deleted = { readonly type: 'Deleted'; readonly by: string };
type E = Saved | Deleted;
type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const is = <T extends true>() => {};
const b = eventBroker<E>();

// ── inference is exact
b.subscribe({
  required: true,
  types: ['Saved'],
  next: e => {
    is<Equal<typeof e, Saved>>();
  },
});
b.subscribe({
  required: true,
  abortable: true,
  types: ['Saved'],
  next: (e, signal) => {
    is<Equal<typeof e, Saved>>();
    is<Equal<typeof signal, AbortSignal>>();
  },
});
b.stream({
  required: false,
  abortable: true,
  types: ['Saved'],
  project: (e, signal) => of([e.id, signal.aborted] as const),
});
b.subscribe({
  required: true,
  next: e => {
    is<Equal<typeof e, E>>();
  },
});
b.subscribe({
  required: true,
  types: ['Saved', 'Deleted'],
  next: e => {
    is<Equal<typeof e, E>>();
  },
});
b.subscribe({
  required: true,
  types: [All],
  next: e => {
    is<Equal<typeof e, E>>();
  },
});
b.subscribe({
  required: true,
  types: ['Deleted'],
  nextBatch: es => {
    is<Equal<typeof es, readonly Deleted[]>>();
  },
});
b.subscribe({
  required: false,
  types: ['Deleted'],
  next: e => {},
  missed: g => {
    is<Equal<typeof g.first, Deleted>>();
  },
});
b.subscribe({
  required: true,
  types: ['Deleted'],
  since: {
    after: e => {
      is<Equal<typeof e, Deleted>>();
      return true;
    },
  },
  missed: gap => {
    is<Equal<typeof gap.reason, 'expired'>>();
  },
  next: e => {},
});
b.subscribe({
  required: false,
  types: ['Deleted'],
  since: 'replay',
  missed: ({ first }) => {
    is<Equal<typeof first, Deleted>>();
  },
  next: e => {},
});
b.subscribe({
  next: e => {
    is<Equal<typeof e, Saved>>();
  },
  types: ['Saved'],
  required: true,
}); // any order of keys
const s1 = b.stream({ required: false, types: ['Saved'] });
is<Equal<typeof s1, Observable<Saved>>>();
const s2 = b.stream({ required: true, types: ['Saved'], project: e => of(e.id.length) });
is<Equal<typeof s2, Observable<number>>>();
const s3 = b.stream({ required: true, types: ['Saved'], project: async e => e.id });
is<Equal<typeof s3, Observable<string>>>();
declare const src: Subject<E>;
const o1 = src.pipe(ofType('Saved'));
is<Equal<typeof o1, Observable<Saved>>>();
const o2 = src.pipe(ofType('Saved'), backpressure({ required: true, project: e => of(e.id) }));
is<Equal<typeof o2, Observable<string>>>();
b.notices$.pipe(ofType('Failed')).subscribe(n => {
  is<Equal<typeof n.events, readonly E[]>>();
});
b.subscribeBatch([
  {
    required: true,
    types: ['Saved'],
    next: e => {
      is<Equal<typeof e, Saved>>();
    },
  },
  {
    required: false,
    types: [All],
    next: e => {
      is<Equal<typeof e, E>>();
    },
  },
]);
const handled = { required: true, types: ['Saved'], next: (e: Saved) => {} } satisfies Subscriber<E, 'Saved'>;
b.subscribe(handled);
// a handler of more than it gets is welcome
b.subscribe({ required: true, types: ['Saved'], next: (e: E) => {} });
// an untyped broker
eventBroker().subscribe({ required: false, types: ['whatever'], next: e => console.log(e.type) });
// a broker of more events passes where fewer are read?
declare const wide: EventBroker<E | { readonly type: 'Other' }>;
const watch = (x: Pick<EventBroker<E>, 'send'>) => x.send({ type: 'Saved', id: '1' });
watch(wide);

is<Equal<EventOf<E, 'Saved'>, Saved>>();
is<Equal<EventOf<E, 'Saved' | 'Deleted'>, E>>();
is<Equal<EventOf<E, All | 'Deleted'>, E>>();
is<Equal<EventOf<E, never>, E>>();

// what a handler returns: work, or a primitive, which counts as done
const list: E[] = [];
const work: Work[] = [undefined, null, 1, 'text', true, 1n, Promise.resolve(list), NEVER];
b.subscribe({ required: true, types: ['Saved'], next: e => list.push(e) });
b.subscribe({ required: true, types: ['Saved'], nextBatch: es => es.length > work.length });
b.subscribe({ required: true, types: ['Saved'], retry: 3, next: async e => list.includes(e) });

// ── parts of a broker
const sink: EventSink<Saved> = b;
sink.send({ type: 'Saved', id: '1' });
const wideSink: EventSink<E> = wide;
const narrowSink: EventSink<Saved> = wideSink;
narrowSink.send({ type: 'Saved', id: '1' });
const view = b.only('Saved');
is<Equal<typeof view, EventView<Saved>>>();
view.subscribe({
  required: true,
  next: e => {
    is<Equal<typeof e, Saved>>();
  },
});
// ── strategies: a key function gets the events of the source, the broker or the view; with `types`, it may say which of them
b.subscribe({
  required: false,
  overflow: keepLatestBy(e => {
    is<Equal<typeof e, E>>();
    return e.type;
  }),
  next: e => {
    is<Equal<typeof e, E>>();
  },
});
b.subscribe({
  required: true,
  lanes: lanes({
    concurrency: 2,
    by: e => {
      is<Equal<typeof e, E>>();
      return e.type;
    },
  }),
  next: e => {
    is<Equal<typeof e, E>>();
  },
});
b.subscribe({
  required: true,
  types: ['Saved'],
  lanes: lanes({
    concurrency: 2,
    by: e => {
      is<Equal<typeof e, E>>();
      return e.type;
    },
  }),
  next: e => {
    is<Equal<typeof e, Saved>>();
  },
});
b.stream({
  required: false,
  overflow: keepLatestBy(e => {
    is<Equal<typeof e, E>>();
    return e.type;
  }),
});
b.only('Saved').subscribe({ required: true, lanes: lanes({ concurrency: 2, by: e => e.id }), next: e => list.push(e) });
b.subscribeBatch([
  {
    required: true,
    types: ['Saved'],
    lanes: lanes({ concurrency: 2, by: (e: Saved) => e.id }),
    next: e => list.push(e),
  },
  { required: false, types: [All], overflow: keepLatestBy(e => e.type), next: e => list.push(e) },
]);
b.subscribe({
  required: false,
  types: ['Saved'],
  overflow: keepLatestBy((e: Saved) => e.id),
  next: e => {
    is<Equal<typeof e, Saved>>();
  },
});
view.subscribe({ required: true, types: [All], next: (e: Saved) => {} });
const both: EventView<E> = b.only('Saved', 'Deleted');
both.stream({ required: false, types: ['Deleted'] }).subscribe((e: Deleted) => {});

// ── loops
const loop = b.iterate({ required: true, types: ['Saved'], signal: new AbortController().signal });
is<Equal<typeof loop, AsyncIterable<Saved>>>();
const all = b.iterate({ required: false, capacity: 1, missed: gap => is<Equal<typeof gap.first, E>>() });
is<Equal<typeof all, AsyncIterable<E>>>();
const rows = iterate(of(1, 2), { required: true, highWaterMark: 2 });
is<Equal<typeof rows, AsyncIterable<number>>>();
b.subscribe({ required: false, types: ['Saved'], overflow: keepLatestBy((e: E) => e.type), next: () => {} });
src.pipe(backpressure({ required: false, overflow: keepLatestBy(e => e.type), project: e => of(e.type) }));

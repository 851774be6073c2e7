import { fromEvent, map, startWith } from 'rxjs';
import { eventBroker } from 'rx-event-broker';

type Price = { readonly type: 'Price'; readonly value: number };

const broker = eventBroker<Price>();
const hidden$ = fromEvent(document, 'visibilitychange').pipe(
  startWith(undefined),
  map(() => document.hidden),
);
const show = (id: string, value: number): void => {
  document.querySelector(`#${id}`)!.textContent = String(value);
};

// Optional, and skipped while the page is hidden: drawing an invisible page wastes battery.
broker.subscribe({ name: 'ticker', required: false, skip$: hidden$, next: ({ value }) => show('price', value) });

// Required: it gets every price, even while the page is hidden.
let saved = 0;
broker.subscribe({
  name: 'ledger',
  required: true,
  next: () => {
    show('saved', ++saved);
    show('skipped', broker.snapshot().subscribers[0]!.skipped);
    document.title = `${saved} saved`;
  },
});
hidden$.subscribe(hidden => document.body.classList.toggle('hidden', hidden));

const prices = new EventSource('prices');
const price$ = fromEvent<MessageEvent<string>>(prices, 'message').pipe(
  map(({ data }): Price => ({ type: 'Price', value: Number(data) })),
);
broker.receive(price$).subscribe();

// 6. A required handler with retry and backoff; dead letters from notices$.
import { mergeMap, timer } from 'rxjs';
import { eventBroker, ofType } from 'rx-event-broker';

type Payment = { readonly type: 'Payment'; readonly id: string; readonly cents: number };
type Refund = { readonly type: 'Refund'; readonly id: string };

const broker = eventBroker<Payment | Refund>();

broker.subscribe({
  name: 'bank',
  required: true,
  types: ['Payment'],
  stallAfter: 30_000,
  next: payment => bank.transfer(payment.id, payment.cents),
  retry: { count: 5, delay: (_error, attempt) => timer(Math.min(100 * 2 ** attempt, 10_000)) },
  onFailure: 'continue',
});

broker.notices$
  .pipe(
    ofType('Failed'),
    mergeMap(({ subscriber, events, error, attempts }) =>
      deadLetters.put(events.map(event => ({ event, subscriber: subscriber.name, attempts, reason: String(error) }))),
    ),
  )
  .subscribe();

broker.notices$.pipe(ofType('Stalled', 'Saturated')).subscribe(n => {
  if (n.type === 'Stalled')
    console.warn(`${n.subscriber.name} has been at ${n.event?.id ?? 'nothing'} since ${n.since}; ${n.waiting} wait`);
  else console.warn(`${n.subscriber.name} is full: ${n.pending}`);
});

declare const bank: { transfer(id: string, cents: number): Promise<void> };
declare const deadLetters: { put(letters: object[]): Promise<void> };

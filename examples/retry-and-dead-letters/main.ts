// A required bank subscriber whose transfers may fail: each is tried three times, and then becomes a dead letter.
// Look at the order of the attempts: a payment waits until the one before it has succeeded or failed for good.
// Look at the dead letter: it has the event itself, so you can send it again later.
import { mergeMap, timer } from 'rxjs';
import { eventBroker, fromPull, ofType, type EventBroker } from 'rx-event-broker';

type Payment = { readonly type: 'Payment'; readonly id: string; readonly cents: number };

const payments: readonly Payment[] = [
  { type: 'Payment', id: 'rent', cents: 90_000 },
  { type: 'Payment', id: 'tea', cents: 350 },
  { type: 'Payment', id: 'gift', cents: -1 },
  { type: 'Payment', id: 'books', cents: 4_200 },
];

/** A bank that is busy at the first payment for tea, and rejects amounts below zero. */
const bankOf = (print: (line: string) => void) => {
  let isBusy = true;
  return async ({ id, cents }: Payment): Promise<void> => {
    print(`bank: ${id}`);
    if (cents < 0) throw new Error(`expected cents from 0, found ${cents}`);
    if (id === 'tea' && isBusy) {
      isBusy = false;
      throw new Error('the bank is busy');
    }
  };
};

/** The dead letters. Subscribe before anything is sent, because notices are not replayed. */
const deadLettersOf = (broker: EventBroker<Payment>) =>
  broker.notices$.pipe(
    ofType('Failed'),
    mergeMap(({ events, error, attempts }) => events.map(payment => ({ payment, reason: String(error), attempts }))),
  );

export const main = async (print: (line: string) => void): Promise<void> => {
  const broker = eventBroker<Payment>();
  broker.subscribe({
    name: 'bank',
    required: true,
    next: bankOf(print),
    retry: { count: 2, delay: (_error, attempt) => timer(2 ** attempt) },
    onFailure: 'continue',
  });
  deadLettersOf(broker).subscribe(({ payment, attempts, reason }) =>
    print(`dead letter: ${JSON.stringify(payment)} after ${attempts} attempts: ${reason}`),
  );

  await broker
    .receive(pause$ => fromPull(() => payments, { pause$ }))
    .forEach(({ subscribers }) => {
      for (const { name, delivered, failed } of subscribers) print(`${name}: ${delivered} delivered, ${failed} failed`);
    });
};

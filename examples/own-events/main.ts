// Your own events as JSON: one io-ts codec is both the TypeScript type and the check of every message.
// Look at the errors of the three invalid messages: where, what was expected there, what was found.
import * as t from 'io-ts';
import { from } from 'rxjs';
import { deserialize, eventBroker, jsonDecoder, type Notice } from 'rx-event-broker';

const Ordered = t.readonly(
  t.type({ type: t.literal('Ordered'), id: t.string, lines: t.array(t.type({ sku: t.string, count: t.number })) }),
  'Ordered',
);
const Cancelled = t.readonly(t.type({ type: t.literal('Cancelled'), id: t.string, by: t.string }), 'Cancelled');

const ShopEvent = t.union([Ordered, Cancelled]);
type ShopEvent = t.TypeOf<typeof ShopEvent>;

const messages = [
  '{ "type": "Ordered", "id": "o-1", "lines": [{ "sku": "tea", "count": 2 }, { "sku": "cup", "count": 1 }] }',
  '{ "type": "Ordered", "id": "o-2", "lines": [{ "sku": "tea", "count": "two" }] }',
  '{ "type": "Returned", "id": "o-1" }',
  'hello',
  '{ "type": "Cancelled", "id": "o-1", "by": "the customer" }',
];

export const main = async (print: (line: string) => void): Promise<void> => {
  const broker = eventBroker<ShopEvent>();
  broker.subscribe({
    required: true,
    types: ['Ordered'],
    next: ({ id, lines }) => print(`ordered ${id}: ${lines.reduce((sum, { count }) => sum + count, 0)} things`),
  });
  broker.subscribe({
    required: true,
    types: ['Cancelled'],
    next: ({ id, by }) => print(`cancelled ${id} by ${by}`),
  });

  const notices = {
    next: (notice: Notice) => {
      if (notice.type === 'Invalid') print(`invalid: ${notice.error.message}`);
    },
  };
  const bytes$ = from(messages.map(message => new TextEncoder().encode(message)));
  const events$ = bytes$.pipe(deserialize(jsonDecoder(ShopEvent), { onInvalid: 'skip', notices }));
  await broker.receive(events$).forEach(({ sent }) => print(`${sent} of ${messages.length} were events`));
};

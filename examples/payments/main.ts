// A bank is slow. It works on up to eight payments at a time, but never on two of the same account.
// Look at the last line: each account was booked in order, although other accounts did not wait for it.
import { eventBroker, lanes } from 'rx-event-broker';
import { bank, type Payment } from './bank.js';

const accounts = ['Ann', 'Bob', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gwen', 'Hal', 'Ida', 'Jon'];
const paymentsOfEach = 6;

export const main = async (print: (line: string) => void): Promise<void> => {
  const { pay, most, bookedOf } = bank();
  const broker = eventBroker<Payment>();
  broker.subscribe({
    name: 'bank',
    required: true,
    lanes: lanes({ concurrency: 8, by: ({ account }) => account }),
    next: pay,
  });

  // all payments of Ann are sent first
  for (const account of accounts)
    for (let nr = 1; nr <= paymentsOfEach; nr++) broker.send({ type: 'Payment', account, nr });
  await broker.drain().forEach(({ subscribers: [paid] }) => print(`${paid?.delivered} payments booked`));

  const { inHand, ofOneAccount } = most();
  print(`at most ${inHand} at a time, ${ofOneAccount} of one account`);
  const orders = new Set(accounts.map(account => bookedOf(account).join(' ')));
  print(`each account: ${[...orders].join(' or ')}`);
};

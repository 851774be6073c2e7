import { setTimeout } from 'node:timers/promises';

export interface Payment {
  readonly type: 'Payment';
  readonly account: string;
  readonly nr: number;
}

export interface Bank {
  readonly pay: (payment: Payment) => Promise<void>;
  /** The most payments in progress at a time, in total and for one account. */
  readonly most: () => { readonly inHand: number; readonly ofOneAccount: number };
  /** The numbers of an account's payments, in the order in which they were booked. */
  readonly bookedOf: (account: string) => readonly number[];
}

/** A bank that takes 1 to 4 ms for a payment. */
export const bank = (): Bank => {
  const inHand: Payment[] = [];
  const booked: Payment[] = [];
  const most = { inHand: 0, ofOneAccount: 0 };
  const pay = async (payment: Payment): Promise<void> => {
    inHand.push(payment);
    const ofOneAccount = inHand.filter(({ account }) => account === payment.account).length;
    most.inHand = Math.max(most.inHand, inHand.length);
    most.ofOneAccount = Math.max(most.ofOneAccount, ofOneAccount);
    await setTimeout(1 + ((payment.nr * 7) % 4));
    inHand.splice(inHand.indexOf(payment), 1);
    booked.push(payment);
  };
  const bookedOf = (account: string): readonly number[] =>
    booked.filter(payment => payment.account === account).map(({ nr }) => nr);
  return { pay, most: () => most, bookedOf };
};

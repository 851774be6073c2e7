import type * as t from 'io-ts';
import { text } from '../wire/contents.js';
import { message } from '../wire/message.js';
import { choice } from '../wire/scalars.js';

/**
 * The codec of this payload. A party: its id.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const Party = message('Party', {
  id: text(1),
});
/**
 * A party: its id.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type Party = t.TypeOf<typeof Party>;

/**
 * The codec of this payload. The balance of an account, a decimal string. The owner `*` is the network; the market `!`
 * means none.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const Account = message('Account', {
  id: text(1),
  owner: text(2),
  balance: text(3),
  asset: text(4),
  marketId: text(5),
  type: choice(6),
});
/**
 * The balance of an account, a decimal string. The owner `*` is the network; the market `!` means none.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type Account = t.TypeOf<typeof Account>;

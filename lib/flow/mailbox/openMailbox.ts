import { Mailbox } from './Mailbox.js';
import type { MailboxEngine } from './MailboxEngine.js';
import type { MailboxOwner } from './MailboxOwner.js';
import type { MailboxSettings } from './MailboxSettings.js';

/** Opens a mailbox with these settings, or the replacement of a strategy. */
export const openMailbox = <U, E>(owner: MailboxOwner<U, E>, settings: MailboxSettings<U, E>): MailboxEngine<U> =>
  settings.engine?.(owner) ?? new Mailbox(owner, settings);

import { Mailbox } from './Mailbox.js';
import type { MailboxEngine } from './MailboxEngine.js';
import type { MailboxOwner } from './MailboxOwner.js';
import type { MailboxSettings } from './MailboxSettings.js';

/** A mailbox with these settings, or what a strategy puts in its place. */
export const openMailbox = <U, E>(owner: MailboxOwner<U, E>, settings: MailboxSettings<U, E>): MailboxEngine<U> =>
  settings.engine?.(owner) ?? new Mailbox(owner, settings);

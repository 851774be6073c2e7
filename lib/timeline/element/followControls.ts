import { commandOf, type Command } from './commandOf.js';
import type { Parts } from './parts.js';

/** Receives commands from keys and buttons, and the movement of the scroll bar. */
export interface ControlsOwner {
  obey(command: Command): void;
  /** Other lanes are in view. */
  scrolled(): void;
}

/** Listens to the keys and buttons of a timeline. The listeners live as long as the elements. */
export const followControls = ({ scroller, bar, tableToggle, range }: Parts, owner: ControlsOwner): void => {
  scroller.setAttribute('aria-label', 'Timeline');
  scroller.addEventListener('scroll', () => owner.scrolled());
  scroller.addEventListener('keydown', event => {
    const command = commandOf(event);
    if (command === undefined) return;
    event.preventDefault();
    owner.obey(command);
  });
  bar.addEventListener('click', ({ target }) => {
    const command = (target as Element).closest<HTMLElement>('[data-command]')?.dataset['command'];
    if (command !== undefined) owner.obey(command as Command);
  });
  tableToggle.addEventListener('click', () => {
    const isSeen = !range.classList.toggle('unseen');
    tableToggle.setAttribute('aria-expanded', String(isSeen));
  });
};

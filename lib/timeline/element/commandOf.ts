/** The commands of a timeline. */
export type Command =
  | 'left'
  | 'right'
  | 'zoomIn'
  | 'zoomOut'
  | 'start'
  | 'end'
  | 'all'
  | 'laneUp'
  | 'laneDown'
  | 'previous'
  | 'next'
  | 'show'
  | 'hide';

const COMMANDS: Readonly<Record<string, Command>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  '+': 'zoomIn',
  '=': 'zoomIn',
  '-': 'zoomOut',
  _: 'zoomOut',
  '0': 'all',
  Home: 'start',
  End: 'end',
  ArrowUp: 'laneUp',
  ArrowDown: 'laneDown',
  Enter: 'show',
  Escape: 'hide',
};

/** The command of a key, or `undefined`. Keys with Ctrl, Alt or Meta are left to the browser. */
export const commandOf = (
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>,
): Command | undefined => {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined;
  if (event.shiftKey && event.key === 'ArrowLeft') return 'previous';
  if (event.shiftKey && event.key === 'ArrowRight') return 'next';
  return Object.hasOwn(COMMANDS, event.key) ? COMMANDS[event.key] : undefined;
};

/** The keys in words, for the description of the timeline. */
export const KEYS =
  'Left and Right scroll, plus and minus zoom, 0 shows all, Home and End go to the ends. Up and Down choose a lane, ' +
  'Shift with Left or Right goes to its events, Enter shows the event, Escape hides it.';

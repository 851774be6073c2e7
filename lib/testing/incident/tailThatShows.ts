import type { Incident, IncidentEvent } from './Incident.js';
import { ENDLESS } from './timeline.js';

/** Events of the first tail that is tried; each later one has four times as many. */
const FEWEST = 64;

/** Events of the longest tail: virtual time takes the square of it. */
export const MOST_EVENTS = 8192;

/** Events that are kept, whenever they were sent, because their work never ends or fails. */
const MOST_CULPRITS = 64;

/**
 * The last events of an incident that show it, so that the cost does not grow with what was recorded before them. Those whose work
 * never ends or fails are in each tail. `undefined` if none shows it.
 */
export const tailThatShows = (incident: Incident, shows: (incident: Incident) => boolean): Incident | undefined => {
  const most = Math.min(incident.events.length, MOST_EVENTS);
  for (let size = FEWEST; ; size *= 4) {
    const tail = tailOf(incident, Math.min(size, most));
    if (shows(tail)) return tail;
    if (size >= most) return undefined;
  }
};

const tailOf = (incident: Incident, size: number): Incident => {
  const { events, who, subscribers } = incident;
  const isCulprit = ({ work }: IncidentEvent): boolean => work[who] === ENDLESS || work[who]?.endsWith('#') === true;
  const start = events.length - size;
  const tail = [...events.slice(0, start).filter(isCulprit).slice(-MOST_CULPRITS), ...events.slice(start)];
  const from = tail[0]?.at ?? 0;
  return {
    ...incident,
    events: tail,
    subscribers: subscribers.map(one => ({ ...one, holds: since(from, one.holds) })),
  };
};

/** The levels from an instant on: the last one before it holds there. */
const since = <T extends { readonly at: number }>(from: number, levels: readonly T[]): readonly T[] => {
  const first = levels.findLastIndex(({ at }) => at <= from);
  return levels.slice(Math.max(0, first)).map(level => ({ ...level, at: Math.max(0, level.at - from) }));
};

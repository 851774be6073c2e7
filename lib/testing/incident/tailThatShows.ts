import type { Incident, IncidentEvent } from './Incident.js';
import { ENDLESS } from './timeline.js';

/** The number of events in the first tail. Each further tail has four times as many. */
const FEWEST = 64;

/** The number of events in the longest tail. The cost of virtual time grows with the square of this number. */
export const MOST_EVENTS = 8192;

/** How many earlier events are kept because their work fails or never ends. */
const MOST_CULPRITS = 64;

/**
 * Finds a short tail of the events that reproduces the incident, so that the cost does not grow with the length of the recording.
 * Each tail includes earlier events whose work fails or never ends. Returns `undefined` if no tail reproduces it.
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

/** The level changes from `from` on. The last change before `from` is moved to it. */
const since = <T extends { readonly at: number }>(from: number, levels: readonly T[]): readonly T[] => {
  const first = levels.findLastIndex(({ at }) => at <= from);
  return levels.slice(Math.max(0, first)).map(level => ({ ...level, at: Math.max(0, level.at - from) }));
};

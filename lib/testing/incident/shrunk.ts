import type { Incident } from './Incident.js';

/** The largest number of test runs. */
const MOST_RUNS = 2000;

/** The largest number of events that these runs send in total. */
const MOST_SENT = 200_000;

/**
 * Removes events and subscribers while the incident still reproduces. It tries to remove half of the events, then smaller parts,
 * and then single events until none can be removed.
 */
export const shrunk = (incident: Incident, shows: (incident: Incident) => boolean): Incident => {
  let least = incident;
  let runs = 0;
  let sent = 0;
  const isOver = (): boolean => runs >= MOST_RUNS || sent >= MOST_SENT;
  const tries = (candidate: Incident): boolean => {
    if (isOver() || candidate.events.length === 0) return false;
    runs++;
    sent += candidate.events.length;
    if (!shows(candidate)) return false;
    least = candidate;
    return true;
  };
  const pass = (size: number): boolean => {
    let hasShrunk = false;
    for (let start = 0; start < least.events.length;) {
      const events = least.events.filter((_, i) => i < start || i >= start + size);
      if (tries({ ...least, events })) hasShrunk = true;
      else start += size;
    }
    return hasShrunk;
  };
  for (const one of least.subscribers)
    if (one.name !== least.who) tries({ ...least, subscribers: least.subscribers.filter(other => other !== one) });
  for (let size = least.events.length >> 1; size > 1; size >>= 1) pass(size);
  while (pass(1) && !isOver());
  const names = new Set(least.subscribers.map(({ name }) => name));
  const events = least.events.map(event => ({
    ...event,
    work: Object.fromEntries(Object.entries(event.work).filter(([name]) => names.has(name))),
  }));
  return { ...least, events };
};

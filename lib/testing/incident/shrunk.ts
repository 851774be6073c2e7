import type { Incident } from './Incident.js';

/** Runs of the test that are made to shrink it. */
const MOST_RUNS = 2000;

/** Events that all of these runs send. */
const MOST_SENT = 200_000;

/**
 * Takes out events and subscribers, as long as it still shows: what is left is needed, each of it. First half of the events at
 * once, then smaller parts, then one by one until none can go.
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

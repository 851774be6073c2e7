import type { Notice } from 'rx-event-broker';
import { formatted } from './formatted.js';

/** A notice in one line: `Dropped chart: 3 so far`. */
export const noticeText = (notice: Notice): string => {
  const who = 'subscriber' in notice ? ` ${notice.subscriber.name}` : '';
  const details = detailsOf(notice);
  return `${notice.type}${who}${details === '' ? '' : `: ${details}`}`;
};

const detailsOf = (notice: Notice): string => {
  switch (notice.type) {
    case 'Dropped':
      return `${notice.count} ${notice.open ? 'so far' : 'in all'}`;
    case 'Failed':
      return `${String(notice.error)}${notice.attempts > 1 ? `, ${notice.attempts} tries` : ''}`;
    case 'Parked':
      return `${formatted(notice.events)}${notice.isBehind ? ', behind an earlier one' : ''}`;
    case 'Stalled':
      return notice.event === undefined
        ? `${notice.waiting} wait`
        : `${formatted([notice.event])}, ${notice.waiting} wait`;
    case 'Saturated':
    case 'Clear':
      return `${notice.pending} pending`;
    case 'Invalid':
      return notice.error.message;
    default:
      return 'what' in notice ? notice.what : '';
  }
};

import type { Check } from '../contract/options.js';

/** With lanes, several deliveries would begin at a time, but the loop would get only the last of them. */
export const noLanes: Check = {
  expected: 'no lanes, because a loop works on one event at a time',
  allows: () => false,
};

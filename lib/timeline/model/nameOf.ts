import type { RecordedSubscriber } from '../../inspect/InspectRecord.js';

/** The displayed name of a subscriber. An empty name is replaced, because Chrome shows no track without a name. */
export const nameOf = ({ name, key }: RecordedSubscriber): string => (name === '' ? `subscriber ${key}` : name);

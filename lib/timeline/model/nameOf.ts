import type { RecordedSubscriber } from '../../inspect/InspectRecord.js';

/** What a subscriber is called. The name may be empty: nobody can read that, and Chrome shows no track without a name. */
export const nameOf = ({ name, key }: RecordedSubscriber): string => (name === '' ? `subscriber ${key}` : name);

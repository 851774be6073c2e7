import type { InspectRecord, RecordedSettings, RecordKind } from 'rx-event-broker/inspect';

/** Makes records of one broker, numbered in their order. */
export const recording = (broker = 'broker 1') => {
  const records: InspectRecord[] = [];
  const add = (at: number, kind: RecordKind, more: Partial<InspectRecord> = {}): void => {
    records.push({ n: records.length + 1, at, kind, broker, paused: false, ...more });
  };
  return {
    records,
    add,
    /** What happens to a subscriber. */
    of: (key: number, name: string, settings?: RecordedSettings) => {
      const subscriber = { id: key, key, name, required: true };
      if (settings !== undefined) add(0, 'subscribed', { subscriber, settings });
      return (at: number, kind: RecordKind, more: Partial<InspectRecord> = {}): void =>
        add(at, kind, { subscriber, ...more });
    },
  };
};

/**
 * Twenty subscribers of a busy broker, of which one is stuck in the end: number 8, `bank`. The times are those of a day. The same
 * for the same count.
 */
export const busyRecording = (count: number): readonly InspectRecord[] => {
  const start = Date.UTC(2026, 0, 5, 9, 30);
  const { records, add, of } = recording();
  let seed = 7;
  const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) & 0x7f_ff_ff_ff) / 0x7f_ff_ff_ff;
  add(start, 'opened', { of: 'broker', format: 1 });
  const lanes = Array.from({ length: 20 }, (_, i) => {
    const name = i === 7 ? 'bank' : `worker ${i + 1}`;
    return { happened: of(i + 1, name), waiting: [] as number[], inHand: 0, until: 0, isOptional: i % 3 === 1 };
  });
  let at = start;
  for (let event = 1; records.length < count - 1; event++) {
    at += 8 * random();
    for (const [i, lane] of lanes.entries()) {
      const { happened, waiting, isOptional } = lane;
      const say = (kind: RecordKind, more: Partial<InspectRecord>): void =>
        happened(at, kind, { type: 'Price', backlog: waiting.length + (lane.inHand === 0 ? 0 : 1), ...more });
      const isStuck = i === 7 && records.length > count / 2;
      if (lane.inHand !== 0 && at >= lane.until && !isStuck) {
        const ended = lane.inHand;
        lane.inHand = 0;
        say(random() < 0.01 ? 'failed' : 'ended', { event: ended });
      }
      waiting.push(event);
      say('offered', { event });
      if (waiting.length > 8) {
        waiting.pop();
        say(isOptional ? 'dropped' : 'superseded', { event, reason: 'overflow' });
      }
      if (lane.inHand !== 0) continue;
      lane.inHand = waiting.shift()!;
      lane.until = at + (i % 4 === 1 ? 40 : 8) * random();
      say('began', { event: lane.inHand });
    }
  }
  records.length = count - 1;
  const { happened, inHand, waiting } = lanes[7]!;
  happened(at, 'stalled', { event: inHand, type: 'Price', backlog: waiting.length + 1 });
  return records;
};

// A process that buffers on disk in front of a broker with three required subscribers, for its parent to kill: see
// killSettled.ts.
//
//     node settledChild.js DIRECTORY RUN SYNC     takes messages until it is killed; SYNC as JSON
//     node settledChild.js DIRECTORY RUN          gives what is there, takes nothing, and ends
//
// It reports each thing on a line, written before it goes on, so that what was reported survives it.
import { writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { EMPTY, filter, map, Observable, tap } from 'rxjs';
import { eventBroker, settledBy, type Pausable } from '../../lib/index.js';
import { bufferOnDisk, type Sync } from '../../lib/node.js';

const [directory = '', run = '', syncs] = process.argv.slice(2);
const say = (line: string) => writeSync(1, `${line}\n`);

/** Messages `RUN:1`, `RUN:2`, …, two in a millisecond. Says which of them are durable. */
const messages: Pausable<Uint8Array> = (_, settlement) =>
  new Observable(subscriber => {
    const given = settledBy<string>(subscriber, settlement, text => say(`durable ${text}`));
    let at = 0;
    const emit = () => {
      for (let few = 0; few < 2; few++) {
        const text = `${run}:${++at}`;
        given(text, () => subscriber.next(Buffer.from(text)));
      }
      if (at === 60) clearInterval(timer);
    };
    const timer = setInterval(emit, 1);
    return () => clearInterval(timer);
  });

interface Text {
  readonly type: 'Text';
  readonly text: string;
}

const broker = eventBroker<Text>();
const done = async (name: string, work: Promise<unknown>, events: readonly Text[]) => {
  await work;
  for (const { text } of events) say(`done ${text} ${name}`);
};
const pauses = () => (Math.random() < 0.2 ? wait(1 + Math.random() * 3) : Promise.resolve());
const required = { required: true, types: ['Text'], highWaterMark: 16 } as const;
broker.subscribe({ ...required, name: 'quick', next: event => done('quick', Promise.resolve(), [event]) });
broker.subscribe({ ...required, name: 'slow', next: event => done('slow', pauses(), [event]) });
broker.subscribe({ ...required, name: 'batches', nextBatch: events => done('batches', pauses(), events) });
broker.subscribe({ name: 'optional', required: false, types: ['Text'], next: () => wait(50) });

const buffered = bufferOnDisk(syncs === undefined ? EMPTY : messages, {
  directory,
  eventsPerFile: 25,
  ...(syncs !== undefined && { sync: JSON.parse(syncs) as Sync }),
});
const received: string[] = [];
const source: Pausable<Text> = (pause$, settlement) =>
  new Observable(subscriber => {
    const texts$ = buffered(pause$, settlement).pipe(
      map(message => Buffer.from(message).toString()),
      tap(text => say(`given ${text}`)),
      // every fifth is for nobody
      filter(text => !text.endsWith('5')),
      tap(text => received.push(text)),
      map(text => ({ type: 'Text' as const, text })),
    );
    subscriber.add(texts$.subscribe(subscriber));
    // told behind the buffer, whose cursor has moved by then
    subscriber.add(settlement.settled$.subscribe(settled => settled > 0 && say(`settled ${received[settled - 1]}`)));
  });
broker.receive(source).subscribe({
  error: (error: unknown) => say(`error ${String(error)}`),
  complete: () => {
    say('complete');
    broker.close();
  },
});

// 5. Own application events, narrowed by `types`.
import { concatMap } from 'rxjs';
import { All, eventBroker } from 'rx-event-broker';

type AppEvent =
  | { readonly type: 'Saved'; readonly id: string; readonly version: number }
  | { readonly type: 'Deleted'; readonly id: string; readonly by: string }
  | { readonly type: 'Heartbeat' };

const Changes = ['Saved', 'Deleted'] as const; // a group is an array

const broker = eventBroker<AppEvent>({ unlisted: ['Heartbeat'] });

broker.subscribe({ required: true, types: ['Saved'], next: e => index(e.id, e.version) });
broker.subscribe({ required: true, types: ['Deleted'], next: e => audit(`${e.by} deleted ${e.id}`) });
broker.subscribe({
  required: false,
  types: Changes,
  next: e => {
    console.log(e.id, e.type === 'Saved' ? e.version : e.by);
  },
});
broker.subscribe({
  required: false,
  types: [All, 'Heartbeat'],
  next: e => {
    if (e.type === 'Saved') console.log(e.version);
  },
});
broker.subscribeBatch([
  { required: true, types: ['Saved'], next: e => index(e.id, e.version) },
  { required: false, types: ['Deleted'], next: e => audit(e.by) },
]);

broker
  .stream({ required: true, types: ['Saved'], project: e => index(e.id, e.version) })
  .pipe(concatMap(ms => audit(`indexed in ${ms.toFixed()} ms`)))
  .subscribe();
broker.stream({ required: false, types: ['Deleted'] }).subscribe(e => console.log(e.by));

declare function index(id: string, version: number): Promise<number>;
declare function audit(line: string): Promise<void>;

import { All, type EventOf } from 'rx-event-broker';

type Saved = { readonly type: 'Saved'; readonly id: string };
type Deleted = { readonly type: 'Deleted'; readonly by: string };
type E = Saved | Deleted;
type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const is = <T extends true>() => {};

is<Equal<EventOf<E, 'Saved'>, Saved>>();
is<Equal<EventOf<E, 'Saved' | 'Deleted'>, E>>();
is<Equal<EventOf<E, All | 'Deleted'>, E>>();
is<Equal<typeof All, All>>();
// @ts-expect-error All is more than one of them
is<Equal<EventOf<E, All>, Saved>>();

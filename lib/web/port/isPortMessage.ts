import { count, flag, text } from '../../flow/contract/options.js';

type Allows = (value: unknown) => boolean;

/** Credits may be `Infinity`. */
const aNumber: Allows = count(0).allows;
const aText: Allows = text.allows;
const aGap: Allows = value => hasShape(value, { count: aNumber, reason: aText });
const gaps: Allows = value => Array.isArray(value) && value.every(aGap);

/** The fields of each kind of message, by who sends it. */
const SHAPES: Readonly<Record<'sink' | 'source', Readonly<Record<string, Readonly<Record<string, Allows>>>>>> = {
  sink: {
    hello: { required: flag.allows },
    value: { session: aText, number: aNumber, gaps },
    complete: { gaps },
    closed: { unsettled: aNumber },
  },
  source: {
    open: { session: aText, credit: aNumber },
    progress: { session: aText, settled: aNumber, credit: aNumber },
    left: { session: aText },
  },
};

/** Whether a message has the shape that the other side sends. Other users of the port can send anything. */
export const isPortMessage = (from: 'sink' | 'source', message: unknown): boolean => {
  const kind: unknown = (message as { readonly kind?: unknown } | null | undefined)?.kind;
  return typeof kind === 'string' && Object.hasOwn(SHAPES[from], kind) && hasShape(message, SHAPES[from][kind]!);
};

const hasShape = (value: unknown, shape: Readonly<Record<string, Allows>>): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(shape).every(([field, allows]) => allows((value as Readonly<Record<string, unknown>>)[field]));

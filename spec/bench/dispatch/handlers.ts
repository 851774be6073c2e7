/** What every handler sees, and where it counts. */
export interface Numbered {
  readonly type: string;
  readonly n: number;
}

export const seen = { count: 0, sum: 0 };

/**
 * Sixteen different functions. With one function for all subscribers the engine inlines it into the loop of whatever
 * is measured, and the figure is a lie.
 */
export const handlers: readonly ((event: Numbered) => void)[] = [
  event => {
    seen.count++;
    seen.sum += event.n;
  },
  event => {
    seen.count++;
    seen.sum -= event.n;
  },
  event => {
    seen.count++;
    seen.sum ^= event.n;
  },
  event => {
    seen.count++;
    seen.sum |= event.n;
  },
  event => {
    seen.count++;
    if (event.n > seen.sum) seen.sum = event.n;
  },
  event => {
    seen.count++;
    if (event.n < seen.sum) seen.sum = event.n;
  },
  event => {
    seen.count++;
    seen.sum = (seen.sum + event.n) & 0xffff;
  },
  event => {
    seen.count++;
    seen.sum = (seen.sum * 31 + event.n) | 0;
  },
  event => {
    seen.count++;
    seen.sum += event.type.length;
  },
  event => {
    seen.count++;
    seen.sum += event.n & 1;
  },
  event => {
    seen.count++;
    seen.sum += event.n & 3;
  },
  event => {
    seen.count++;
    seen.sum = event.n;
  },
  event => {
    seen.count++;
    seen.sum = -event.n;
  },
  event => {
    seen.count++;
    seen.sum += event.n >> 2;
  },
  event => {
    seen.count++;
    seen.sum = ~event.n;
  },
  event => {
    seen.count++;
    seen.sum += event.n === 7 ? 1 : 2;
  },
];

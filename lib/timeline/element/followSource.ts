/** What a stream of records tells. */
export interface SourceOwner {
  lines(text: string): void;
  /** The records begin again: forget those before. */
  reset(): void;
  now(ms: number): void;
  /** In words what is wrong with the connection; `undefined` if it is well. */
  connection(problem: string | undefined): void;
}

/**
 * Follows records by Server-Sent Events: the data of a message are lines of JSON, a `reset` comes before a history, `now` tells the
 * time of the records. The browser connects again by itself. Returns how to end it.
 */
export const followSource = (url: string, owner: SourceOwner): (() => void) => {
  const source = new EventSource(url);
  source.onopen = () => owner.connection(undefined);
  source.onerror = () =>
    owner.connection(
      source.readyState === EventSource.CLOSED
        ? 'Not connected: there are no records at this address.'
        : 'Not connected: the program has ended, or is busy. Trying again …',
    );
  source.onmessage = ({ data }: MessageEvent<string>) => owner.lines(data);
  source.addEventListener('reset', () => owner.reset());
  source.addEventListener('now', ({ data }: MessageEvent<string>) => owner.now(Number(data)));
  return () => source.close();
};

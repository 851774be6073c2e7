/** Receives the messages of a stream of records. */
export interface SourceOwner {
  lines(text: string): void;
  /** The stream begins again. Earlier records must be removed. */
  reset(): void;
  now(ms: number): void;
  /** The problem of the connection in words, or `undefined` if it is connected. */
  connection(problem: string | undefined): void;
}

/**
 * Reads records from server-sent events. The data of a message are lines of JSON. A `reset` comes before a history, and `now` has the
 * current time of the records. The browser reconnects by itself. Returns a function that closes the connection.
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

/** The part of a request that this package uses: a request of Node, or of fetch. */
export interface SseRequest {
  /** The headers: a `Headers` of fetch, or the headers object of Node. */
  readonly headers:
    | Readonly<Record<string, string | readonly string[] | undefined>>
    | {
        /** Returns a header, or `null`. */
        get(name: string): string | null;
      };
  /** The method. A `HEAD` gets only headers. */
  readonly method?: string | undefined;
}

/** Reads the header `Last-Event-ID`, if present. Clients send it as UTF-8, but servers decode it as Latin-1. */
export const lastEventId = ({ headers }: SseRequest): string | undefined => {
  const get: unknown = (headers as { readonly get?: unknown }).get;
  const id: unknown =
    typeof get === 'function'
      ? (headers as { get(name: string): unknown }).get('last-event-id')
      : Object.entries(headers).find(([name]) => name.toLowerCase() === 'last-event-id')?.[1];
  return typeof id === 'string' && id !== '' ? decoded(id) : undefined;
};

const decoded = (id: string): string => {
  const codes = Array.from(id, character => character.charCodeAt(0));
  if (codes.some(code => code > 255)) return id;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(codes));
  } catch {
    return id;
  }
};

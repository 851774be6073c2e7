/** What has the headers of a request: one of Node, or one of fetch. */
export interface SseRequest {
  /** A `Headers` of fetch, or the headers of Node. */
  readonly headers:
    | Readonly<Record<string, string | readonly string[] | undefined>>
    | {
        /** A header. */
        get(name: string): string | null;
      };
  /** A `HEAD` is answered with the headers. */
  readonly method?: string | undefined;
}

/** The header `Last-Event-ID`, if there is one. Clients send UTF-8, which platforms read as if each byte were a character. */
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

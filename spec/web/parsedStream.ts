/** An event of a stream, as a browser dispatches it. */
export interface Dispatched {
  readonly type: string;
  readonly data: string;
  readonly lastEventId: string;
}

/**
 * The event stream of HTML, section 9.2.6, step by step as it is written there, for a whole text. Its comments and `retry` are
 * kept, too.
 */
export const parsedStream = (text: string, lastEventId = '') => {
  const dispatched: Dispatched[] = [];
  const comments: string[] = [];
  let [data, type, lastId] = ['', '', lastEventId];
  let retry: number | undefined;
  const dispatch = (): void => {
    if (data !== '')
      dispatched.push({ type: type === '' ? 'message' : type, data: data.replace(/\n$/, ''), lastEventId: lastId });
    [data, type] = ['', ''];
  };
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  lines.pop(); // what has no line end yet
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (line === '') dispatch();
    else if (colon === 0) comments.push(line.slice(1));
    else {
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'event') type = value;
      if (field === 'data') data += `${value}\n`;
      if (field === 'id' && !value.includes('\0')) lastId = value;
      if (field === 'retry' && /^\d+$/.test(value)) retry = Number(value);
    }
  }
  return { dispatched, comments, retry };
};

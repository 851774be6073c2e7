import type { Values } from '../Protocol.js';

/** Characters of a program that fit into a link. */
const MOST = 20_000;

/** A program and the values of its sliders. */
export interface Shared {
  readonly program: string;
  readonly values: Values;
}

/** The link does not hold a program. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
}

/** What stands after the `#` of a link. Throws `LinkError` for a program that is too long. */
export const linkOf = async ({ program, values }: Shared): Promise<string> => {
  if (program.length > MOST) {
    throw new LinkError(`The program has ${program.length} characters; a link holds ${MOST}.`);
  }
  const bytes = new TextEncoder().encode(JSON.stringify({ program, values }));
  const packed = await collected(streamOf(bytes).pipeThrough(new CompressionStream('deflate-raw')), Infinity);
  const text = btoa(Array.from(packed, byte => String.fromCharCode(byte)).join(''));
  return `p1=${text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
};

/** The program of a link. Throws `LinkError`. */
export const sharedIn = async (link: string): Promise<Shared> => {
  const [, version, text] = /^p(\d+)=(.*)$/.exec(link) ?? [];
  if (text === undefined) throw new LinkError('This link holds no program.');
  if (version !== '1') throw new LinkError(`This link has the format ${version}; this playground reads the format 1.`);
  const shared = await unpacked(text).catch((error: unknown) => {
    throw error instanceof LinkError ? error : new LinkError('This link is damaged: a part of it may be missing.');
  });
  if (!isShared(shared)) throw new LinkError('This link is damaged: it holds no program.');
  if (shared.program.length > MOST) throw new LinkError(`This link holds more than ${MOST} characters.`);
  return { program: shared.program, values: shared.values };
};

const unpacked = async (text: string): Promise<unknown> => {
  const packed = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), sign => sign.charCodeAt(0));
  // A few bytes can unpack to very many. A character has at most three, and six where JSON escapes it.
  const bytes = await collected(
    streamOf(packed).pipeThrough(new DecompressionStream('deflate-raw')),
    MOST * 6 + 10_000,
  );
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
};

const isShared = (value: unknown): value is Shared => {
  const { program, values } = (value ?? {}) as { readonly program?: unknown; readonly values?: unknown };
  return (
    typeof program === 'string' &&
    typeof values === 'object' &&
    values !== null &&
    Object.values(values).every(each => Number.isFinite(each))
  );
};

const streamOf = (bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> =>
  new Blob([bytes]).stream();

const collected = async (stream: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > most) {
      void reader.cancel();
      throw new LinkError(`This link holds more than ${MOST} characters.`);
    }
    parts.push(next.value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

import type { NatsConnection } from '../NatsConnection.js';
import { DuplicateIdError, NoSuchStreamError } from './errors.js';

/** A message in a stream. */
export interface StoredMessage {
  readonly subject: string;
  readonly sequence: number;
  /** The `Nats-Msg-Id`. Empty if the message has none. */
  readonly id: string;
}

/** The state of a stream that a sink needs. */
export interface StreamState {
  readonly lastSequence: number;
  /** The largest message in bytes, with headers. -1: no limit. */
  readonly maxMessageSize: number;
}

/** The response fields of the API that a sink uses. */
interface ApiAnswer {
  readonly error?: { readonly code: number; readonly err_code?: number; readonly description?: string };
  readonly message?: { readonly subject: string; readonly seq: number; readonly hdrs?: string };
  readonly config?: { readonly max_msg_size?: number };
  readonly state?: { readonly last_seq: number };
  readonly streams?: readonly string[] | null;
}

/** An error response of the API. */
class StreamApiError extends Error {
  override readonly name = 'JetStreamApiError';
  readonly code: number | undefined;
  readonly status: number;

  constructor({ code, err_code, description = 'an error with no description' }: NonNullable<ApiAnswer['error']>) {
    super(description);
    this.code = err_code;
    this.status = code;
  }
}

const NO_MESSAGE = 10_037;
const NO_STREAM = 10_059;

/** Reads from a stream with API requests. The leader of the stream answers them, so the results are up to date. */
export class StreamReader {
  readonly #connection: NatsConnection;
  readonly #stream: string;
  readonly #prefix: string;
  readonly #timeout: number;

  constructor(connection: NatsConnection, stream: string, prefix: string, timeout: number) {
    this.#connection = connection;
    this.#stream = stream;
    this.#prefix = prefix;
    this.#timeout = timeout;
  }

  async state(): Promise<StreamState> {
    const { config, state } = await this.#ask(`STREAM.INFO.${this.#stream}`, {});
    return { lastSequence: state?.last_seq ?? 0, maxMessageSize: config?.max_msg_size ?? -1 };
  }

  /** The message at a sequence. `undefined` if there is none, or if it was deleted. */
  at(sequence: number): Promise<StoredMessage | undefined> {
    return this.#message({ seq: sequence });
  }

  /** The last message of a subject. `undefined` if there is none. */
  last(subject: string): Promise<StoredMessage | undefined> {
    return this.#message({ last_by_subj: subject });
  }

  /** Throws `DuplicateIdError` unless the stream still has the message that the server took for the same one. */
  async mustHold(subject: string, id: string, sequence: number): Promise<void> {
    const message = await this.at(sequence);
    if (message?.id !== id) throw new DuplicateIdError(this.#stream, subject, id, sequence);
  }

  /** Throws `NoSuchStreamError` if the stream does not exist or does not include the subject. */
  async mustTake(subject: string): Promise<void> {
    const { streams } = await this.#ask('STREAM.NAMES', { subject });
    if (streams?.includes(this.#stream) === true) return;
    // throws if it is the stream that is missing
    await this.state();
    throw new NoSuchStreamError(this.#stream, subject);
  }

  async #message(query: object): Promise<StoredMessage | undefined> {
    try {
      const { message } = await this.#ask(`STREAM.MSG.GET.${this.#stream}`, query);
      if (message === undefined) return undefined;
      return { subject: message.subject, sequence: message.seq, id: idOf(message.hdrs) };
    } catch (error) {
      if ((error as StreamApiError).code === NO_MESSAGE) return undefined;
      throw error;
    }
  }

  async #ask(what: string, query: object): Promise<ApiAnswer> {
    const { data } = await this.#connection.request(`${this.#prefix}.${what}`, JSON.stringify(query), {
      timeout: this.#timeout,
    });
    const answer = JSON.parse(new TextDecoder().decode(data)) as ApiAnswer;
    if (answer.error?.err_code === NO_STREAM) throw new NoSuchStreamError(this.#stream);
    if (answer.error !== undefined) throw new StreamApiError(answer.error);
    return answer;
  }
}

/** Reads the id from message headers, which the API encodes as base64. */
const idOf = (headers = ''): string => {
  const text = Buffer.from(headers, 'base64').toString('utf8');
  return /^Nats-Msg-Id: *(.*?)\r$/im.exec(text)?.[1] ?? '';
};

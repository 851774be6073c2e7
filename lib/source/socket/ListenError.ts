import { seeDocs } from '../../event/seeDocs.js';

/** A port that cannot be listened on: in use, not ours, not there. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly host: string;
  readonly port: number;

  constructor(host: string, port: number, cause: Error) {
    super(seeDocs('ListenError', `${host}:${port}: expected to listen, found ${cause.message}`), { cause });
    this.host = host;
    this.port = port;
  }
}

import { loadavg } from 'node:os';
import { jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Client } from 'pg';
import { PREFIX, STREAM } from './chain.js';

const PROGRESS = 'select name, height::int, epoch::int, position from block_store_progress order by name';
const SESSIONS = `select pid, state, wait_event, pg_blocking_pids(pid) as blocked_by, left(query, 60) as query,
    extract(epoch from now() - xact_start)::int as open_for
  from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() order by pid`;

/** How long to look whether somebody renews, in ms. */
const LOOK = 1000;

/**
 * Why owners stand still, by what the servers say: who has which lease and still renews, what is published and stored, who reads, and
 * which session of the database waits for which. What cannot be had is said so.
 */
export const standstill = async (connection: NatsConnection, sql: Client): Promise<string> => {
  const part = async (what: string, ask: () => Promise<unknown>): Promise<string> => {
    try {
      return `${what}: ${JSON.stringify(await ask())}`;
    } catch (error) {
      return `${what}: ${String(error)}`;
    }
  };
  const leases = async (): Promise<unknown> =>
    (await (await new Kvm(connection).open('leases')).get(`leases.${PREFIX}.default`))?.json();
  const stream = async (): Promise<unknown> => {
    const manager = await jetstreamManager(connection, { checkAPI: false });
    const { state } = await manager.streams.info(STREAM, { subjects_filter: '>' });
    const consumers = await manager.consumers.list(STREAM).next();
    return {
      last: state.last_seq,
      subjects: state.subjects,
      consumers: consumers.map(({ name, config, delivered, num_pending, num_waiting }) => ({
        name,
        of: config.filter_subject,
        delivered: delivered.stream_seq,
        num_pending,
        num_waiting,
      })),
    };
  };
  const rows = (text: string) => async (): Promise<unknown> => (await sql.query(text)).rows;
  const before = await part('leases', leases);
  await new Promise(resolve => setTimeout(resolve, LOOK));
  const parts = [
    before,
    await part(`leases ${LOOK} ms later`, leases),
    await part('stream', stream),
    await part('stored', rows(PROGRESS)),
    await part('sessions', rows(SESSIONS)),
    `load: ${loadavg().join()}`,
  ];
  return parts.join('\n');
};

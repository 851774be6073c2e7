import { openDatabase } from '../store/openDatabase.js';

/** The same database, but with an empty schema before all others. */
export const emptySchema = async (url: string, schema: string): Promise<string> => {
  const { client, close } = await openDatabase(url, '');
  await client.query(`drop schema if exists ${schema} cascade`);
  await client.query(`create schema ${schema}`);
  await close();
  const inSchema = new URL(url);
  inSchema.searchParams.set('options', `-c search_path=${schema}`);
  return inSchema.href;
};

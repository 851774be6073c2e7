// A NestJS application with a broker. It is closed while orders wait for a slow database.
// Look at the last lines: `close` waited for them, and the database was closed after that.
import { NestFactory } from '@nestjs/core';
import { Database, Shop, shopModule } from './shop.js';

export const main = async (print: (line: string) => void): Promise<void> => {
  const app = await NestFactory.createApplicationContext(shopModule(), { logger: false });
  const database = app.get(Database);
  const shop = app.get(Shop);
  for (let id = 1; id <= 5; id++) shop.order(id);
  print(`5 orders sent, ${database.stored.length} stored`);

  await app.close();
  print(`closed: ${database.stored.length} stored, the database is ${database.isOpen ? 'open' : 'closed'}`);
  try {
    shop.order(6);
  } catch (error) {
    print(`no order 6: ${(error as Error).name}`);
  }
};

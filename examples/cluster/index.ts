import { whenUnread } from '../terminal/whenUnread.js';
import { main } from './main.js';

whenUnread(process.stdout);
process.exitCode = await main(process.argv.slice(2), process.stdout, process.stderr);

import { main } from './main.js';

const [, , , mebibytes = '64'] = process.argv;
await main(console.log, Number(mebibytes));

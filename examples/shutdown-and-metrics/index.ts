import { fromEvent } from 'rxjs';
import { main } from './main.js';

const stopped = main(console.log, fromEvent(process, 'SIGTERM'));
process.kill(process.pid, 'SIGTERM'); // whoever runs a service does this to it
await stopped;

import { fromEvent } from 'rxjs';
import { main } from './main.js';

const stopped = main(console.log, fromEvent(process, 'SIGTERM'));
process.kill(process.pid, 'SIGTERM'); // as a service manager does
await stopped;

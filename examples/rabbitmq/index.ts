import { main } from './main.js';

await main(console.log, process.env['AMQP_URL'] ?? 'amqp://localhost:5672');

// The stack without Docker, until Ctrl-C: `node test/harness/stack/by-hand.ts`. Ports and folder are fresh each time;
// nothing is kept.
import { stdout } from 'node:process';
import { startStack } from './stack.ts';

const stack = await startStack();
for (const [name, url] of Object.entries(stack.urls)) stdout.write(`${name.padEnd(20)} ${url}\n`);
stdout.write(`\nSWARMSCOPE_EXPORT=${stack.endpoint} npm start\n`);
// A second signal ends at once.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stack.stop());

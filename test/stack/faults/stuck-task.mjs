/** A task whose agent, a command, waits for a human who is not there: six minutes without a sign of life. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { withTask } from 'swarmscope';

void withTask('review', () => once(spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] }), 'exit'));
setTimeout(() => globalThis.timePasses(), 500);

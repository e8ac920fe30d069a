/** A swarm as it should be: work of every kind, enough workers, nothing fails. Runs until it is ended. */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { setTimeout as work } from 'node:timers/promises';
import { promisify } from 'node:util';
import OpenAI from 'openai';
import PQueue from 'p-queue';
import { withAgent, withBatch, withTask, withTool } from 'swarmscope';

const run = promisify(execFile);
const git = (...args) => run('git', ['-C', 'shop', ...args]);
const client = new OpenAI();
const queue = new PQueue({ concurrency: 4 });
mkdirSync('shop');
await git('init', '-q');

const implement = () =>
  withAgent('coder', async () => {
    await client.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'next step' }] });
    await withTool('run_tests', () => work(100));
  });

for (let step = 0; ; step++) {
  await queue.addAll([implement, implement, implement]);
  await withBatch('supersteps', () => Promise.all([1, 2, 3].map(() => withTask('review', () => work(200)))));
  if (step % 5 === 0) await git('commit', '-q', '--allow-empty', '-m', 'a step');
}

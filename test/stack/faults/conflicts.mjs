/** Two branches that change the same five files, merged again and again. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as work } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const git = (...args) => run('git', ['-C', 'shop', ...args]);
const files = ['cart', 'stock', 'prices', 'catalog', 'search'];

async function commit(text) {
  for (const file of files) writeFileSync(`shop/${file}`, `${text}\n`);
  await git('add', '.');
  await git('commit', '-q', '-m', text);
}

mkdirSync('shop');
await git('init', '-q', '-b', 'main');
await commit('start');
await git('switch', '-q', '-c', 'other');
await commit('theirs');
await git('switch', '-q', 'main');
await commit('ours');
for (;;) {
  await git('merge', 'other').catch(() => {});
  await git('merge', '--abort');
  await work(500);
}

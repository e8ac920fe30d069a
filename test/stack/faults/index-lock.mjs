/** Four agents that commit in one worktree, with a hook that takes its time: all but one find index.lock. */
import { execFile } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as work } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const git = (...args) => run('git', ['-C', 'shop', ...args]);
const files = ['cart', 'stock', 'prices', 'catalog'];
mkdirSync('shop');
await git('init', '-q');
for (const file of files) writeFileSync(`shop/${file}`, 'start\n');
await git('add', '.');
await git('commit', '-q', '-m', 'start');
writeFileSync('shop/.git/hooks/pre-commit', '#!/bin/sh\nsleep 0.5\n', { mode: 0o755 });

async function agent(file) {
  for (;;) {
    appendFileSync(`shop/${file}`, 'a line\n');
    await git('commit', '-q', '-a', '-m', 'a step').catch(() => {});
    await work(200);
  }
}
for (const file of files) void agent(file);

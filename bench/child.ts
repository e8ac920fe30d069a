/** CPU that a parent spends per child process, with and without the preload. `node bench/child.ts [rounds] [dist]` */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { builtFolder } from './built.ts';
import { pairedRounds, type Figure } from './rounds.ts';

const CHILDREN = 40;
const SETTLE_MS = 250;

export async function measureChildren(dist: string, rounds: number): Promise<Figure[]> {
  const sink = fork(join(import.meta.dirname, 'programs/provider.mjs'), { execArgv: [], env: { PATH: process.env['PATH'] } });
  const [url] = (await once(sink, 'message')) as [string];
  const figures: Figure[] = [];
  for (const way of ['spawn', 'spawnSync']) {
    const start = (execArgv: string[]) =>
      fork(join(import.meta.dirname, 'programs/parent.cjs'), {
        execArgv,
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'], BENCH_WAY: way, SWARMSCOPE_ENDPOINT: url },
      });
    const parents = { none: start([]), preload: start(['--require', join(dist, 'register.cjs')]) };
    const ask = async (name: 'none' | 'preload', count: number): Promise<number> => {
      const answer = once(parents[name], 'message') as Promise<[{ cpuUs: number }]>;
      parents[name].send({ count });
      return (await answer)[0].cpuUs;
    };
    const measure = async (name: 'none' | 'preload'): Promise<number> => {
      const before = await ask(name, 0);
      await ask(name, CHILDREN);
      await delay(SETTLE_MS);
      return ((await ask(name, 0)) - before) / CHILDREN;
    };
    try {
      await Promise.all([once(parents.none, 'message'), once(parents.preload, 'message')]);
      await pairedRounds(['none', 'preload'], 2, measure);
      const { none, preload } = await pairedRounds(['none', 'preload'], rounds, measure);
      figures.push({ name: `${way}, CPU us alone`, value: none.value });
      figures.push({ name: `${way}, CPU us added`, value: preload.added });
      figures.push({ name: `${way}, CPU x none`, value: preload.ratio });
    } finally {
      for (const parent of Object.values(parents)) parent.kill();
    }
  }
  sink.kill();
  return figures;
}

if (import.meta.main) {
  const [rounds = '9', dist] = process.argv.slice(2);
  console.table(await measureChildren(await builtFolder(dist), Number(rounds)));
}

/** CPU that a parent spends per child process, alone and with each preload. `node bench/child.ts [rounds] [dist]` */
import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { builtFolder } from './built.ts';
import { gather, NONE, OURS, whoWorks, type Field } from './contenders.ts';
import { forkProgram, nextMessage } from './processes.ts';
import { pairedRounds, spreadOf, type Comparison, type Figure, type Measured } from './rounds.ts';
import { removeFolders } from './temporary.ts';

const CHILDREN = 40;
/** Of the first: code is compiled, and what comes with the first child is there. */
const WARM_UP_CHILDREN = 200;
const SETTLE_MS = 250;

export async function measureChildren(rounds: number, field: Field, tell: (line: string) => void): Promise<Measured> {
  const sink = forkProgram('provider.mjs', { execArgv: [], env: { PATH: process.env['PATH'] } });
  const url = await nextMessage<string>(sink);
  const figures: Figure[] = [];
  const comparisons: Comparison[] = [];
  for (const way of ['spawn', 'spawnSync']) {
    const parents = new Map<string, ChildProcess>();
    const ask = async (name: string, count: number): Promise<number> => {
      const parent = parents.get(name) as ChildProcess;
      const answer = nextMessage<{ cpuUs: number }>(parent);
      parent.send({ count });
      return (await answer).cpuUs;
    };
    try {
      await whoWorks(
        // A hand-written span says nothing about children.
        field.contenders.filter(({ env }) => env(url)['BENCH_BARE'] === undefined),
        async ({ name, execArgv, env }) => {
          const { PATH, HOME } = process.env;
          const parent = forkProgram('parent.cjs', {
            execArgv: [...execArgv],
            env: { PATH, HOME, BENCH_WAY: way, BENCH_URL: url, ...env(url) },
            stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
          });
          await nextMessage(parent);
          parents.set(name, parent);
          await ask(name, WARM_UP_CHILDREN);
        },
        tell,
      );
      const by = await pairedRounds([...parents.keys()], rounds, async (name) => {
        const before = await ask(name, 0);
        await ask(name, CHILDREN);
        await delay(SETTLE_MS);
        return ((await ask(name, 0)) - before) / CHILDREN;
      });
      comparisons.push({ what: `\`${way}\``, alone: `${by[NONE]?.value.toFixed(0)} us`, by });
      figures.push({ name: `${way}, CPU us added`, value: by[OURS]?.added ?? NaN });
      figures.push({ name: `${way}, CPU x none`, value: by[OURS]?.ratio ?? NaN, ...spreadOf(by[OURS]) });
    } finally {
      for (const parent of parents.values()) parent.kill('SIGKILL');
    }
  }
  sink.kill();
  return { figures, comparisons };
}

if (import.meta.main) {
  const [rounds = '9', dist] = process.argv.slice(2);
  const own = await gather(await builtFolder(dist), { withPeers: false });
  console.table((await measureChildren(Number(rounds), own, (line) => console.log(line))).figures);
  removeFolders();
}

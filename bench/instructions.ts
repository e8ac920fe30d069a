/**
 * Instructions of starting a process, which a busy machine does not change: by `perf stat` where the processor lets it count,
 * else by valgrind, else not at all. `node bench/instructions.ts [rounds] [dist] [older dist]`
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { builtFolder } from './built.ts';
import { gather, NONE, OURS, type Contender } from './contenders.ts';
import { errorsOf } from './processes.ts';
import { pairedRounds, spreadOf, type Measured } from './rounds.ts';
import { removeFolders } from './temporary.ts';

/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9';

interface Counter {
  readonly command: string;
  readonly args: readonly string[];
  /** The number in what it writes to its standard error. */
  readonly count: RegExp;
}

const counters: readonly Counter[] = [
  { command: 'perf', args: ['stat', '-e', 'instructions:u'], count: /([\d,.]+)\s+instructions/ },
  { command: 'valgrind', args: ['--tool=cachegrind', '--cache-sim=no', '--cachegrind-out-file=/dev/null'], count: /I\s+refs:\s+([\d,]+)/ },
];

/** The first that counts here. */
function counterHere(): Counter | undefined {
  return counters.find(({ command, args, count }) => count.test(String(spawnSync(command, [...args, 'true']).stderr)));
}

async function countOf({ command, args, count }: Counter, { execArgv, env }: Contender): Promise<number> {
  const { PATH, HOME } = process.env;
  const program = [process.execPath, ...execArgv, join(import.meta.dirname, 'programs/empty.cjs')];
  const said = await errorsOf(command, [...args, ...program], { PATH, HOME, ...env(NOWHERE), BENCH_URL: NOWHERE });
  return Number(count.exec(said)?.[1]?.replaceAll(/[,.]/g, ''));
}

export async function measureInstructions(dist: string, rounds: number, tell: (line: string) => void, older?: string): Promise<Measured> {
  const counter = counterHere();
  if (counter === undefined) {
    tell('instructions are left out: neither perf nor valgrind counts them here');
    return { figures: [], comparisons: [] };
  }
  const named = async (folder: string, name: string): Promise<Contender[]> =>
    (await gather(folder, { withPeers: false })).contenders
      .filter((each) => each.name === NONE || each.name === OURS)
      .map((each) => (each.name === OURS ? { ...each, name } : each));
  const contenders = [...(await named(dist, OURS)), ...(older === undefined ? [] : (await named(older, 'older')).slice(1))];
  const by = await pairedRounds(
    contenders.map(({ name }) => name),
    rounds,
    (name) => countOf(counter, contenders.find((each) => each.name === name) as Contender),
  );
  const { [NONE]: none, [OURS]: ours } = by;
  return {
    comparisons: [
      { what: `start-up, empty app, instructions (${counter.command})`, alone: `${((none?.value ?? NaN) / 1e6).toFixed(0)} million`, by },
    ],
    figures: [
      { name: 'start-up empty.cjs, instructions x none', value: ours?.ratio ?? NaN, ...spreadOf(ours) },
      { name: 'start-up empty.cjs, million instructions added', value: (ours?.added ?? NaN) / 1e6 },
      ...(older === undefined ? [] : [{ name: 'the same of the older build', value: (by['older']?.added ?? NaN) / 1e6 }]),
    ],
  };
}

if (import.meta.main) {
  const [rounds = '3', dist, older] = process.argv.slice(2);
  console.table((await measureInstructions(await builtFolder(dist), Number(rounds), (line) => console.log(line), older)).figures);
  removeFolders();
}

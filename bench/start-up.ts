/**
 * CPU of starting a process with and without a preload: apps that record nothing, and package managers. `node
 * bench/start-up.ts [rounds] [dist]`
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installTools } from '../test/promises/platforms/tools/install.ts';
import { builtFolder } from './built.ts';
import { BARE, gather, NONE, OURS, whoWorks, type Contender, type Field } from './contenders.ts';
import { outputOf } from './processes.ts';
import { median, pairedRounds, spreadOf, type Comparison, type Figure, type Measured } from './rounds.ts';
import { removeFolders } from './temporary.ts';

const programs = join(import.meta.dirname, 'programs');
const measurer = join(programs, 'at-exit.cjs');
/** Nobody listens there: what nothing is recorded for is not sent. */
const NOWHERE = 'http://127.0.0.1:9';
/** A process that hangs is a contender that does not work. */
const TIMEOUT_MS = 60_000;

interface Cost {
  cpuMs: number;
  rssMb: number;
  files: number;
}

async function costOf(args: readonly string[], env: Record<string, string | undefined> = {}): Promise<Cost> {
  const { PATH, HOME } = process.env;
  const stdio = ['ignore', 'ignore', 'ignore', 'pipe'] as const;
  const output = await outputOf(process.execPath, args, { stdio: [...stdio], env: { PATH, HOME, ...env }, timeout: TIMEOUT_MS, from: 3 });
  return JSON.parse(output) as Cost;
}

/** npm's own entry beside the running node, or the one on PATH. */
function npmScript(): string | undefined {
  const folders = [join(dirname(process.execPath), '..'), ...(process.env['PATH'] ?? '').split(':').map((folder) => join(folder, '..'))];
  return folders.map((folder) => join(folder, 'lib/node_modules/npm/bin/npm-cli.js')).find((file) => existsSync(file));
}

/** In which apps the peers take part: those that hook ES modules need flags of their own for it. */
const apps = [
  { file: 'empty.cjs', what: 'start-up, empty app', isForAll: true },
  { file: 'openai.cjs', what: 'start-up, app that loads `openai` (CommonJS)', isForAll: true },
  { file: 'openai.mjs', what: 'start-up, app that loads `openai` (ES module)', isForAll: false },
] as const;

export async function measureStartUp(dist: string, rounds: number, field: Field, tell: (line: string) => void): Promise<Measured> {
  const figures: Figure[] = [];
  const comparisons: Comparison[] = [];
  const start = ({ execArgv, env }: Contender, file: string): Promise<Cost> =>
    costOf(['--require', measurer, ...execArgv, join(programs, file)], { ...env(NOWHERE), BENCH_URL: NOWHERE, BENCH_DIST: dist });
  const working = await whoWorks(field.contenders, (contender) => start(contender, 'openai.cjs'), tell);
  for (const { file, what, isForAll } of apps) {
    const taking = new Map(working.filter(({ name }) => isForAll || [NONE, OURS, BARE].includes(name)).map((each) => [each.name, each]));
    const rss = new Map<string, number[]>([...taking.keys()].map((name) => [name, []]));
    let files = 0;
    const by = await pairedRounds([...taking.keys()], rounds, async (name) => {
      const cost = await start(taking.get(name) as Contender, file);
      rss.get(name)?.push(cost.rssMb);
      if (name === OURS) files = Math.max(files, cost.files);
      return cost.cpuMs;
    });
    const { [NONE]: none, [OURS]: ours } = by;
    comparisons.push({ what, alone: `${none?.value.toFixed(0)} ms`, by });
    figures.push({ name: `start-up ${file}, CPU x none`, value: ours?.ratio ?? NaN, ...spreadOf(ours) });
    figures.push({ name: `start-up ${file}, CPU ms added`, value: ours?.added ?? NaN });
    figures.push({ name: `start-up ${file}, peak RSS MB added`, value: median(rss.get(OURS) ?? []) - median(rss.get(NONE) ?? []) });
    figures.push({ name: `start-up ${file}, files loaded`, value: files });
  }
  figures.push(...(await measureInherited(join(dist, 'register.cjs'), rounds)));
  return { figures, comparisons };
}

/** npm, pnpm and yarn, which are left alone. Those that are not there are told. */
export async function measureManagers(dist: string, rounds: number, tell: (line: string) => void): Promise<Measured> {
  const figures: Figure[] = [];
  const comparisons: Comparison[] = [];
  const preload = join(dist, 'register.cjs');
  const tools = installTools();
  const managers = { npm: npmScript(), pnpm: join(tools, 'pnpm10/bin/pnpm.cjs'), yarn: join(tools, 'yarn/bin/yarn.js') };
  const options = (name: string): string => `--require ${measurer}${name === NONE ? '' : ` --require ${preload}`}`;
  for (const [manager, script] of Object.entries(managers)) {
    if (script === undefined) {
      tell(`${manager} is left out: it is not beside node, nor on PATH`);
      continue;
    }
    const by = await pairedRounds(
      [NONE, OURS],
      rounds,
      async (name) => (await costOf([script, '--version'], { NODE_OPTIONS: options(name) })).cpuMs,
    );
    comparisons.push({ what: `\`${manager} --version\``, alone: `${by[NONE]?.value.toFixed(0)} ms`, by });
    figures.push({ name: `${manager} --version, CPU x none`, value: by[OURS]?.ratio ?? NaN, ...spreadOf(by[OURS]) });
    figures.push({ name: `${manager} --version, CPU ms added`, value: by[OURS]?.added ?? NaN });
  }
  return { figures, comparisons };
}

/** A child that inherits the preload, against one that has it by `--require`: what it costs that it cannot fail. */
async function measureInherited(preload: string, rounds: number): Promise<Figure[]> {
  const { PATH, HOME } = process.env;
  const shell = "process.stdout.write(require('node:child_process').execFileSync('sh', ['-c', 'printf %s \"$NODE_OPTIONS\"']))";
  const inherited = await outputOf(process.execPath, ['--require', preload, '-e', shell], {
    env: { PATH, HOME, SWARMSCOPE_ENDPOINT: NOWHERE },
    stdio: ['ignore', 'pipe', 'inherit'],
    from: 1,
  });
  const options = { require: `--require "${preload}"`, none: '', inherited };
  const cpu = await pairedRounds(['require', 'none', 'inherited'], rounds, async (name) => {
    const env = { BENCH_DIST: dirname(preload), SWARMSCOPE_ENDPOINT: NOWHERE, NODE_OPTIONS: options[name] };
    return (await costOf(['--require', measurer, join(programs, 'empty.cjs')], env)).cpuMs;
  });
  return [
    { name: 'start-up empty.cjs, inherited, CPU x --require', value: cpu.inherited.ratio },
    { name: 'start-up empty.cjs, inherited, CPU ms more than --require', value: cpu.inherited.added },
  ];
}

if (import.meta.main) {
  const [rounds = '9', given] = process.argv.slice(2);
  const dist = await builtFolder(given);
  const tell = (line: string): void => console.log(line);
  const own = await gather(dist, { withPeers: false });
  console.table((await measureStartUp(dist, Number(rounds), own, tell)).figures);
  console.table((await measureManagers(dist, Number(rounds), tell)).figures);
  removeFolders();
}

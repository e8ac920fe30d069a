/** CPU of starting a process with and without the preload: apps that record nothing, and npm. `node bench/start-up.ts [rounds] [dist]` */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { builtFolder } from './built.ts';
import { median, pairedRounds, type Figure } from './rounds.ts';

const programs = join(import.meta.dirname, 'programs');
const measurer = join(programs, 'at-exit.cjs');

interface Cost {
  cpuMs: number;
  rssMb: number;
  files: number;
}

function costOf(nodeArgs: readonly string[], script: readonly string[], env: Record<string, string> = {}): Cost {
  const child = spawnSync(process.execPath, [...nodeArgs, ...script], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
  });
  return JSON.parse(String(child.output[3])) as Cost;
}

/** npm's own entry beside the running node, or the one on PATH. */
function npmScript(): string | undefined {
  const folders = [join(dirname(process.execPath), '..'), ...(process.env['PATH'] ?? '').split(':').map((folder) => join(folder, '..'))];
  return folders.map((folder) => join(folder, 'lib/node_modules/npm/bin/npm-cli.js')).find((file) => existsSync(file));
}

export async function measureStartUp(dist: string, rounds: number): Promise<Figure[]> {
  const preload = join(dist, 'register.cjs');
  const figures: Figure[] = [];
  for (const app of ['empty.cjs', 'openai.cjs', 'openai.mjs']) {
    const rss: Record<string, number[]> = { none: [], preload: [] };
    let files = 0;
    const cpu = await pairedRounds(['none', 'preload'], rounds, (name) => {
      const args = name === 'none' ? [] : ['--require', preload];
      const cost = costOf(['--require', measurer, ...args], [join(programs, app)], { BENCH_DIST: dist });
      rss[name]?.push(cost.rssMb);
      files = Math.max(files, cost.files);
      return cost.cpuMs;
    });
    figures.push({ name: `start-up ${app}, CPU x none`, value: cpu.preload.ratio });
    figures.push({ name: `start-up ${app}, CPU ms added`, value: cpu.preload.added });
    figures.push({ name: `start-up ${app}, peak RSS MB added`, value: median(rss['preload'] ?? []) - median(rss['none'] ?? []) });
    figures.push({ name: `start-up ${app}, files loaded`, value: files });
  }
  const npm = npmScript();
  if (npm === undefined) return figures;
  const options = (name: string): string => `--require ${measurer}${name === 'none' ? '' : ` --require ${preload}`}`;
  const cpu = await pairedRounds(
    ['none', 'preload'],
    rounds,
    (name) => costOf([], [npm, '--version'], { NODE_OPTIONS: options(name) }).cpuMs,
  );
  return [
    ...figures,
    { name: 'npm --version, CPU x none', value: cpu.preload.ratio },
    { name: 'npm --version, CPU ms added', value: cpu.preload.added },
  ];
}

if (import.meta.main) {
  const [rounds = '9', dist] = process.argv.slice(2);
  console.table(await measureStartUp(await builtFolder(dist), Number(rounds)));
}

/**
 * CPU of starting a process with and without the preload: apps that record nothing, and package managers. `node
 * bench/start-up.ts [rounds] [dist]`
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installTools } from '../test/promises/platforms/tools/install.ts';
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
  figures.push(...(await measureInherited(preload, rounds)));
  const tools = installTools();
  const managers = { npm: npmScript(), pnpm: join(tools, 'pnpm10/bin/pnpm.cjs'), yarn: join(tools, 'yarn/bin/yarn.js') };
  const options = (name: string): string => `--require ${measurer}${name === 'none' ? '' : ` --require ${preload}`}`;
  for (const [manager, script] of Object.entries(managers)) {
    if (script === undefined) continue;
    const cpu = await pairedRounds(
      ['none', 'preload'],
      rounds,
      (name) => costOf([], [script, '--version'], { NODE_OPTIONS: options(name) }).cpuMs,
    );
    figures.push({ name: `${manager} --version, CPU x none`, value: cpu.preload.ratio });
    figures.push({ name: `${manager} --version, CPU ms added`, value: cpu.preload.added });
  }
  return figures;
}

/** A child that inherits the preload, against one that has it by `--require`: what it costs that it cannot fail. */
async function measureInherited(preload: string, rounds: number): Promise<Figure[]> {
  const environment = { PATH: process.env['PATH'], HOME: process.env['HOME'], SWARMSCOPE_ENDPOINT: 'http://127.0.0.1:9' };
  const shell = "process.stdout.write(require('node:child_process').execFileSync('sh', ['-c', 'printf %s \"$NODE_OPTIONS\"']))";
  const inherited = execFileSync(process.execPath, ['--require', preload, '-e', shell], { env: environment, encoding: 'utf8' });
  const options = { none: '', require: `--require "${preload}"`, inherited };
  const cpu = await pairedRounds(['require', 'none', 'inherited'], rounds, (name) => {
    const env = { BENCH_DIST: dirname(preload), SWARMSCOPE_ENDPOINT: environment.SWARMSCOPE_ENDPOINT, NODE_OPTIONS: options[name] };
    return costOf(['--require', measurer], [join(programs, 'empty.cjs')], env).cpuMs;
  });
  return [
    { name: 'start-up empty.cjs, inherited, CPU x --require', value: cpu.inherited.ratio },
    { name: 'start-up empty.cjs, inherited, CPU ms more than --require', value: cpu.inherited.added },
  ];
}

if (import.meta.main) {
  const [rounds = '9', dist] = process.argv.slice(2);
  console.table(await measureStartUp(await builtFolder(dist), Number(rounds)));
}

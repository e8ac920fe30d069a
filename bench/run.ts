/**
 * Measures what swarmscope costs, prints it against its gates and adds the result to bench/README.md. `node
 * bench/run.ts [rounds] [dist]`
 */
import { appendFile, readFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { builtFolder } from './built.ts';
import { measureCalls } from './call.ts';
import { measureChildren } from './child.ts';
import { measureGateway } from './gateway.ts';
import type { Figure } from './rounds.ts';
import { measureScan } from './scan.ts';
import { measureStartUp } from './start-up.ts';
import { measureWire } from './wire.ts';

interface Budget {
  readonly name: string;
  /** Fails above. */
  readonly gate: number;
  readonly target: number;
}

const [roundsText = '9', dist] = process.argv.slice(2);
const rounds = Number(roundsText);

function verdict({ value }: Figure, budget: Budget | undefined): string {
  if (budget === undefined) return '';
  if (!(value <= budget.gate)) return 'MISS';
  return value <= budget.target ? 'pass, on target' : 'pass';
}

const budgets = JSON.parse(await readFile(join(import.meta.dirname, 'budgets.json'), 'utf8')) as readonly Budget[];
const folder = await builtFolder(dist);
const loadBefore = loadavg()[0] ?? 0;
const figures = [
  ...(await measureStartUp(folder, rounds)),
  ...(await measureCalls(folder, rounds)),
  ...(await measureWire(folder, rounds)),
  ...(await measureChildren(folder, rounds)),
  ...(await measureGateway(folder, rounds)),
  ...(await measureScan()),
];
const rows = figures.map((figure) => {
  const budget = budgets.find(({ name }) => name === figure.name);
  return [figure.name, figure.value.toFixed(figure.value < 10 ? 2 : 0), budget?.gate ?? '', budget?.target ?? '', verdict(figure, budget)];
});
const measured = new Set(figures.map(({ name }) => name));
const missing = budgets.filter(({ name }) => !measured.has(name)).map(({ name }) => [name, 'not measured', '', '', 'MISS']);

const table = [['what', 'measured', 'gate', 'target', 'verdict'], ['---', '---', '---', '---', '---'], ...rows, ...missing]
  .map((row) => `| ${row.join(' | ')} |`)
  .join('\n');
const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}, load ${loadBefore.toFixed(1)} to ${(loadavg()[0] ?? 0).toFixed(1)}, ${rounds} rounds`;
const title = `## ${new Date().toISOString().slice(0, 16).replace('T', ' ')}: ${machine}`;
console.log(`${title}\n\n${table}`);
await appendFile(join(import.meta.dirname, 'README.md'), `\n${title}\n\n${table}\n`);
process.exitCode = table.includes('MISS') ? 1 : 0;

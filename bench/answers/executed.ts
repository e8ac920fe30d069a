/**
 * `node bench/answers/executed.ts`: small swarms that really run, each with a cause and again without it. What the report of the first predicts is
 * compared with what the second took; `--docs` puts the table into docs/answers.md.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FindingKind, RunReport } from '../../src/analysis/index.ts';

const root = join(import.meta.dirname, '..', '..');
const CAUSES: readonly FindingKind[] = [
  'barrier',
  'straggler',
  'human_wait',
  'lock_contention',
  'serial_orchestrator',
  'dependency_chain',
  'too_few_workers',
  'rework',
];
const folder = mkdtempSync(join(tmpdir(), 'executed-'));

interface Executed {
  readonly report: RunReport;
  /** Of the swarm itself. */
  readonly seconds: number;
}

function execute(...args: readonly string[]): Executed {
  const file = join(folder, 'report.json');
  const command = [join(root, 'dist/cli.mjs'), 'run', '--json', file, '--', process.execPath, join(root, 'bench/programs/small-swarm.mjs')];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...command, ...args], {
    encoding: 'utf8',
    cwd: root,
    env: { ...process.env, XDG_DATA_HOME: folder, OTEL_METRIC_EXPORT_INTERVAL: '500' },
  });
  if (status !== 0) throw new Error(`${args.join(' ')}: exit ${String(status)}: ${stderr}`);
  return { report: JSON.parse(readFileSync(file, 'utf8')) as RunReport, seconds: Number(stdout) / 1000 };
}

const rows = ['| swarm | took | without the cause | saved | predicted | band | all that was named |', '|---|---|---|---|---|---|---|'];
const seconds = (value: number): string => `${value.toFixed(2)} s`;
try {
  const healthy = execute('healthy');
  const alarms = healthy.report.findings.map(({ kind }) => `\`${kind}\``).join(', ');
  rows.push(`| healthy | ${seconds(healthy.seconds)} | - | - | - | - | ${alarms === '' ? 'nothing' : alarms} |`);
  for (const cause of CAUSES) {
    const { report, ...planted } = execute(cause);
    const without = execute(cause, '--without');
    const saved = planted.seconds - without.seconds;
    const found = report.findings.find(({ kind }) => kind === cause)?.recoverableSeconds;
    const named = report.findings.map(({ kind }) => `\`${kind}\``).join(', ');
    rows.push(
      `| \`${cause}\` | ${seconds(planted.seconds)} | ${seconds(without.seconds)} | ${seconds(saved)} | ` +
        `${found === undefined ? 'not named' : seconds(found.value)} | ${found === undefined ? '-' : `${found.low.toFixed(2)} to ${seconds(found.high)}`} | ${named} |`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const table = rows.join('\n');
console.log(table);

if (process.argv.includes('--docs')) {
  const page = join(root, 'docs', 'answers.md');
  const marks = /(<!-- executed:start[^\n]*-->\n)[^]*?(<!-- executed:end -->)/;
  const command = `\`node bench/answers/executed.ts\`, at load ${(loadavg()[0] ?? 0).toFixed(0)} on two cores.`;
  const filled = `$1<!-- prettier-ignore-start -->\n\n${command}\n\n${table}\n\n<!-- prettier-ignore-end -->\n$2`;
  writeFileSync(page, readFileSync(page, 'utf8').replace(marks, filled));
}

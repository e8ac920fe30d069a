/** Alerts: each has its page, its board, and cases in which it must and must not fire; the real promtool tries them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { boards, groups } from '../../src/grafana/index.ts';
import { missingFor, stackBinary } from '../../tools/stack-binaries.ts';
import { freshFolder } from '../harness/index.ts';
import { repository } from '../harness/paths.ts';

const alerts = groups.flatMap(({ alerts: own }) => own);
const BUILD_MINUTES = 20 * 60_000;
const missing = missingFor('promtool');
if (missing !== undefined && process.env['CI'] !== undefined) throw new Error(missing);
const withPromtool = missing === undefined ? test : test.skip;
if (missing !== undefined) console.warn(missing);

const missingPint = missingFor('pint');
if (missingPint !== undefined && process.env['CI'] !== undefined) throw new Error(missingPint);
const withPint = missingPint === undefined ? test : test.skip;
if (missingPint !== undefined) console.warn(missingPint);

/** The exit status and what it said of the rules in `folder`. */
function pint(folder: string): { status: number | null; said: string } {
  const args = ['--no-color', '--offline', '--log-level=WARN', 'lint', '--min-severity=warning', '--fail-on=warning', 'rules'];
  const { status, stdout, stderr } = spawnSync(stackBinary('pint'), args, { cwd: folder, encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

function promtool(args: readonly string[], cwd: string): string {
  return execFileSync(stackBinary('promtool'), args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

test.each(alerts)('$name has a page, a board, and fires in one case and not in another', (alert) => {
  const page = join(repository, 'docs/runbooks', `${alert.name}.md`);
  expect(existsSync(page)).toBe(true);
  for (const heading of ['## What it means', '## Likely causes', '## What to look at', '## What to do']) expect(readFileSync(page, 'utf8')).toContain(heading);
  expect(boards.map(({ uid }) => uid)).toContain(alert.board);
  expect(alert.name).toMatch(/^([A-Z][a-z]+)+$/);
  expect(alert.summary).not.toContain('\n');
  expect(alert.cases.some(({ fires }) => fires)).toBe(true);
  if (alert.severity !== 'none') expect(alert.cases.some(({ fires }) => !fires)).toBe(true);
});

test('no name is given twice', () => {
  expect(new Set(alerts.map(({ name }) => name)).size).toBe(alerts.length);
});

withPromtool(
  'promtool finds no fault in the rules',
  () => {
    expect(promtool(['check', 'rules', '--lint=all', 'swarmscope.rules.yaml'], join(repository, 'prometheus/rules'))).toContain('SUCCESS');
  },
  BUILD_MINUTES,
);

withPromtool(
  'every alert fires where it must and is silent where it must be',
  () => {
    expect(promtool(['test', 'rules', 'swarmscope.test.yaml'], join(repository, 'prometheus/tests'))).toContain('SUCCESS');
  },
  BUILD_MINUTES,
);

withPint(
  'pint finds nothing to complain about in the rules',
  () => {
    expect(pint(join(repository, 'prometheus'))).toEqual({ status: 0, said: '' });
  },
  BUILD_MINUTES,
);

withPint.each([
  { fault: 'an alert without a page', from: 'runbook_url:', to: 'runbook:', said: '`runbook_url` annotation is required' },
  { fault: 'a page of another alert', from: '/SwarmQueueFull.md', to: '/SwarmQueueWaitHigh.md', said: 'must match' },
  { fault: 'a severity that no route knows', from: 'severity: critical', to: 'severity: urgent', said: 'not one of valid values' },
  { fault: 'an alert that fires for a blink', from: 'for: 5m', to: 'for: 5s', said: 'a minimum duration of 1m' },
  { fault: 'a sum of series of all swarms', from: 'sum by (service_name, swarmscope_pool_name)', to: 'sum', said: '`service_name` label is required' },
])('pint sees $fault', ({ from, to, said }) => {
  const folder = freshFolder('pint');
  cpSync(join(repository, 'prometheus/.pint.hcl'), join(folder, '.pint.hcl'));
  cpSync(join(repository, 'prometheus/rules'), join(folder, 'rules'), { recursive: true });
  const file = join(folder, 'rules/swarmscope.rules.yaml');
  const rules = readFileSync(file, 'utf8');
  expect(rules).toContain(from);
  writeFileSync(file, rules.replace(from, to));
  const answer = pint(folder);
  expect(answer.status).not.toBe(0);
  expect(answer.said).toContain(said);
});

/** The real promtool runs the cases of every alert, and pint holds the rules against the rules for rules. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { stackBinary } from '../../tools/stack-binaries.ts';
import { freshFolder } from '../harness/index.ts';
import { repository } from '../harness/paths.ts';
import { START_LIMIT_MS } from '../harness/stack/index.ts';

/** The exit status and what it said of the rules in `folder`. */
function pint(folder: string): { status: number | null; said: string } {
  const args = ['--no-color', '--offline', '--log-level=WARN', 'lint', '--min-severity=warning', '--fail-on=warning', 'rules'];
  const { status, stdout, stderr } = spawnSync(stackBinary('pint'), args, { cwd: folder, encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

function promtool(args: readonly string[], cwd: string): string {
  return execFileSync(stackBinary('promtool'), args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

test(
  'promtool finds no fault in the rules',
  () => {
    expect(promtool(['check', 'rules', '--lint=all', 'swarmscope.rules.yaml'], join(repository, 'prometheus/rules'))).toContain('SUCCESS');
  },
  START_LIMIT_MS,
);

test(
  'every alert fires where it must and is silent where it must be',
  () => {
    expect(promtool(['test', 'rules', 'swarmscope.test.yaml'], join(repository, 'prometheus/tests'))).toContain('SUCCESS');
  },
  START_LIMIT_MS,
);

test(
  'pint finds nothing to complain about in the rules',
  () => {
    expect(pint(join(repository, 'prometheus'))).toEqual({ status: 0, said: '' });
  },
  START_LIMIT_MS,
);

test.each([
  { fault: 'an alert without a page', from: 'runbook_url:', to: 'runbook:', said: '`runbook_url` annotation is required' },
  { fault: 'a page of another alert', from: '/SwarmQueueFull.md', to: '/SwarmQueueWaitHigh.md', said: 'must match' },
  { fault: 'a severity that no route knows', from: 'severity: critical', to: 'severity: urgent', said: 'not one of valid values' },
  { fault: 'an alert that fires for a blink', from: 'for: 5m', to: 'for: 5s', said: 'a minimum duration of 1m' },
  {
    fault: 'a sum of series of all swarms',
    from: 'sum by (service_name, swarmscope_pool_name)',
    to: 'sum',
    said: '`service_name` label is required',
  },
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

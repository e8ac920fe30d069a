// The four programs start with the repository's own files, say nothing bad, come back on their ports, and leave nothing.
import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { describeWith, START_LIMIT_MS, startStack, type PartName, type Stack } from '../harness/stack/index.ts';

const parts: readonly PartName[] = ['tempo', 'alertmanager', 'prometheus', 'collector'];

/** What Tempo says about our choices: one process, no generator of metrics, and a folder that is empty at first. */
const MEANT = ['Worker address is empty in single binary mode', 'metrics-generator is not configured', 'unowned file entry ignored'];

describeWith(...parts)('the stack', () => {
  let stack: Stack;

  test(
    'starts with the files of the repository',
    async () => {
      stack = await startStack();
      for (const part of parts) expect(stack.pidOf(part)).toBeGreaterThan(0);
    },
    START_LIMIT_MS,
  );

  test('Prometheus sees every part, and no rule fails', async () => {
    const jobs = ['alertmanager', 'otel-collector', 'prometheus', 'tempo'];
    const up = await stack.until('every part is scraped', async () => {
      const samples = await stack.query('up == 1');
      return samples.length === jobs.length ? samples : undefined;
    });
    expect(up.map(({ labels }) => labels['job']).sort()).toEqual(jobs);
    await stack.until('rules were evaluated', async () =>
      (await stack.query('sum(prometheus_rule_evaluations_total) > 0')).length > 0 ? true : undefined,
    );
    expect(await stack.query('sum(prometheus_rule_evaluation_failures_total)')).toEqual([{ labels: {}, value: 0 }]);
  });

  test.each(parts)('%s warns of nothing that we do not mean', (part) => {
    const lines = stack.log(part).trim().split('\n');
    expect(lines.length).toBeGreaterThan(3);
    const warnings = lines.filter((line) => /level"?[=:]"?(warn|error|fatal)|deprecat/i.test(line));
    expect(warnings.filter((line) => !MEANT.some((words) => line.includes(words)))).toEqual([]);
  });

  test('a part that was killed comes back on its port', async () => {
    await stack.kill('collector', 'SIGKILL');
    expect(stack.pidOf('collector')).toBeUndefined();
    await expect(fetch(stack.endpoint)).rejects.toThrow();
    await stack.start('collector');
    expect((await fetch(stack.endpoint)).status).toBe(404);
  });

  test('the dead man switch reaches its webhook', async () => {
    await stack.until('Watchdog arrives', () => stack.notifications.find(({ receiver }) => receiver === 'deadman'));
  });

  test('nothing is left after its end', async () => {
    const pids = parts.map((part) => stack.pidOf(part) ?? 0);
    await stack.stop();
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(existsSync(stack.folder)).toBe(false);
  });
});

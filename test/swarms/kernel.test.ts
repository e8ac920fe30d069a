// Readers in the kernel beside a run: a call that they and the preload tell is one call, and those of other processes are none of the run.
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { ensureBuilt } from '../harness/index.ts';
import { startModelServer, type ModelServer } from './model-server.ts';
import { runObserved } from './swarm.ts';

let server: ModelServer;
beforeAll(async () => {
  ensureBuilt();
  server = await startModelServer();
});

test('OpenTelemetry eBPF Instrumentation and AgentSight tell what the preload has read: one call of three tellers', async () => {
  const program = join(import.meta.dirname, 'programs/beside.mjs');
  const command = ['bash', '-c', 'node "$0" "$1"; true', program, String(process.pid)];
  const { report, server: counts, stdout } = await runObserved({ command }, [], server);
  expect(stdout).toBe('200\n');
  const { calls, inputTokens: input, outputTokens: output } = counts.total;
  expect(report.usage).toMatchObject({ calls, duplicates: 2, disagreements: [], tokens: { input, output } });
  // This very process is none of the run: what is told of it is left out, and that is said.
  expect(report.losses).toMatchObject({ 'kernel.other-process': 1 });
  expect(report.usage.isLowerBound).toBe(false);
});

/**
 * What GPUs cost the root of a run: a collection with 0, 1 and 8 of them, and a document of nvidia-smi between collections.
 * `node bench/gpu.ts [collections]`
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGpu } from '../src/gauges/gpu.ts';
import * as gpus from '../src/machine/gpu/index.ts';
import { documentReader, parseNvidia } from '../src/machine/gpu/nvidia-xml.ts';
import { SyncMeter } from '../src/sdk/metrics/meter.ts';
import { plain } from '../test/machine/gpu/captures.ts';

const collections = Number(process.argv[2] ?? 2_000);
/** Processes of the run on each GPU. */
const PROCESSES = 8;
/** A driver prints all clocks that a card supports: 100 KB for each. */
const CLOCKS = '<supported_graphics_clock>3090 MHz</supported_graphics_clock>\n'.repeat(1_600);

/** With an nvidia-smi that prints a document over and over. */
const folder = mkdtempSync(join(tmpdir(), 'swarmscope-bench-'));
writeFileSync(join(folder, 'nvidia-smi'), '#!/bin/sh\nwhile :; do cat "${0%/*}/document"; sleep 0.5; done\n', { mode: 0o755 });

const workers = Array.from({ length: PROCESSES }, () =>
  spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    stdio: 'ignore',
    env: { ...process.env, SWARMSCOPE_RUN_ID: 'bench', SWARMSCOPE_WORK: 'worker=w-1,task=train' },
  }),
);

function documentOf(count: number): string {
  const processes = workers.map(({ pid = 0 }) => ({ pid, mib: 512 }));
  const text = plain(Array.from({ length: count }, (_, at) => ({ id: `GPU-${at}`, processes })));
  return text.replaceAll('</supported_clocks>', `${CLOCKS}</supported_clocks>`);
}

const cpuUs = (fn: () => void): number => {
  const before = process.cpuUsage();
  fn();
  const { user, system } = process.cpuUsage(before);
  return user + system;
};

async function measure(count: number): Promise<void> {
  const meter = new SyncMeter({ onFault: (error) => console.error(error) });
  writeFileSync(join(folder, 'document'), documentOf(count));
  const state = { pools: () => [], queues: () => [], tasks: () => [], rateLimits: () => [], callsUnderWay: () => [], budgets: () => [] };
  const stop = startGpu(
    {
      meter,
      settings: { gpu: 'auto', gpuIntervalMs: 2_000, modelServers: [] },
      state,
      runId: 'bench',
      loadGpus: () => gpus,
      now: () => Date.now(),
      spawn: (command, args, options) =>
        spawn(command, args, { ...options, env: { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` } }),
      count: () => undefined,
    },
    (path) => (count === 0 ? existsSync(path) : path === '/dev/nvidiactl'),
  );
  if (count > 0) while (meter.collect().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  const points = meter.collect().reduce((sum, { points: all }) => sum + all.length, 0);
  const us = cpuUs(() => {
    for (let at = 0; at < collections; at++) meter.collect();
  });
  stop();
  console.log(`${count} GPUs: a collection ${(us / collections).toFixed(1)} us CPU, ${points} points`);
}

function parsing(count: number): void {
  const text = documentOf(count);
  const times = 50;
  const us = cpuUs(() => {
    const read = documentReader(
      (document) => parseNvidia(document, new Map()),
      () => undefined,
    );
    for (let at = 0; at < times; at++) for (let cut = 0; cut < text.length; cut += 65_536) read(text.slice(cut, cut + 65_536));
  });
  console.log(
    `${count} GPUs: a document of ${(text.length / 1_024).toFixed(0)} KB ${(us / times / 1_000).toFixed(2)} ms CPU, every 2 s by default`,
  );
}

console.log(`load ${loadavg()[0]?.toFixed(1)}`);
for (const count of [0, 1, 8]) await measure(count);
for (const count of [1, 8]) parsing(count);
for (const worker of workers) worker.kill();
rmSync(folder, { recursive: true });
process.exit();

/** systeminformation in a process of its own: what it says here, and what it says of an Apple and of Windows. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseSystem, readSystem } from '../../../src/machine/gpu/system.ts';
import { dist, ensureBuilt } from '../../harness/index.ts';

test('the real package answers, in a process of its own, whatever cards are here', async () => {
  ensureBuilt();
  const options = { node: process.execPath, environment: process.env, spawn, deadlineMs: 120_000 };
  expect(Array.isArray(await readSystem({ ...options, program: join(dist, 'system-gpus.cjs') }))).toBe(true);
  expect(await readSystem({ ...options, program: '/nowhere' })).toBeUndefined();
});

test('a card of Windows is told in bytes; one of Apple tells no memory of its own', () => {
  const controllers = [
    {
      vendor: 'Advanced Micro Devices, Inc.',
      model: 'AMD Radeon RX 7800 XT',
      vram: 16_384,
      vramDynamic: false,
      driverVersion: '31.0',
      pciBus: '0000:03:00.0',
      utilizationGpu: 7,
    },
    { vendor: 'Apple', model: 'Apple M2', bus: 'Built-In', vram: null, vramDynamic: true, temperatureGpu: 41.5 },
    { vendor: 'Microsoft', model: 'Basic Display Adapter', vram: 0, vramDynamic: false },
    null,
  ];
  expect(parseSystem(JSON.stringify({ controllers }))).toMatchObject([
    {
      id: '0000:03:00.0',
      name: 'AMD Radeon RX 7800 XT',
      vendor: 'advanced',
      totalBytes: 16_384 * 1_048_576,
      utilization: 0.07,
      driverVersion: '31.0',
    },
    { id: 'gpu-1', name: 'Apple M2', vendor: 'apple', totalBytes: undefined, celsius: 41.5 },
  ]);
  expect(parseSystem('no JSON')).toBeUndefined();
});

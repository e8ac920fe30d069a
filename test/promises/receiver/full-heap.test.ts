// A receiver whose heap is small refuses what it cannot read, and lives on.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { freshFolder } from '../../harness/index.ts';
import { post } from '../../viewer/receive/signals.ts';
import { manySpans, plainSpan } from './bodies.ts';
import { MiB } from './listening.ts';

test('a request that needs more than a heap of 40 MB is answered 413, and smaller ones beside it are taken', async () => {
  const child = spawn(
    process.execPath,
    ['--max-old-space-size=40', join(import.meta.dirname, 'programs/receiving.ts'), freshFolder('heap')],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const ended = once(child, 'exit');
  const [line] = (await Promise.race([once(child.stdout, 'data'), ended])) as [Buffer];
  const url = `${String(line).trim()}/v1/traces`;
  const headers = { 'content-type': 'application/json' };
  const send = (body: string): Promise<number> => post(url, { body, headers }).then(({ status }) => status);
  const [large, small] = [15, 0.5].map((size) => manySpans(JSON.stringify(plainSpan), size * MiB)) as [string, string];
  expect(await Promise.all([send(small), send(large), send(small), send(large), send(small)])).toEqual([200, 413, 200, 413, 200]);
  child.stdin.end();
  expect(await ended).toEqual([0, null]);
});

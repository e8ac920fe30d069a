/** Whatever the endpoint does, a program prints and ends as it does without the preload. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { NODE_VERSIONS, nodeBinary } from '../../../tools/node-versions.ts';
import {
  dist,
  preloadFile,
  runProgram,
  startSink,
  type ProgramOptions,
  type ProgramResult,
  type SinkBehaviour,
} from '../../harness/index.ts';
import { programs } from './program-run.ts';

const FETCH_MINUTES = 10 * 60_000;

const behaviours: [string, SinkBehaviour][] = [
  ['that refuses', 'refuse'],
  ['that hangs', 'hang'],
  ['that answers 503', { status: 503 }],
];

const seen = ({ stdout, stderr, code, signal }: ProgramResult): unknown => ({ stdout, stderr, code, signal });

function program(node: string, endpoint?: string): ProgramOptions {
  const preloads = endpoint === undefined ? [] : ['--require', preloadFile];
  return {
    node,
    preload: 'none',
    nodeArgs: [...preloads, '--require', join(programs, 'wake.cjs')],
    file: join(programs, 'events.cjs'),
    env: {
      PROGRAM_API: join(dist, 'index.cjs'),
      PROGRAM_IS_AWAKE: '1',
      ...(endpoint === undefined
        ? {}
        : { PROGRAM_EXPECTS_PRELOAD: '1', ...(endpoint === '' ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }) }),
    },
  };
}

const withoutPid = (result: ProgramResult): ProgramResult => ({
  ...result,
  stderr: result.stderr.replaceAll(/\(node:\d+\)/g, '(node:PID)'),
});

async function expectSameWith(node: string, endpoint: string): Promise<void> {
  const plain = withoutPid(await runProgram(program(node)));
  const loaded = withoutPid(await runProgram({ ...program(node, endpoint) }));
  expect(seen(loaded)).toEqual(seen(plain));
  // bench/ measures how long the end takes; here it must come.
  expect(loaded.isTimedOut).toBe(false);
}

describe.each(NODE_VERSIONS)('on Node %s', (version) => {
  test('no endpoint is named', () => expectSameWith(nodeBinary(version), ''), FETCH_MINUTES);

  test.each(behaviours)(
    'an endpoint %s',
    async (_title, behaviour) => {
      const sink = await startSink(behaviour);
      try {
        await expectSameWith(nodeBinary(version), sink.url);
      } finally {
        await sink.close();
      }
    },
    FETCH_MINUTES,
  );

  test(
    'an endpoint that answers after five seconds',
    async () => {
      const slow = createServer((_, outgoing) => void setTimeout(() => outgoing.end(), 5_000));
      await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
      try {
        await expectSameWith(nodeBinary(version), `http://127.0.0.1:${(slow.address() as AddressInfo).port}`);
      } finally {
        slow.closeAllConnections();
        await new Promise((resolve) => slow.close(resolve));
      }
    },
    FETCH_MINUTES,
  );
});

/** The plainest programs: with the preload they print, return and end as they do without it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NODE_VERSIONS, nodeBinary } from '../../../tools/node-versions.ts';
import { expectSame, startSink, type Sink } from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';

const FETCH_MINUTES = 5 * 60_000;

describe.each(NODE_VERSIONS)('on Node %s', (version) => {
  let sink: Sink;
  let node: string;
  beforeAll(async () => {
    sink = await startSink();
    node = nodeBinary(version);
  }, FETCH_MINUTES);
  afterAll(() => sink.close());

  test('a program that starts a child prints and ends the same, and its child was seen', async () => {
    await expectSame({
      node,
      files: {
        'app.cjs':
          "const { execFileSync } = require('node:child_process');\nconsole.log(execFileSync(process.execPath, ['-p', '1 + 1']).toString());\nconsole.error('said');\nprocess.exitCode = 3;\n",
      },
      loadedEnv: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
    });
    expect(spansOf(sink).map(({ name }) => name)).toContain('node');
  });
});

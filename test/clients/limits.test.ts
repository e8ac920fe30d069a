// undici's own limits of time are timeouts, and what a MockAgent answers is no call: nothing was sent.
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NODE_VERSIONS, nodeBinary } from '../../tools/node-versions.ts';
import { ensureBuilt, freshFolder, runProgram, startSink } from '../harness/index.ts';
import { spansOf } from '../harness/received.ts';
import { installClients } from './install.ts';
import { startServer, type ClientsServer } from './server.ts';

const MINUTES = 60_000;
/** undici 8 needs a later Node than the oldest. */
const isRun = (undici: string, version: string): boolean => undici !== 'undici8' || version !== NODE_VERSIONS[0];

let server: ClientsServer;
let folder: string;
beforeAll(async () => {
  ensureBuilt();
  server = await startServer();
  folder = freshFolder('limits');
  cpSync(join(import.meta.dirname, 'programs'), folder, { recursive: true });
  symlinkSync(installClients(), join(folder, 'node_modules'));
}, 10 * MINUTES);
afterAll(() => server.close());

describe.each(NODE_VERSIONS)('on Node %s', (version) => {
  test.each(['undici6', 'undici7', 'undici8'].filter((undici) => isRun(undici, version)))(
    "%s: headersTimeout and bodyTimeout end a call as `timeout`, and a MockAgent's answers are no calls",
    async (undici) => {
      const run = async (preload: 'none' | 'require', env: Readonly<Record<string, string>> = {}) => {
        server.forget();
        const given = { HTTP_URL: server.url, UNDICI: undici, ...env };
        return runProgram({ node: nodeBinary(version), file: join(folder, 'limits.mjs'), preload, env: given, timeoutMs: 5 * MINUTES });
      };
      const plain = await run('none');
      const sink = await startSink();
      const loaded = await run('require', { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000' });
      await sink.close();
      expect([loaded.code, loaded.stdout, loaded.stderr]).toEqual([0, plain.stdout, plain.stderr]);
      expect(plain.stdout.match(/UND_ERR_(?:HEADERS|BODY)_TIMEOUT/g)).toEqual([
        ...['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'],
        ...['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'],
      ]);
      const ends = spansOf(sink)
        .filter(({ attributes }) => attributes['gen_ai.provider.name'] !== undefined)
        .map(({ attributes }) =>
          ['gen_ai.request.model', 'swarmscope.inference.ending', 'error.type'].map((name) => attributes[name]).join(' '),
        );
      expect(ends.sort()).toEqual([
        `${undici}~fetch~held timeout UND_ERR_BODY_TIMEOUT`,
        `${undici}~fetch~never timeout UND_ERR_HEADERS_TIMEOUT`,
        `${undici}~request~held timeout UND_ERR_BODY_TIMEOUT`,
        `${undici}~request~never timeout UND_ERR_HEADERS_TIMEOUT`,
      ]);
    },
    12 * MINUTES,
  );
});

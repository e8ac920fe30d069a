/**
 * What a child finds in its environment for git: a library that refuses such variables works in it as it does without
 * us.
 */
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { dist, freshFolder, runTwice, startSink } from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';
import { installLibraries } from './libraries/install.ts';
import { ancestry, FETCH_MINUTES, named, NODE_VERSIONS, nodeBinary, patient } from './support.ts';

async function childOf(
  version: string,
  given: Readonly<Record<string, string>> = {},
): Promise<{ plain: string; loaded: string; git: string[][] }> {
  const folder = freshFolder('whole-environment');
  cpSync(join(import.meta.dirname, 'libraries', 'programs'), folder, { recursive: true });
  symlinkSync(installLibraries(), join(folder, 'node_modules'));
  const sink = await startSink();
  const { plain, loaded } = await runTwice({
    node: nodeBinary(version),
    file: join(folder, 'whole-environment.mjs'),
    args: [JSON.stringify(given)],
    env: { ...patient, API: join(dist, 'index.mjs'), GIT_CONFIG_NOSYSTEM: undefined },
    loadedEnv: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
    preload: 'NODE_OPTIONS',
  });
  await sink.close();
  expect({ code: loaded.code, stderr: loaded.stderr }).toEqual({ code: 0, stderr: plain.stderr });
  const spans = spansOf(sink);
  return { plain: plain.stdout, loaded: loaded.stdout, git: named(spans, 'git rev-parse').map((span) => ancestry(spans, span)) };
}

test.each(NODE_VERSIONS)(
  'simple-git 4 accepts the whole environment of a preloaded child on Node %s',
  async (version) => {
    const { plain, loaded, git } = await childOf(version);
    expect(loaded).toBe(plain);
    expect(git).toHaveLength(1);
    expect(git[0]).toContain('run_task in the child');
  },
  FETCH_MINUTES,
);

test(
  'GIT_TRACE2_ENV_VARS in the environment of a child holds the names of the user and none of ours',
  async () => {
    const { plain, loaded } = await childOf(NODE_VERSIONS[2], { GIT_TRACE2_ENV_VARS: 'LANG,HOME' });
    expect(loaded).toBe(plain);
    expect(loaded).toContain('LANG,HOME');
  },
  FETCH_MINUTES,
);

// What every process holds of the protocols: enough to tell an LLM call from any other request, and no reader.
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { CALL_PATHS } from '../../src/protocols/call-paths.ts';
import { PathIndex } from '../../src/protocols/path-index.ts';
import { bundles } from '../../tools/build/bundles.ts';
import { shortPaths } from '../../tools/build/protocols.ts';

test('arming.cjs holds the paths of the calls, and neither an endpoint nor a reader of any protocol', async () => {
  const arming = bundles.find(({ output }) => output === 'dist/arming.cjs');
  const { metafile } = await build({
    absWorkingDir: join(import.meta.dirname, '../..'),
    entryPoints: [arming?.entry as string],
    plugins: [...(arming?.plugins ?? [])],
    bundle: true,
    platform: 'node',
    outfile: 'arming.cjs',
    metafile: true,
    write: false,
  });
  const files = Object.keys(metafile.inputs).filter((file) => file.startsWith('src/protocols/'));
  // Of the catalogue stands its name alone.
  expect(files.toSorted()).toEqual(['call-paths', 'catalogue', 'may-be-call', 'path-index'].map((name) => `src/protocols/${name}.ts`));
});

test('its shorter list finds the same calls as the whole one', () => {
  const rowsOf = (paths: readonly string[]) =>
    paths.map((each) => ({ path: each.slice(each.indexOf('/')), method: each.slice(0, each.indexOf('/')) || undefined }));
  const short = new PathIndex(rowsOf(shortPaths(CALL_PATHS)));
  const whole = new PathIndex(rowsOf(CALL_PATHS));
  expect(shortPaths(CALL_PATHS).length).toBeLessThan(CALL_PATHS.length);
  const SAMPLES = ['x', 'embed', 'resp_1', 'imagen', 'veo-3', 'a.b', 'a:b'];
  for (const { path, method = 'POST' } of rowsOf(CALL_PATHS))
    for (const sample of SAMPLES) {
      const filled = `/any${path.replaceAll(/\{\w+\}/g, sample)}`;
      for (const asked of [filled, `${filled}/more`, filled.replace(/^\/any\/\w+/, '')])
        expect([asked, short.find(method, asked) !== undefined]).toEqual([asked, whole.find(method, asked) !== undefined]);
    }
});

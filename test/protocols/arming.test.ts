// What every process holds of the protocols: enough to tell an LLM call from any other request, and no reader.
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { build } from 'esbuild';
import * as catalogue from '../../src/protocols/catalogue.ts';
import { bundles } from '../../tools/build/bundles.ts';

test('arming.cjs holds the endpoint of each protocol and none of its readers', async () => {
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
  expect(files).toHaveLength(2 + Object.keys(catalogue).length);
  expect(files.filter((file) => !/\/(?:catalogue|recognition|endpoint)\.ts$/.test(file))).toEqual([]);
});

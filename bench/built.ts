/**
 * The bundles to measure: built from the sources as they are now, into a folder of their own, so that nobody replaces
 * them meanwhile.
 */
import { basename, join } from 'node:path';
import { buildBundle, bundles } from '../tools/build/bundles.ts';
import { temporaryFolder } from './temporary.ts';

const root = join(import.meta.dirname, '..');

/** Returns the folder that holds `register.cjs` and what it loads. `given` (an older build) is returned as it is. */
export async function builtFolder(given?: string): Promise<string> {
  if (given !== undefined && given !== '') return given;
  const folder = temporaryFolder();
  for (const bundle of bundles.filter(({ format, output }) => format === 'cjs' || output === 'dist/gateway.mjs')) {
    await buildBundle(root, { ...bundle, output: join(folder, basename(bundle.output)) });
  }
  return folder;
}

// What stands in arming.cjs of the protocols: the paths of their calls, without those that another path finds as well.
import { join } from 'node:path';
import { CALL_PATHS } from '../../src/protocols/call-paths.ts';
import { compiled } from '../../src/protocols/path-index.ts';
import { madeFile } from './made-file.ts';

const folder = join(import.meta.dirname, '../../src/protocols');

/** A path that each kind of variable takes. */
const SAMPLES: Readonly<Record<string, string>> = {
  '{embedding_model}': 'embed',
  '{image_model}': 'imagen',
  '{video_model}': 'veo',
  '{response}': 'resp_1',
};

const methodIn = (path: string): string => path.slice(0, path.indexOf('/'));

/** Each path that a call may end in, once. Which call it is, the readers tell: they come with observers.cjs, at the first call. */
export function shortPaths(paths: readonly string[]): string[] {
  const finds = (one: string, other: string): boolean =>
    methodIn(one) === methodIn(other) &&
    compiled(one.slice(methodIn(one).length)).test(other.replaceAll(/\{\w+\}/g, (variable) => SAMPLES[variable] ?? 'x'));
  return paths
    .filter((path, index) => !paths.some((other, at) => other !== path && finds(other, path) && (!finds(path, other) || at < index)))
    .filter((path, index, kept) => kept.indexOf(path) === index)
    .map((path) => path.replaceAll(/\{model\}/g, '{x}'));
}

export const callPaths = madeFile(
  join(folder, 'call-paths.ts'),
  () => `export const CALL_PATHS = ${JSON.stringify(shortPaths(CALL_PATHS).join(' '))}.split(' ');`,
);

/** The readers come with observers.cjs, at the first LLM call. */
export const noReaders = madeFile(join(folder, 'catalogue.ts'), () => 'export {};');

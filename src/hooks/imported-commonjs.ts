/** CommonJS that an ES module imports while a synchronous hook is registered. Goes when the minimum is Node 24.11. */
import { readFileSync } from 'node:fs';

export interface LoadResult {
  format?: string | null | undefined;
  source?: string | ArrayBuffer | NodeJS.TypedArray | null | undefined;
}

/**
 * Before 22.23 and 24.11 Node takes a source that a hook passed on for one that the hook made: what requires it may get
 * it empty (`debug_1.default is not a function`), and the app's `require.extensions` are passed by. Without a source
 * Node loads as it does without hooks.
 */
function needsHelp(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major === 23 || (major === 22 && minor < 23) || (major === 24 && minor < 11);
}

const isHelpNeeded = needsHelp();

/** The result for an unchanged module: without its source where Node misreads that, unless the app has hooks too. */
export function asUnhooked(url: string, context: unknown, loaded: LoadResult): LoadResult {
  if (!isHelpNeeded || loaded.format !== 'commonjs' || !url.startsWith('file:') || !isImport(context)) return loaded;
  const { source } = loaded;
  if (!ArrayBuffer.isView(source) || !isOutermost()) return loaded;
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  if (!bytes.equals(readFileSync(new URL(url)))) return loaded;
  let reads = 0;
  // Node refuses a result without a source, but passes on what it has read first, and looks at the type of the second.
  const readSource = (): string | null => ((reads += 1) === 1 ? null : bytes.toString('utf8'));
  return Object.defineProperty({ ...loaded }, 'source', { get: readSource, enumerable: true });
}

function isImport(context: unknown): boolean {
  const { conditions } = context as { conditions?: Iterable<string> };
  return conditions !== undefined && [...conditions].includes('import');
}

/** A hook of the app's that is registered after ours is asked first, and would be handed a result without a source. */
function isOutermost(): boolean {
  const frames = (new Error().stack ?? '').split('\n');
  const at = frames.findIndex((frame) => frame.includes('at nextStep (node:internal/modules/customization_hooks:'));
  return at > 0 && frames[at + 1]?.includes('at loadWithHooks (node:') === true;
}

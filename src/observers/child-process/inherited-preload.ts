/**
 * The option by which a child loads the preload: its program is in the option itself, so that nothing can be missing.
 * `--require` of a file ends each process that cannot see the file: in a sandbox, after `rm -rf ~/.cache`.
 */
import { INHERITED, UNSEEN_FILE } from '../../config/inherited.ts';
import { APPEND_FLAGS } from '../../config/write-whole.ts';
import type { PreloadCopy } from './preload-copy.ts';

/** What the program below is told. */
interface Inherited extends PreloadCopy {
  /** By it a process whose environment was emptied finds its run; empty where there is none. */
  readonly runFolder: string;
  readonly key: string;
  /** A program that was preloaded on purpose has it, and is no inheritor. */
  readonly runtimeKey: string;
  readonly unseenFile: string;
  /** Of open(2): a FIFO or a link in the place of the file must not hold the program up. */
  readonly appendFlags: number;
}

/** The marker in the middle names the owner: tools that show NODE_OPTIONS show it. */
const HEAD = '--import=data:text/javascript;swarmscope;base64,';

/** One word of NODE_OPTIONS of letters that no shell and no parser of options takes for its own. */
export function preloadOption({ copy, sizes }: PreloadCopy, runFolder: string): string {
  const told: Inherited = {
    copy,
    sizes,
    runFolder,
    key: INHERITED,
    runtimeKey: 'swarmscope.runtime.1',
    unseenFile: UNSEEN_FILE,
    appendFlags: APPEND_FLAGS,
  };
  const program = `(${String(begin)})(${JSON.stringify(told)})`;
  // Spaces at the end instead of `=`, at which parsers of options split.
  return HEAD + Buffer.from(program + ' '.repeat((3 - (Buffer.byteLength(program) % 3)) % 3)).toString('base64');
}

/* eslint-disable no-restricted-properties -- it runs in another process, alone in a data: URL */
interface Loader {
  readonly _load: (path: string | undefined, parent: null, isMain: boolean) => unknown;
  readonly _findPath: (path: string, parent: null, isMain: boolean) => string | false;
  runMain: (main?: string) => unknown;
  registerHooks?: (hooks: object) => { deregister(): void };
}

/**
 * Loads the copy where it is whole and ours. Nothing outside of this function may be named in it: its text is the
 * program, and every Node that knows `--import` must be able to parse it.
 *
 * An `--import` makes Node run also a CommonJS program by the loader of ES modules: in a promise, with another
 * `module.id`, and not at all where its extension is a hook's (ts-node). The second half hands such a program back.
 */
function begin({ copy, sizes, runFolder, key, runtimeKey, unseenFile, appendFlags }: Inherited): void {
  const { versions, execArgv, argv, env, features } = process;
  const [major = 0, minor = 0] = versions.node.split('.').map(Number);
  const others = versions as Record<string, string | undefined>;
  if (others['bun'] || others['deno'] || others['electron']) return;
  type Fs = typeof import('node:fs');
  const tell = (fs: Fs, why: string): void => {
    try {
      // The folder is never made: without it nobody reads.
      if (runFolder !== '') fs.appendFileSync(runFolder + '/' + unseenFile, why + '\n', { flag: appendFlags, mode: 0o600 } as object);
    } catch {
      // The run is over, or its folder is not to be seen from here.
    }
  };
  if (major < 22 || (major === 22 && minor < 15)) {
    import('fs').then((fs) => tell(fs, 'node ' + versions.node)).catch(() => undefined);
    return;
  }
  const get: (name: string) => unknown = process.getBuiltinModule.bind(process);
  const [fs, path, url] = [get('fs') as Fs, get('path') as typeof import('node:path'), get('url') as typeof import('node:url')];
  const loader = get('module') as Loader;
  try {
    const own = process.getuid && process.getuid();
    // Without `register.cjs`; `path.join` would take 0.2 ms here, all else 0.1.
    const folder = copy.slice(0, -12);
    for (const name of Object.keys(sizes)) {
      const { size, uid, mode } = fs.lstatSync(folder + name);
      // A regular file that nobody else may write; Windows knows no such modes.
      const isSafe = own === undefined || (uid === own && (mode & 0o170022) === 0o100000);
      if (size !== sizes[name] || !isSafe) throw new Error();
    }
    if (!(Symbol.for(runtimeKey) in globalThis)) {
      Object.defineProperty(globalThis, Symbol.for(key), { value: runFolder, configurable: true });
      loader._load(copy, null, false);
    }
  } catch {
    tell(fs, 'copy');
  }
  const options = execArgv.join(' ') + ' ' + (env['NODE_OPTIONS'] || '');
  const isOwn = (options.match(/--(import|(experimental-)?loader)\b/g) || []).length > 1;
  // What the user imports has the same effect without us, and the other ways run no program of argv[1].
  if (isOwn || !loader.registerHooks || /(^| )(--(test|watch|check|(experimental-)?entry-url)|-c)\b/.test(options)) return;
  // As Node decides without `--import`, in `shouldUseESMLoader`.
  const isModule = (file: string): boolean => {
    if (/\.(mjs|wasm)$/.test(file) || (features.typescript && /\.mts$/.test(file))) return true;
    if (/\.c[jt]s$/.test(file)) return false;
    for (let at = path.dirname(file); path.basename(at) !== 'node_modules'; at = path.dirname(at)) {
      try {
        return (JSON.parse(fs.readFileSync(at + '/package.json', 'utf8')) as { type?: string }).type === 'module';
      } catch (error) {
        if ((error as { code?: string }).code !== 'ENOENT' || at === path.dirname(at)) return false;
      }
    }
    return false;
  };
  const { runMain } = loader;
  if (runMain.name === 'executeUserEntryPoint') {
    // For programs that start another one in their own process, such as ts-node.
    loader.runMain = function (this: unknown, main = process.argv[1]): unknown {
      const file = loader._findPath(path.resolve(main || ''), null, true);
      return file && isModule(fs.realpathSync(file)) ? runMain.call(this, main) : loader._load(main, null, true);
    };
  }
  if (argv[1] === undefined || argv[1] === '-' || (process as { _eval?: string })._eval !== undefined) return;
  const hook = loader.registerHooks({
    resolve(name: string, context: { parentURL?: string }, next: (name: string, context: object) => unknown) {
      if (context.parentURL !== undefined || !name.startsWith('file:')) return next(name, context);
      hook.deregister();
      if (isModule(url.fileURLToPath(name))) return next(name, context);
      // Not in a promise, and without a line of ours in a stack.
      process.nextTick(loader._load, process.argv[1], null, true);
      // Of Node's modules one whose exports are no getters: those of `node:process` open the standard streams.
      return { url: 'node:path', format: 'builtin', shortCircuit: true };
    },
  });
}

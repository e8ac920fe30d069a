/** Wraps spawnSync, execSync and execFileSync where Node's binding, which all three call, cannot be reached. */
import { syncBuiltinESMExports } from 'node:module';
import { liveEnvironment } from '../../config/started-with.ts';
import { additions, faultOfAll, isUnobserved, notify, tell, type Watches } from './launches.ts';
import { isOtherUser } from './options.ts';
import { wrapMethod } from '../wrap-method.ts';

interface SyncOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string | URL;
  shell?: boolean | string;
  uid?: number;
  gid?: number;
}
interface SyncResult {
  pid?: number;
  status?: number | null;
  signal?: string | null;
  error?: NodeJS.ErrnoException;
}

/** Which argument holds the options, and how a call reads as file and arguments. */
const SYNC_FORMS = {
  spawnSync: { read: readFileCall },
  execFileSync: { read: readFileCall },
  execSync: {
    read: (args: unknown[]) => ({ file: '/bin/sh', args: ['-c', String(args[0])], optionsAt: 1 }),
  },
} as const;

function readFileCall(args: unknown[]): { file: string; args: string[]; optionsAt: number } {
  const hasArguments = Array.isArray(args[1]);
  return {
    file: String(args[0]),
    args: hasArguments ? (args[1] as unknown[]).map(String) : [],
    optionsAt: hasArguments || args[1] === undefined || args[1] === null ? 2 : 1,
  };
}

let isWrapped = false;

export function wrapSyncCalls(): void {
  if (isWrapped) return;
  isWrapped = true;
  const target = process.getBuiltinModule('node:child_process');
  for (const [name, form] of Object.entries(SYNC_FORMS)) {
    wrapMethod(target, name, (original, self, args) => {
      if (isUnobserved()) return original.apply(self, args);
      const watches = announceSync(form.read, args);
      const call = watches === undefined ? args : watches.args;
      return finishSync(watches?.watches ?? [], () => original.apply(self, call));
    });
  }
  syncBuiltinESMExports();
}

function announceSync(
  read: (args: unknown[]) => { file: string; args: string[]; optionsAt: number },
  args: unknown[],
): { watches: Watches; args: unknown[] } | undefined {
  try {
    const call = read(args);
    const given = args[call.optionsAt];
    // What Node refuses is left for Node to refuse, in its own words.
    if (given !== undefined && !isObject(given)) return undefined;
    const options = (given ?? {}) as SyncOptions;
    // As Node has it: an empty value means the process's own, and inherited variables count.
    const base = options.env || liveEnvironment();
    if (!isObject(base)) return undefined;
    const environment: Record<string, string> = {};
    for (const name in base) {
      const value = base[name];
      if (value !== undefined) environment[name] = String(value);
    }
    const cwd = options.cwd === undefined || options.cwd === null ? undefined : String(options.cwd);
    const watches = tell({ isSync: true, ...programOf(call, options), cwd, environment, isOtherUser: isOtherUser(options) });
    const added = additions(watches);
    if (Object.keys(added).length === 0) return { watches, args };
    const copy = [...args];
    while (copy.length < call.optionsAt) copy.push(undefined);
    copy[call.optionsAt] = {
      ...options,
      env: Object.fromEntries(Object.entries({ ...environment, ...added }).filter(([name, value]) => value !== '' || !(name in added))),
    };
    return { watches, args: copy };
  } catch (error) {
    faultOfAll(error);
    return undefined;
  }
}

/** With `shell` it is the shell that starts, with all the rest as its text. */
function programOf({ file, args }: { file: string; args: string[] }, { shell }: SyncOptions): { file: string; args: string[] } {
  if (shell === undefined || shell === false || shell === '') return { file, args };
  return {
    file: typeof shell === 'string' ? shell : '/bin/sh',
    args: file === '/bin/sh' && args[0] === '-c' ? args : ['-c', [file, ...args].join(' ')],
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function finishSync(watches: Watches, fn: () => unknown): unknown {
  let outcome: SyncResult | undefined;
  try {
    const result = fn();
    outcome = isResult(result) ? result : { status: 0 };
    return result;
  } catch (error) {
    outcome = isResult(error) ? error : {};
    throw error;
  } finally {
    report(watches, outcome ?? {});
  }
}

function isResult(value: unknown): value is SyncResult {
  return typeof value === 'object' && value !== null && 'status' in value;
}

function report(watches: Watches, { pid, status, signal, error }: SyncResult): void {
  if (typeof pid === 'number' && pid > 0) notify(watches, (watch) => watch.started?.(pid));
  if (typeof status === 'number' || typeof signal === 'string') notify(watches, (watch) => watch.exited?.(status ?? null, signal ?? null));
  else notify(watches, (watch) => watch.failed?.(error?.code ?? 'spawn_failed'));
}

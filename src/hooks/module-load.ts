/** Tells when a known module is loaded, by a line added at its end, and when one of Node's own is first loaded. */
import { subscribe } from 'node:diagnostics_channel';
import * as nodeModule from 'node:module';
import { asUnhooked, type LoadResult as Loaded } from './imported-commonjs.ts';

export interface WatchedModule {
  readonly name: string;
  /** Matched against the end of the file's URL. */
  readonly file: RegExp;
  /**
   * The local name to hand over; the module is left alone when its source does not declare it. `module.exports`: all of it.
   * `export NAME`: what an ES module exports under that name, for one whose own names are minified.
   */
  readonly binding: string;
  /** Called for a file whose source does not declare `binding`. */
  readonly missing?: () => void;
  /** Called when its text was read, before any of it runs. */
  readonly before?: () => void;
}

/** A function that it returns takes the place of what the module exports; anything else leaves the export as it is. */
type Listener = (exported: unknown) => unknown;
type LoadHook = (url: string, context: unknown, nextLoad: (url: string, context: unknown) => Loaded) => Loaded;
type RegisterHooks = (hooks: { load: LoadHook }) => unknown;

/** Where the added line finds us: one symbol, one function. */
export const MODULE_KEY = 'swarmscope.modules.1';
const KEY = MODULE_KEY;

/** Stands for what a CommonJS module exports: for one whose functions are no names at its top level. */
const ALL = 'module.exports';
const EXPORTED = 'export ';

const listeners = new Map<string, Listener>();
const builtinListeners = new Map<string, () => void>();
const edited = new Map<string, WatchedText>();
/** Files of watched modules that were loaded, with the name of one that matched. */
const found = new Map<string, string>();
/** Protects memory from a program that loads copies for ever. */
const MAX_FOUND = 200;
let watched: readonly WatchedModule[] = [];
let isArmed = false;

/** Calls `listener` for each copy of the module, before its importer sees it. False without synchronous hooks. */
export function subscribeModule(module: WatchedModule, listener: Listener): boolean {
  if (!arm()) return false;
  listeners.set(module.name, listener);
  watched = [...watched, module];
  tellLoaded(module);
  return true;
}

/** Copies that another preload has loaded before us. Those that were loaded as ES modules are out of reach. */
function tellLoaded({ name, file, binding }: WatchedModule): void {
  for (const [path, module] of Object.entries(require.cache)) {
    if (module === undefined || !file.test(path)) continue;
    note(path, name);
    const exported: unknown = module.exports;
    if (typeof exported === 'function') module.exports = tell(name, exported);
    else if (typeof exported === 'object' && exported !== null)
      tell(name, binding === ALL ? exported : (exported as Record<string, unknown>)[binding.replace(EXPORTED, '')]);
  }
}

/** What takes the place of the text of one file; `isCommonJs`: how Node is to run it. */
export interface WatchedText {
  readonly url: string;
  readonly edit: (text: string, isCommonJs: boolean) => string;
}

/** The text may call `globalThis[Symbol.for(MODULE_KEY)](name, value)`, and gets what `listener` answers where that is a function. */
export function subscribeText(name: string, texts: readonly WatchedText[], listener: Listener): boolean {
  if (!arm()) return false;
  listeners.set(name, listener);
  for (const text of texts) edited.set(text.url, text);
  return true;
}

/**
 * Calls `listener` once the app loads Node's own module `name`, or at once if it has: nobody pays for a module that the
 * app does not use (`node:child_process` costs 5 ms). `process.getBuiltinModule` is not seen.
 */
export function subscribeBuiltin(name: string, listener: () => void): void {
  const loaded = (process as { moduleLoadList?: readonly string[] }).moduleLoadList;
  if (loaded === undefined || loaded.includes(`NativeModule ${name}`) || !arm()) listener();
  else builtinListeners.set(`node:${name}`, listener);
}

function arm(): boolean {
  if (isArmed) return true;
  const registerHooks = (nodeModule as { registerHooks?: RegisterHooks }).registerHooks;
  // Goes when the minimum is Node 24: 23.0 to 23.4 have no synchronous hooks.
  if (registerHooks === undefined) return false;
  isArmed = true;
  Object.defineProperty(globalThis, Symbol.for(KEY), {
    value: tell,
    configurable: true,
    enumerable: false,
  });
  const hooks = registerHooks({ load }) as { deregister?: () => void };
  // Published before the thread behind `module.register` loads anything.
  if (!bearsLoaderThread()) subscribe('worker_threads', (message) => giveUpFor((message as { worker?: object }).worker, hooks));
  return true;
}

/** Goes when the minimum is Node 24.21: before, a module in both a loader thread (tsx) and a synchronous hook fails. */
function bearsLoaderThread(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 21);
}

/** The app's loader comes first: our hook goes, and what waited for a module of Node's own is told now. */
function giveUpFor(worker: object | undefined, hooks: { deregister?: () => void }): void {
  if (worker?.constructor.name !== 'InternalWorker') return;
  hooks.deregister?.();
  for (const listener of [...builtinListeners.values()]) listener();
  builtinListeners.clear();
}

/** What to export instead. A listener that throws must not fail the loading of the app's module. */
function tell(name: string, exported: unknown): unknown {
  try {
    const instead = listeners.get(name)?.(exported);
    return typeof instead === 'function' ? instead : exported;
  } catch {
    // A fault of the listener: the module stays as it is.
    return exported;
  }
}

const load: LoadHook = (url, context, nextLoad) => {
  const loaded = nextLoad(url, context);
  try {
    const plain = asUnhooked(url, context, loaded);
    return plain === loaded ? withLine(url, loaded) : plain;
  } catch {
    // A source of a kind that is not known here: the app gets it as it is.
    return loaded;
  }
};

function withLine(url: string, loaded: Loaded): Loaded {
  if (url.startsWith('node:')) {
    const listener = builtinListeners.get(url);
    if (listener !== undefined && builtinListeners.delete(url)) listener();
    return loaded;
  }
  const own = edited.size === 0 ? undefined : edited.get(url.replace(/[?#].*$/, ''));
  const text = own === undefined ? undefined : textOf(loaded.source);
  if (own !== undefined && text !== undefined) return { ...loaded, source: own.edit(text, isCommonJs(url, loaded.format)) };
  // Several names of one file may be asked for. VoltAgent's by the observer of the AI SDK, and then by its own: that is the one to be told.
  const asked = watched.filter((each) => each.file.test(url));
  for (const { name } of asked.slice(-1)) note(url, name);
  return asked.reduce(withModule, loaded);
}

/** Paths or URLs of the watched files that were loaded, by which `doctor` names the libraries. */
export const foundModules: ReadonlyMap<string, string> = found;

function note(place: string, name: string): void {
  if (found.size < MAX_FOUND) found.set(place, name);
}

function withModule(loaded: Loaded, module: WatchedModule): Loaded {
  const source = textOf(loaded.source);
  if (source === undefined) return loaded;
  module.before?.();
  if (module.binding === ALL) {
    if (loaded.format !== undefined && loaded.format !== null && !loaded.format.startsWith('commonjs')) return loaded;
    return {
      ...loaded,
      source: `${source}\n;globalThis[Symbol.for(${JSON.stringify(KEY)})]?.(${JSON.stringify(module.name)}, module.exports);\n`,
    };
  }
  const binding = localName(module.binding, source);
  const declared = binding === undefined ? null : declarationOf(binding, source);
  if (binding === undefined || declared === null) {
    module.missing?.();
    return loaded;
  }
  return { ...loaded, source: `${source}\n${lineFor({ name: module.name, binding }, declared[1] === 'const')}\n` };
}

/** undefined: nothing is exported under that name. */
function localName(binding: string, source: string): string | undefined {
  if (!binding.startsWith(EXPORTED)) return binding;
  const name = binding.slice(EXPORTED.length);
  for (const [, list = ''] of source.matchAll(/\bexport\s*\{([^}]*)\}/g)) {
    for (const each of list.split(',')) {
      const [local, exported = local] = each.trim().split(/\s+as\s+/);
      if (exported === name) return local;
    }
  }
  return undefined;
}

/** Minified names are used again in inner scopes: a function is what can take the place of one. */
function declarationOf(binding: string, source: string): RegExpExecArray | null {
  const name = binding.replaceAll('$', '\\$&');
  const find = (keywords: string): RegExpExecArray | null => new RegExp(`\\b(${keywords}) ${name}(?![\\w$])`).exec(source);
  return find('function') ?? find('class|var|let|const');
}

function isCommonJs(url: string, format: Loaded['format']): boolean {
  return typeof format === 'string' ? format.startsWith('commonjs') : !/\.mts$|\.mjs$/.test(url);
}

/** An ES module exports the binding itself, unless it is constant; CommonJS exports the value. */
function lineFor({ name, binding }: Pick<WatchedModule, 'name' | 'binding'>, isConstant: boolean): string {
  const call = `globalThis[Symbol.for(${JSON.stringify(KEY)})]?.(${JSON.stringify(name)}, ${binding}) ?? ${binding}`;
  const inCommonJs = `typeof module === 'object' && module.exports === ${binding} && (module.exports = instead);`;
  // A constant of that name, where the declaration that was found is that of an inner scope.
  const inModule = isConstant ? '' : `try { ${binding} = instead; } catch {}`;
  // `typeof`: the declaration may stand in a comment only.
  return `;if (typeof ${binding} === 'function') { const instead = ${call}; if (instead !== ${binding}) { ${inCommonJs} ${inModule} } }`;
}

function textOf(source: Loaded['source']): string | undefined {
  if (typeof source === 'string') return source;
  if (source === null || source === undefined) return undefined;
  return Buffer.from(
    source instanceof ArrayBuffer ? new Uint8Array(source) : new Uint8Array(source.buffer, source.byteOffset, source.byteLength),
  ).toString('utf8');
}

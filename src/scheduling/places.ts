/** Where the program is: the functions on the stack, read past the program's own settings of stack traces. */

/** One function on the stack, nearest first. */
export interface Place {
  /** A path or URL; for evaluated code that has no name of its own, the text that says where it was evaluated. */
  readonly file: string;
  readonly functionName: string | undefined;
  readonly isConstructor: boolean;
  /** From 1. */
  readonly column: number;
}

/** Frames that are looked at: those of the preload and of the library, and a few anonymous ones of the app. */
const FRAMES = 12;
const OF_THE_PRELOAD = /[\\/](?:arming|observers)\.cjs$/;

/** The callers of the function `below`, without the preload and Node itself. Takes microseconds. */
export function placesAbove(below: unknown): Place[] {
  const undo = [
    override('stackTraceLimit', FRAMES),
    // What the program put there (`source-map-support`) would be called, and could take milliseconds.
    override('prepareStackTrace', (_: unknown, sites: unknown) => sites),
  ];
  const holder: { stack?: unknown } = {};
  try {
    Error.captureStackTrace(holder, below as () => unknown);
    const { stack } = holder;
    return Array.isArray(stack) ? (stack as NodeJS.CallSite[]).flatMap((site) => placeOf(site) ?? []) : [];
  } finally {
    for (const each of undo) each();
  }
}

/** Returns what puts the property of `Error` back as it was. Leaves it alone where it is frozen. */
function override(name: 'stackTraceLimit' | 'prepareStackTrace', value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(Error, name);
  if (before === undefined ? !Object.isExtensible(Error) : before.configurable === false) return () => undefined;
  Object.defineProperty(Error, name, { value, configurable: true, enumerable: true, writable: true });
  return () => {
    if (before === undefined) Reflect.deleteProperty(Error, name);
    else Object.defineProperty(Error, name, before);
  };
}

function placeOf(site: NodeJS.CallSite): Place | undefined {
  const file = site.getFileName() ?? site.getScriptNameOrSourceURL?.() ?? site.getEvalOrigin();
  if (typeof file !== 'string' || file === '' || file.startsWith('node:') || OF_THE_PRELOAD.test(file)) return undefined;
  const functionName = site.getFunctionName() ?? undefined;
  return { file, functionName, isConstructor: site.isConstructor(), column: site.getColumnNumber() ?? 0 };
}

/** The name of the function that handed a nameless task to a queue: the best low-cardinality name an inline arrow has. */

/** Frames looked at: ours, the queue's, and a few of the app's own anonymous ones. */
const FRAMES = 12;
const FRAME = /^\s*at (?:async )?(?:new )?([\w$.<>#]+(?: \[as [\w$]+\])?) \((.*)\)$/;
const NOT_A_NAME = /^(?:Object|Array|Promise|Function|Module|process)\b|<anonymous>$/;

/** The caller of `below`; undefined where no frame of the app has a name. Costs microseconds: called only for nameless functions. */
export function callerName(below: (...args: never[]) => unknown): string | undefined {
  const before = Error.stackTraceLimit;
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = FRAMES;
    Error.captureStackTrace(holder, below);
  } finally {
    Error.stackTraceLimit = before;
  }
  const { stack } = holder;
  if (typeof stack !== 'string') return undefined;
  return nameFrom(stack.split('\n').slice(1));
}

/** Pure part: the first named function outside the preload, the queue library and Node itself. */
export function nameFrom(frames: readonly string[]): string | undefined {
  for (const frame of frames) {
    const match = FRAME.exec(frame);
    if (match?.[1] === undefined || match[2] === undefined) continue;
    if (/(?:arming|observers)\.cjs|[\\/]node_modules[\\/]p-queue[\\/]|^node:/.test(match[2])) continue;
    const name =
      match[1]
        .replace(/ \[as .*$/, '')
        .split('.')
        .at(-1) ?? '';
    if (name !== '' && !NOT_A_NAME.test(match[1])) return name.slice(0, 64);
  }
  return undefined;
}

/** The name of the function that added a nameless task: the best low-cardinality name that an arrow function has. */

/** Frames that are looked at: those of the preload and of the library, and a few anonymous ones of the app. */
const FRAMES = 12;
const FRAME = /^\s*at (?:async )?(?:new )?([\w$.<>#]+(?: \[as [\w$]+\])?) \((.*)\)$/;
const NOT_THE_APP = /(?:arming|observers)\.cjs|^node:/;
const NOT_A_NAME = /^(?:Object|Array|Promise|Function|Module|process)\b|<anonymous>$/;

/** The caller of the function `below`; undefined where no frame of the app has a name. Takes microseconds. */
export function callerName(below: unknown, library: string): string | undefined {
  const before = Error.stackTraceLimit;
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = FRAMES;
    Error.captureStackTrace(holder, below as () => unknown);
  } finally {
    Error.stackTraceLimit = before;
  }
  const { stack } = holder;
  if (typeof stack !== 'string') return undefined;
  return nameFrom(stack.split('\n').slice(1), library);
}

/** The first named function outside the preload, the library and Node itself. Pure. */
export function nameFrom(frames: readonly string[], library: string): string | undefined {
  for (const frame of frames) {
    const match = FRAME.exec(frame);
    if (match?.[1] === undefined || match[2] === undefined) continue;
    if (NOT_THE_APP.test(match[2]) || match[2].replaceAll('\\', '/').includes(`/node_modules/${library}/`)) continue;
    const name =
      match[1]
        .replace(/ \[as .*$/, '')
        .split('.')
        .at(-1) ?? '';
    if (name !== '' && !NOT_A_NAME.test(match[1])) return name.slice(0, 64);
  }
  return undefined;
}

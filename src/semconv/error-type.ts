/** Makes `error.type` (OpenTelemetry semantic conventions) from a thrown value: the error's class, never its text. */

/** Longest value; a class name that is longer was made up at run time. */
const MAX_CHARACTERS = 64;

/** Never throws. The error's name, else class, else `_OTHER`. @example errorTypeOf(new TypeError('x')) // 'TypeError' */
export function errorTypeOf(error: unknown): string {
  try {
    if (!isError(error)) return '_OTHER';
    const name = error.name !== 'Error' && isName(error.name) ? error.name : error.constructor.name;
    return isName(name) ? name.slice(0, MAX_CHARACTERS) : '_OTHER';
  } catch {
    // A proxy or a getter of the app's that throws.
    return '_OTHER';
  }
}

/** By its shape: an error of another realm (`vm`, a test runner) is no instance of our `Error`. */
function isError(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'message' in value && typeof (value as Error).name === 'string';
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[\w$.-]+$/.test(value);
}

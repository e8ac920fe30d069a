/** Names of failures for `error.type`: few enough to group by, and never a message. */
import { asObject, asText } from '../read/json.ts';

/** A word a provider or runtime would use as a code; anything else is a sentence or an id. */
const CODE = /^[A-Za-z][A-Za-z0-9_.-]{1,63}$/;
const OTHER = '_OTHER';

/** From the `error` of an answer: its code, else its type, else `_OTHER`. */
export function providerErrorType(error: unknown): string {
  return providerErrorCode(error) ?? OTHER;
}

/** The same, but `undefined` for an error without code and type: then the status says more. */
export function providerErrorCode(error: unknown): string | undefined {
  const object = asObject(error);
  return codeIn(object?.['code']) ?? codeIn(object?.['type']) ?? statusIn(object?.['code']) ?? codeIn(error);
}

/** From an error of the transport, or from its cause: `ECONNREFUSED`, `UND_ERR_SOCKET`, `TimeoutError`. */
export function transportErrorType(error: unknown): string {
  const object = asObject(error);
  const cause = asObject(object?.['cause']);
  const firstOfMany = asObject((object?.['errors'] as unknown[] | undefined)?.[0]);
  const name = codeIn(object?.['name']);
  return (
    codeIn(object?.['code']) ??
    codeIn(cause?.['code']) ??
    codeIn(firstOfMany?.['code']) ??
    (name === 'Error' || name === undefined ? OTHER : name)
  );
}

/** True when the app closed the connection. A reason that is no error (`abort('enough')`) can only be the app's. */
export function isAbort(error: unknown): boolean {
  const object = asObject(error);
  if (asText(object?.['message']) === undefined && codeIn(object?.['code']) === undefined && codeIn(object?.['name']) === undefined)
    return true;
  return object?.['name'] === 'AbortError' || object?.['code'] === 'UND_ERR_ABORTED' || object?.['code'] === 'ABORT_ERR';
}

function codeIn(value: unknown): string | undefined {
  const text = asText(value);
  return text !== undefined && CODE.test(text) ? text : undefined;
}

/** OpenRouter writes the status as a number. */
function statusIn(value: unknown): string | undefined {
  return typeof value === 'number' && value >= 400 && value < 600 ? String(value) : undefined;
}

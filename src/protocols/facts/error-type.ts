/** Names of failures for `error.type`: few enough to group by, and never a message. */
import { asObject, asText } from '../read/json.ts';

/** A word that a provider or runtime would use as a code; anything else is a sentence or an id. */
const CODE = /^[A-Za-z][A-Za-z0-9_.-]{1,63}$/;
export const OTHER = '_OTHER';

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

/** Of undici, Node and axios. */
const ABORTS: ReadonlySet<unknown> = new Set(['UND_ERR_ABORTED', 'ABORT_ERR', 'ERR_CANCELED']);

/** True when the app closed the connection. A reason that is no error (`abort('enough')`) can only be the app's. */
export function isAbort(error: unknown): boolean {
  const object = asObject(error);
  if (asText(object?.['message']) === undefined && codeIn(object?.['code']) === undefined && codeIn(object?.['name']) === undefined)
    return true;
  return object?.['name'] === 'AbortError' || ABORTS.has(object?.['code']);
}

/** True when the app has dropped an answer that it did not read, and undici has noticed it by the garbage collector. */
export function isCollected(error: unknown): boolean {
  return typeof error === 'string' && error.includes('garbage collected');
}

/** `undefined` for a sentence, and for what Python writes where there is none. */
export function codeIn(value: unknown): string | undefined {
  const text = asText(value);
  return text !== undefined && CODE.test(text) && text !== 'None' && text !== 'null' ? text : undefined;
}

// Any value as plain data: prototype, own properties with their flags, error causes; so that two runs can be held
// against each other.

const MAX_TEXT = 400;
/** Differ between any two runs. */
const CHANGING = /^(?:date|x-request-id|request-id|requestID|request_id|_request_id|x-aimock-.*)$/i;

export function describe(value, depth = 4, seen = new Map()) {
  if (typeof value === 'string') return value.length > MAX_TEXT ? `${value.slice(0, 100)}… (${value.length})` : value;
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (value === undefined) return '(undefined)';
  if (typeof value === 'function') return `[function ${value.name}/${value.length}]`;
  if (typeof value !== 'object' || value === null) return value;
  if (seen.has(value)) return `[ref ${seen.get(value)}]`;
  seen.set(value, seen.size);
  if (value instanceof Error) return describeError(value, depth, seen);
  if (value instanceof Uint8Array) return `[${value.constructor.name} ${value.length}]`;
  if (Array.isArray(value)) return value.length > 60 ? `[${value.length} items]` : value.map((item) => describe(item, depth - 1, seen));
  const is = prototypesOf(value);
  const isPlain = is.length <= 1;
  const own = {};
  for (const key of Reflect.ownKeys(value)) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    const flags = ['writable', 'enumerable', 'configurable', 'get']
      .filter((flag) => descriptor[flag])
      .map((flag) => flag[0])
      .join('');
    const held = CHANGING.test(String(key)) ? '(changes)' : descriptor.value;
    own[String(key)] = isPlain && depth > 0 ? [flags, describe(held, depth - 1, seen)] : `${flags} ${kindOf(held)}`;
  }
  return { is, isFrozen: Object.isFrozen(value), own };
}

function describeError(error, depth, seen) {
  const own = {};
  // undici's code for a malformed answer depends on how the packets were cut.
  const code = error.name === 'HTTPParserError' ? '(changes)' : error.code;
  for (const key of Object.getOwnPropertyNames(error))
    if (!['stack', 'message', 'cause', 'code'].includes(key)) own[key] = kindOf(error[key]);
  return {
    error: error.name,
    is: prototypesOf(error),
    message: error.message,
    code,
    status: error.status,
    own,
    hasStack: typeof error.stack === 'string' && error.stack.includes('\n    at '),
    cause: error.cause === undefined || depth === 0 ? undefined : describe(error.cause, depth - 1, seen),
  };
}

/** Names of the constructors up to the top; `Object` alone is a plain object. */
function prototypesOf(value) {
  const names = [];
  for (let at = Object.getPrototypeOf(value); at !== null && names.length < 8; at = Object.getPrototypeOf(at))
    names.push(at.constructor?.name ?? '(none)');
  return names;
}

function kindOf(value) {
  if (typeof value === 'object' && value !== null) return value.constructor?.name ?? 'object';
  return ['string', 'number', 'boolean'].includes(typeof value) ? `${typeof value}` : typeof value;
}

/** What an app can see of a fetch response without reading it. */
export function responseFacts(response) {
  return {
    what: describe(response, 1),
    status: response.status,
    statusText: response.statusText,
    ok: response.ok,
    url: response.url,
    type: response.type,
    redirected: response.redirected,
    bodyUsed: response.bodyUsed,
    headers: [...response.headers].filter(([name]) => !CHANGING.test(name)),
    body: response.body === null ? null : describe(response.body, 1),
  };
}

/** Wraps one method of one object so that it still looks as it did, and takes the wrapper away again. */

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Every wrapper of this bundle. */
const wrappers = new WeakSet<object>();

/**
 * Calls `around` in place of `target[name]`, with the method as it is then; `around` decides whether to call it.
 * Name, length and property attributes stay; an inherited method is covered by an own property. Does nothing where
 * there is no such method; throws what `Object.defineProperty` throws for an object that cannot be changed.
 * @returns takes the wrapper away, unless somebody stands in front of it by then: what they hold goes on working
 * @example const unwrap = wrapMethod(request, 'end', (end, self, args) => Reflect.apply(end, self, args));
 */
export function wrapMethod(
  target: object,
  name: string,
  around: (original: Method, self: unknown, args: unknown[]) => unknown,
): () => void {
  const original = (target as Record<string, unknown>)[name];
  if (typeof original !== 'function') return () => undefined;
  const before = Object.getOwnPropertyDescriptor(target, name);
  const wrapper = function (this: unknown, ...args: unknown[]): unknown {
    // A method that the app replaced on the prototype meanwhile is the one to be called.
    const inherited = before === undefined ? (Object.getPrototypeOf(target) as Record<string, unknown> | null)?.[name] : original;
    return around((typeof inherited === 'function' ? inherited : original) as Method, this, args);
  };
  wrappers.add(wrapper);
  Object.defineProperty(wrapper, 'name', { value: original.name, configurable: true });
  Object.defineProperty(wrapper, 'length', { value: original.length, configurable: true });
  const { configurable = true, enumerable = false, writable = true } = before ?? {};
  Object.defineProperty(target, name, { configurable, enumerable, writable, value: wrapper });
  return () => {
    if (Object.getOwnPropertyDescriptor(target, name)?.value !== wrapper) return;
    if (before === undefined) Reflect.deleteProperty(target, name);
    else Object.defineProperty(target, name, before);
  };
}

/**
 * Calls `before`, with the object and the wrapper, when `target[name]` is set. Does nothing where `target` itself has
 * no such setter.
 */
export function wrapSetter(target: object, name: string, before: (self: object, wrapper: unknown) => void): void {
  const descriptor = Object.getOwnPropertyDescriptor(target, name) as { set?: (value: unknown) => void } | undefined;
  const original = descriptor?.set;
  if (original === undefined) return;
  const wrapper = function (this: object, value: unknown): void {
    before(this, wrapper);
    Reflect.apply(original, this, [value]);
  };
  Object.defineProperty(wrapper, 'name', { value: original.name, configurable: true });
  Object.defineProperty(target, name, { ...descriptor, set: wrapper });
}

export function isWrapped(method: unknown): boolean {
  return typeof method === 'function' && wrappers.has(method);
}

/** Gives `wrapper` the name and length of `original`. */
export function likeFunction<Wrapper extends (...args: never[]) => unknown>(original: object, wrapper: Wrapper): Wrapper {
  for (const key of ['name', 'length'] as const) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key);
    if (descriptor !== undefined) Object.defineProperty(wrapper, key, { ...descriptor, configurable: true });
  }
  return wrapper;
}

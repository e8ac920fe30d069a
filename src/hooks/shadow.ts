/** A method of one object, seen through: own property in front of the inherited one, taken away again without a trace. */

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** `around` must call `original` once, with `self` and `args`, and return what it returned. Returned: takes the shadow away again. */
export function shadow(target: object, name: string, around: (original: Method, self: unknown, args: unknown[]) => unknown): () => void {
  const original = (target as Record<string, unknown>)[name];
  if (typeof original !== 'function') return () => undefined;
  const before = Object.getOwnPropertyDescriptor(target, name);
  const value = function (this: unknown, ...args: unknown[]): unknown {
    // A method that the app replaced on the prototype meanwhile is the one to be called.
    const inherited = before === undefined ? (Object.getPrototypeOf(target) as Record<string, unknown> | null)?.[name] : original;
    return around((typeof inherited === 'function' ? inherited : original) as Method, this, args);
  };
  // As whoever looks at the method expects it.
  Object.defineProperty(value, 'name', { value: original.name, configurable: true });
  Object.defineProperty(value, 'length', { value: original.length, configurable: true });
  Object.defineProperty(target, name, { configurable: true, writable: true, enumerable: false, value });
  return () => {
    if (before === undefined) Reflect.deleteProperty(target, name);
    else Object.defineProperty(target, name, before);
  };
}

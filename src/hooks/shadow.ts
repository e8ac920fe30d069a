/** A method of one object, seen through: own property in front of the inherited one, taken away again without a trace. */

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** `around` must call `original` once, with `self` and `args`, and return what it returned. */
export function shadow(target: object, name: string, around: (original: Method, self: unknown, args: unknown[]) => unknown): void {
  const original = (target as Record<string, unknown>)[name];
  if (typeof original !== 'function') return;
  Object.defineProperty(target, name, {
    configurable: true,
    writable: true,
    enumerable: false,
    value: function (this: unknown, ...args: unknown[]) {
      return around(original as Method, this, args);
    },
  });
}

/** Takes our own property away; the inherited method shows again. */
export function unshadow(target: object, name: string): void {
  Reflect.deleteProperty(target, name);
}

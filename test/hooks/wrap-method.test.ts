/**
 * A wrapped method looks as it did before, calls what is there at the time of the call, and is given back without a
 * trace.
 */
import { describe, expect, it } from '@jest/globals';
import { isWrapped, wrapMethod, wrapSetter } from '../../src/hooks/wrap-method.ts';

class Greeter {
  greet(name: string, _mark: string | undefined): string {
    return `hello ${name}`;
  }
}

const passOn = (original: (this: unknown, ...args: unknown[]) => unknown, self: unknown, args: unknown[]): unknown =>
  Reflect.apply(original, self, args);

describe('wrapMethod', () => {
  it('keeps the name, the length and the arguments of the method', () => {
    const greeter = new Greeter();
    wrapMethod(greeter, 'greet', passOn);
    expect({ name: greeter.greet.name, length: greeter.greet.length }).toEqual({ name: 'greet', length: 2 });
    expect(greeter.greet('you', '!')).toBe('hello you');
    expect(Object.keys(greeter)).toEqual([]);
  });

  it('calls a method that the program replaced on the prototype after it was wrapped', () => {
    class Own extends Greeter {}
    const greeter = new Own();
    wrapMethod(greeter, 'greet', passOn);
    Own.prototype.greet = () => 'replaced';
    expect(greeter.greet('you', '!')).toBe('replaced');
  });

  it('leaves no property behind when the wrapper of an inherited method is taken away', () => {
    const greeter = new Greeter();
    const unwrap = wrapMethod(greeter, 'greet', () => 'wrapped');
    expect([greeter.greet('you', '!'), isWrapped(greeter.greet)]).toEqual(['wrapped', true]);
    unwrap();
    expect([greeter.greet('you', '!'), isWrapped(greeter.greet), Object.hasOwn(greeter, 'greet')]).toEqual(['hello you', false, false]);
  });

  it('restores an own method with its property attributes', () => {
    const target = Object.defineProperty({}, 'run', { value: () => 'own', configurable: true, enumerable: true, writable: false });
    const before = Object.getOwnPropertyDescriptor(target, 'run');
    const unwrap = wrapMethod(target, 'run', () => 'wrapped');
    expect(Object.getOwnPropertyDescriptor(target, 'run')).toMatchObject({ configurable: true, enumerable: true, writable: false });
    unwrap();
    expect(Object.getOwnPropertyDescriptor(target, 'run')).toEqual(before);
  });

  it('stays below a wrapper that somebody else put in front of it', () => {
    const greeter = new Greeter();
    const unwrap = wrapMethod(greeter, 'greet', () => 'ours');
    const ours = greeter.greet.bind(greeter);
    greeter.greet = (...args) => `${ours(...args)}, then theirs`;
    unwrap();
    expect(greeter.greet('you', '!')).toBe('ours, then theirs');
  });

  it('does nothing where there is no such method', () => {
    const target = { run: 1 };
    wrapMethod(target, 'run', () => 'wrapped')();
    wrapMethod(target, 'missing', () => 'wrapped')();
    expect(target).toEqual({ run: 1 });
  });

  it('throws for an object that cannot be changed', () => {
    expect(() => wrapMethod(Object.freeze(new Greeter()), 'greet', passOn)).toThrow(TypeError);
  });
});

describe('wrapSetter', () => {
  class Queue {
    limit = 0;
    get concurrency(): number {
      return this.limit;
    }
    set concurrency(value: number) {
      if (value < 1) throw new RangeError('mine');
      this.limit = value;
    }
  }

  it('calls the function first, with the object, and the setter sets and throws as before', () => {
    const told: object[] = [];
    const before = Object.getOwnPropertyDescriptor(Queue.prototype, 'concurrency');
    wrapSetter(Queue.prototype, 'concurrency', (self) => told.push(self));
    const queue = new Queue();
    queue.concurrency = 2;
    expect(() => (queue.concurrency = 0)).toThrow(new RangeError('mine'));
    expect([queue.concurrency, told]).toEqual([2, [queue, queue]]);
    const after = Object.getOwnPropertyDescriptor(Queue.prototype, 'concurrency');
    expect({ ...after, set: after?.set?.name }).toEqual({ ...before, set: 'set concurrency' });
  });

  it('leaves alone what has no setter', () => {
    const target = { plain: 1 };
    wrapSetter(target, 'plain', () => undefined);
    wrapSetter(target, 'missing', () => undefined);
    expect(Object.getOwnPropertyDescriptors(target)).toEqual(Object.getOwnPropertyDescriptors({ plain: 1 }));
  });
});

/** What a nameless task is called: after a function that a person named, never after what a tool made. */
import { expect, test } from '@jest/globals';
import { callerName, taskName } from '../../src/scheduling/names.ts';
import { placesAbove, type Place } from '../../src/scheduling/places.ts';

const at = (functionName: string | undefined, file = '/app/x.js', column = 4): Place => ({
  file,
  functionName,
  column,
  isConstructor: false,
});

test.each<[string, Place[], string | undefined]>([
  ['a function', [at(undefined, '/app/node_modules/p-queue/dist/index.js'), at('plan')], 'plan'],
  ['a private method', [at('#launch')], '#launch'],
  ['an anonymous function is passed over', [at(undefined), at('dispatch')], 'dispatch'],
  ['a package is passed over', [at('arrayMap', '/app/node_modules/lodash/lodash.js'), at('dispatch')], 'dispatch'],
  ['the method by which a subclass passes it on is passed over', [at('add'), at('dispatch')], 'dispatch'],
  ['the function that a compiler made is passed over', [at('__awaiter'), at('_callee$'), at('dispatch')], 'dispatch'],
  ['evaluated code', [at('eval', 'eval at run (/app/x.js:1:1)'), at('dispatch')], 'dispatch'],
  ['two characters of a minifier', [at('Wi', '/app/dist/bundle.js'), at('_a', '/app/dist/bundle.js')], undefined],
  ['three characters', [at('run')], 'run'],
  ['three characters in a file of long lines', [at('run', '/app/dist/bundle.js', 501)], undefined],
  ['three characters in a file of lines that are not so long', [at('run', '/app/dist/bundle.js', 500)], 'run'],
  ['three characters in TypeScript, which tsx puts on one line', [at('run', 'file:///app/x.ts', 9_000)], 'run'],
  ['four characters in a file of long lines', [at('plan', '/app/dist/bundle.js', 9_000)], 'plan'],
  ['no place', [], undefined],
])('named by its adder: %s', (_title, places, expected) => {
  expect(callerName(places)).toBe(expected);
});

test.each<[string, unknown, string | undefined]>([
  ['its own', 'implement', 'implement'],
  ['its own, bound', 'bound bound implement', 'implement'],
  ['not a minifier’s', 'Wi', 'adder'],
  ['not an id', 'task-20261129', 'adder'],
  ['not an id in hexadecimal', 'run-9f86d081', 'adder'],
  ['not what is no text', 7, 'adder'],
  ['at most 64 characters', 'x'.repeat(65), 'x'.repeat(64)],
])('the name of a function: %s', (_title, name, expected) => {
  expect(taskName({ name }, () => [at('adder')])).toBe(expected);
});

test('a long name costs no look at the stack', () => {
  const look = (): never => {
    throw new Error('looked');
  };
  expect(taskName({ name: 'plan' }, look)).toBe('plan');
});

test('the stack is read as Node knows it, and the settings of the program stay as they were', () => {
  const settings = () => [Error.stackTraceLimit, Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace')];
  const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  const called: unknown[] = [];
  const read = function adder(): Place[] {
    return placesAbove(adder);
  };
  function above(): Place[] {
    return read();
  }
  try {
    Error.stackTraceLimit = 0;
    Error.prepareStackTrace = (error) => called.push(error);
    const own = settings();
    expect(above()[0]).toMatchObject({ functionName: 'above', file: expect.stringContaining('names.test.ts') });
    expect(settings()).toEqual(own);
    expect(called).toEqual([]);
    Object.defineProperty(Error, 'stackTraceLimit', { value: 1, configurable: false, writable: true });
  } finally {
    if (before === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
    else Object.defineProperty(Error, 'prepareStackTrace', before);
  }
  expect(above()).toHaveLength(1);
});

// Attribute sets that repeat: equal ones are made once, unequal ones never taken for each other.
import { describe, expect, jest, test } from '@jest/globals';
import { remembered } from '../../src/recording/attribute-sets.ts';

describe('remembered', () => {
  test('makes one object for equal values', () => {
    const make = jest.fn(() => ({}));
    const first = remembered('equal', ['m', undefined], make);
    expect(remembered('equal', ['m', undefined], make)).toBe(first);
    expect(make).toHaveBeenCalledTimes(1);
  });

  test('tells apart which of two places has the value, and the type of a value', () => {
    const of = (...values: (string | number | undefined)[]): object | undefined => remembered('apart', values, () => ({}));
    expect(new Set([of('m', undefined), of(undefined, 'm'), of('1', undefined), of(1, undefined)]).size).toBe(4);
  });

  test('keeps shapes apart that have the same values', () => {
    expect(remembered('one', ['x'], () => ({}))).not.toBe(remembered('other', ['x'], () => ({})));
  });

  test('keeps nothing for a value that is as long as a document', () => {
    expect(remembered('long', ['x'.repeat(512)], () => ({}))).toBeDefined();
    expect(remembered('long', ['x'.repeat(513)], () => ({}))).toBeUndefined();
  });

  test('past the bound there is no place for a new one, and the old ones stay', () => {
    const first = remembered('many', [0], () => ({}));
    for (let index = 1; index < 2_100; index++) remembered('many', [index], () => ({}));
    expect(remembered('many', [9_999], () => ({}))).toBeUndefined();
    expect(remembered('many', [0], () => ({}))).toBe(first);
  });
});

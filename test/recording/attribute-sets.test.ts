// Attribute sets that repeat: equal ones are one frozen object, unequal ones never.
import { describe, expect, test } from '@jest/globals';
import { repeated } from '../../src/recording/attribute-sets.ts';

describe('repeated', () => {
  test('gives one frozen object for equal values, without what is undefined', () => {
    const first = repeated('equal', { model: 'm', error: undefined });
    expect(first).toEqual({ model: 'm' });
    expect(Object.keys(first)).toEqual(['model']);
    expect(Object.isFrozen(first)).toBe(true);
    expect(repeated('equal', { model: 'm', error: undefined })).toBe(first);
  });

  test('tells apart which of two names has the value, and the type of a value', () => {
    expect(repeated('apart', { asked: 'm', answered: undefined })).toEqual({ asked: 'm' });
    expect(repeated('apart', { asked: undefined, answered: 'm' })).toEqual({ answered: 'm' });
    expect(repeated('apart', { asked: '1', answered: undefined })).not.toEqual(repeated('apart', { asked: 1, answered: undefined }));
  });

  test('keeps shapes apart that have the same values', () => {
    expect(repeated('one', { a: 'x' })).toEqual({ a: 'x' });
    expect(repeated('other', { b: 'x' })).toEqual({ b: 'x' });
  });

  test('past the bound a new set is still right, only not kept', () => {
    for (let index = 0; index < 2_100; index++) expect(repeated('many', { id: index, error: undefined })['id']).toBe(index);
    const late = repeated('many', { id: 9_999, error: undefined });
    expect(late).toEqual({ id: 9_999, error: undefined });
    expect(repeated('many', { id: 9_999, error: undefined })).not.toBe(late);
  });
});

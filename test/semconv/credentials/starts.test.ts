// Keys are found by how they begin, also where only the end of that is looked for first.
import { expect, test } from '@jest/globals';
import { scrubText } from '../../../src/semconv/credentials/index.ts';
import { SHAPES } from '../../../src/semconv/credentials/table.ts';

const BODY = 'a1b2c3d4e5f6g7h8i9j0k1l2m3n4';
const starts = SHAPES.flatMap((shape) => shape.starts);

test.each(starts)('%s…: in a sentence, in quotes and behind an escape', (start) => {
  for (const text of [`use ${start}${BODY} here`, `["${start}${BODY}"]`, `a\\n${start}${BODY}`])
    expect(scrubText(text)).not.toContain(BODY);
});

test('there are starts', () => {
  expect(starts.length).toBeGreaterThan(60);
});

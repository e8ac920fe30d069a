/** Names that leave without a closer look: none of them would have been scrubbed. */
import { expect, test } from '@jest/globals';
import { boundedName } from '../../src/recording/content.ts';
import { scrubStart } from '../../src/semconv/credentials/index.ts';
import { SHAPES } from '../../src/semconv/credentials/table.ts';

const IDS = ['chatcmpl-', 'cmpl-', 'resp_', 'msg_', 'gen-', 'call_', 'toolu_'];
const starts = SHAPES.flatMap((shape) => shape.starts);

test.each(IDS)('an id that begins with %s stays as it is', (start) => {
  const id = `${start}${'aB3'.repeat(10)}`;
  expect(boundedName(id)).toBe(id);
  expect(scrubStart(id, 512)).toBe(id);
});

test.each(starts)('a key that begins with %s is scrubbed behind the beginning of an id as everywhere', (start) => {
  for (const text of IDS.map((id) => `${id}${start}${'A1b2'.repeat(12)}`)) expect(boundedName(text)).toBe(scrubStart(text, 512));
});

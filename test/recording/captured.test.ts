/** What captured content looks like when it leaves: bounded, without media and credentials, through the user's mask, and always JSON. */
import { writeFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { cleanContent, type Clean } from '../../src/recording/captured/clean.ts';
import { UserMask, type ContentMask } from '../../src/recording/captured/user-mask.ts';
import { MAX_CONTENT_CHARACTERS, stringifyBounded } from '../../src/semconv/bounded-json.ts';
import { blobPart, uriPart, withDigest } from '../../src/semconv/media.ts';

const INPUT = 'gen_ai.input.messages';
const ARGUMENTS = 'gen_ai.tool.call.arguments';
const digest = (): string => '0123456789abcdef';

interface Masked {
  readonly userMask: UserMask;
  readonly counts: string[];
  readonly faults: string[];
}

function maskOf(path = '', ...masks: readonly unknown[]): Masked {
  const counts: string[] = [];
  const faults: string[] = [];
  const userMask = new UserMask({ path, count: (name) => void counts.push(name), fault: (reason) => void faults.push(reason) });
  for (const mask of masks) userMask.add(mask as ContentMask);
  return { userMask, counts, faults };
}

const clean = (name: string, value: unknown, { userMask } = maskOf()): Clean | undefined =>
  cleanContent(name, typeof value === 'string' ? value : JSON.stringify(value), { digest, userMask });
const valueOf = (given: Clean | undefined): unknown => JSON.parse(given?.text ?? 'null');
const said = (content: string): object => ({ role: 'user', parts: [{ type: 'text', content }] });

describe('bounds', () => {
  test('the oldest messages go first and whole, and what is left out is told', () => {
    const messages = Array.from({ length: 100 }, (_, at) => said(`${at} ${'x'.repeat(1_000)}`));
    const given = clean(INPUT, stringifyBounded(messages));
    const kept = valueOf(given) as unknown[];
    expect(kept.at(-1)).toEqual(messages.at(-1));
    expect(kept).toEqual(messages.slice(-kept.length));
    expect(given?.omitted?.messages).toBe(100 - kept.length);
    expect(given?.omitted?.characters).toBeGreaterThan((100 - kept.length) * 1_000);
    expect(given?.text.length).toBeLessThanOrEqual(MAX_CONTENT_CHARACTERS);
    expect(kept.length).toBeGreaterThan(50);
  });

  test('a last message that is too long alone is cut in its middle, with the number of characters', () => {
    const given = clean(INPUT, stringifyBounded([said('old'), said(`begin ${'"x'.repeat(200_000)} end`)]));
    const [message, more] = valueOf(given) as { parts: { content: string }[] }[];
    expect(more).toBeUndefined();
    expect(message?.parts[0]?.content).toMatch(/^begin .*… \d+ characters left out ….* end$/);
    expect(given?.omitted).toMatchObject({ messages: 1 });
    expect(given?.omitted?.characters).toBeGreaterThan(300_000);
    expect(given?.text.length).toBeLessThanOrEqual(MAX_CONTENT_CHARACTERS);
  });

  test('what fits is whole, and nothing is said to be left out', () => {
    expect(clean(INPUT, stringifyBounded([said('a')]))).toEqual({ text: JSON.stringify([said('a')]), omitted: undefined });
  });

  test('a value of any depth and breadth stays JSON', () => {
    const deep = '{"a":'.repeat(3_000) + '1' + '}'.repeat(3_000);
    for (const value of [deep, JSON.stringify(Array.from({ length: 50_000 }, (_, at) => ({ at, text: '€"\n' })))])
      expect(() => valueOf(clean(ARGUMENTS, value))).not.toThrow();
  });

  test('no half of a credential stays where a text is cut', () => {
    for (let shift = 0; shift < 60; shift += 1) {
      const text = `${'a '.repeat(15_000)}${' '.repeat(shift)}export API_TOKEN=canary1canary2canary3canary4 ${'b '.repeat(60_000)}`;
      expect(stringifyBounded([said(text)])).not.toContain('canary');
    }
  });
});

describe('credentials', () => {
  test.each([
    [
      { password: 'hunter2', user: 'me' },
      { password: '***', user: 'me' },
    ],
    [{ headers: { Authorization: 'Bearer abcdef1234567890' } }, { headers: { Authorization: '***' } }],
    [{ env: [{ name: 'API_TOKEN', value: 'abc' }] }, { env: [{ name: 'API_TOKEN', value: '***' }] }],
    [{ command: 'curl -H "X-Auth-Token: abc" https://u:p@h/x' }, { command: 'curl -H "X-Auth-Token: ***" https://***@h/x' }],
    [{ args: ['--api-key', 'abc', 'run'] }, { args: ['--api-key', '***', 'run'] }],
    [
      { max_tokens: 5, text: 'plain' },
      { max_tokens: 5, text: 'plain' },
    ],
  ])('%j leaves as %j', (given, expected) => {
    expect(valueOf(clean(ARGUMENTS, given))).toEqual(expected);
  });

  test('JSON in a text in JSON stays JSON, whatever is removed from it', () => {
    const inner = JSON.stringify({ apiKey: 'a"b\\c', nested: JSON.stringify({ token: 'secret-value-1', list: [1] }), keep: '€' });
    const message = { role: 'assistant', parts: [{ type: 'tool_call', id: '1', name: 'x', arguments: inner }] };
    const [told] = valueOf(clean(INPUT, [message])) as { parts: { arguments: string }[] }[];
    const value = JSON.parse(told?.parts[0]?.arguments ?? '') as { nested: string };
    expect(value).toMatchObject({ apiKey: '***', keep: '€' });
    expect(JSON.parse(value.nested)).toEqual({ token: '***', list: [1] });
  });
});

describe('media', () => {
  const png = `iVBORw0KGgo${'Aa0'.repeat(400)}`;

  test('in parts leave their type, size and hash', () => {
    const [blob, uri, address] = withDigest(digest, () => [
      blobPart('image', 'image/png', png),
      uriPart('image', `data:image/png;base64,${png}`),
      uriPart('image', 'https://example.com/a.png'),
    ]);
    const expected = { type: 'blob', modality: 'image', mime_type: 'image/png', content: '[removed]', byte_size: 908, hash: digest() };
    expect(blob).toEqual(expected);
    expect(uri).toEqual(expected);
    expect(address).toEqual({ type: 'uri', modality: 'image', uri: 'https://example.com/a.png' });
  });

  test('in texts and in the results of tools are replaced, wherever they lie', () => {
    const value = { md: `see ![x](data:image/png;base64,${png})`, raw: png, list: [{ type: 'image', data: png, mimeType: 'image/png' }] };
    const text = clean('gen_ai.tool.call.result', value)?.text ?? '';
    expect(text).not.toContain('Aa0Aa0');
    expect(text.match(/\[image\/png, 908 bytes, 0123456789abcdef\]/g)).toHaveLength(3);
  });

  test('a long line of one letter, and words, are no media', () => {
    const value = { line: 'x'.repeat(5_000), words: 'some words '.repeat(500) };
    expect(valueOf(clean('gen_ai.tool.call.result', value))).toEqual(value);
  });

  test('of which half would be cut off are gone before', () => {
    expect(stringifyBounded([said(`${'a '.repeat(20_000)}data:image/png;base64,${png.repeat(200)}`)])).not.toContain('Aa0Aa0');
  });
});

describe("the user's mask", () => {
  const content = [said('call me: 555'), { role: 'assistant', parts: [{ type: 'tool_call', name: 'x', arguments: { n: '555' } }] }];

  test('gets each piece of content, and no word that says what a part is', () => {
    const pieces: string[] = [];
    const mask: ContentMask = (text, { attribute, member }) => {
      pieces.push(`${attribute} ${member} ${text}`);
      return text.replaceAll('555', '<phone>');
    };
    const given = clean(INPUT, content, maskOf('', mask));
    expect(given?.text).not.toContain('555');
    expect(valueOf(given)).toMatchObject([{ role: 'user', parts: [{ type: 'text', content: 'call me: <phone>' }] }, { role: 'assistant' }]);
    expect(pieces).toEqual([`${INPUT} content call me: 555`, `${INPUT} name x`, `${INPUT} n 555`]);
  });

  test.each<[string, unknown]>([
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['gives no text', () => 1],
    ['gives nothing', () => undefined],
    ['gives a promise', () => Promise.reject(new Error('later'))],
  ])('that %s: the content is left out and counted', (_, mask) => {
    const masked = maskOf('', mask);
    expect(clean(INPUT, content, masked)).toBeUndefined();
    expect(masked.counts).toEqual(['content.mask-failed']);
    expect(masked.faults).toEqual([]);
  });

  test('that hangs is ended, and nothing that is content leaves any more', () => {
    let calls = 0;
    const masked = maskOf('', () => {
      calls += 1;
      for (;;);
    });
    expect(clean(INPUT, content, masked)).toBeUndefined();
    expect(clean(INPUT, content, masked)).toBeUndefined();
    expect(calls).toBe(1);
    expect(masked.faults).toEqual(['it took more than 1000 ms']);
    expect(masked.counts).toHaveLength(2);
  });

  test('cannot bring back a credential', () => {
    expect(
      clean(
        ARGUMENTS,
        { a: 'b' },
        maskOf('', () => 'password=hunter2'),
      )?.text,
    ).not.toContain('hunter2');
  });

  test('is loaded from a module of either kind; without one that can be used no content leaves', () => {
    const folder = mkdtempSync(join(tmpdir(), 'swarmscope-mask-'));
    const fileOf = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const good = [
      fileOf('a.cjs', "module.exports = () => 'm';"),
      fileOf('b.mjs', "export default () => 'm';"),
      fileOf('c.mjs', "export const mask = () => 'm';"),
    ];
    for (const path of good) expect(clean('process.working_directory', '/secret', maskOf(path))?.text).toBe('m');
    for (const path of [
      fileOf('d.cjs', 'module.exports = 1;'),
      fileOf('e.cjs', 'throw new Error();'),
      join(folder, 'none.cjs'),
      'relative.cjs',
    ]) {
      const masked = maskOf(path);
      expect(clean('process.working_directory', '/secret', masked)).toBeUndefined();
      expect(masked.faults).toHaveLength(1);
    }
  });
});

// Calls whose gateway dies: each that was begun is told as an error, also one whose owner is still being asked for.
import { expect, test } from '@jest/globals';
import { CallBook, type Owner } from '../../src/gateway/call-book.ts';
import type { CallStart } from '../../src/gateway/messages.ts';

const START = { operation: { name: 'chat' }, provider: 'openai', serverAddress: 'x', serverPort: 1, method: 'POST', startTime: 0 };
const client = { clientPort: 40_000, gatewayPort: 4319 };
const begun = (call: number) => ({ type: 'start', call, client, start: START as unknown as CallStart }) as const;

/** A book that notes what it records, and whose owners are told by `answer`. */
function open() {
  const noted: unknown[] = [];
  const answers: ((owner: Owner | undefined) => void)[] = [];
  const book = new CallBook(
    {
      startLlmCall({ attributes }) {
        noted.push(['start', attributes?.['process.pid']]);
        return {
          learn: () => undefined,
          learnHead: () => undefined,
          end: ({ errorType }) => void noted.push(['end', errorType]),
          activity: { set: () => undefined },
        };
      },
    },
    () => new Promise((resolve) => answers.push(resolve)),
  );
  return { book, noted, answers };
}

test('a call under way ends as an error when the gateway dies', async () => {
  const { book, noted, answers } = open();
  book.take(begun(1));
  while (answers.length < 1) await Promise.resolve();
  answers[0]?.({ pid: 7 });
  await book.settled();
  book.abandon();
  expect(noted).toEqual([
    ['start', 7],
    ['end', 'gateway_died'],
  ]);
});

test('so does one whose owner is found afterwards', async () => {
  const { book, noted, answers } = open();
  book.take(begun(1));
  book.abandon();
  while (answers.length < 1) await Promise.resolve();
  answers[0]?.({ pid: 7 });
  await book.settled();
  expect(noted).toEqual([
    ['start', 7],
    ['end', 'gateway_died'],
  ]);
});

test('a client is asked for once, when it connects, and again for a call where that found nobody', async () => {
  const { book, noted, answers } = open();
  book.meet(client);
  answers[0]?.({ pid: 7 });
  book.take(begun(1));
  book.take(begun(2));
  await book.settled();
  expect([noted, answers.length]).toEqual([
    [
      ['start', 7],
      ['start', 7],
    ],
    1,
  ]);
  // Another client at the same port.
  book.meet(client);
  answers[1]?.(undefined);
  book.take(begun(3));
  while (answers.length < 3) await Promise.resolve();
  answers[2]?.({ pid: 8 });
  await book.settled();
  expect(noted.at(-1)).toEqual(['start', 8]);
});

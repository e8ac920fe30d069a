/** The words of the queue, the forwarder and the spool, as the reasons of the registry. */
import { expect, test } from '@jest/globals';
import { bookSpool, dropReason } from '../../src/sdk/ledger.ts';

test.each([
  // Of the queue and its transport.
  ['queue_full', 'queue_full'],
  ['encoding', 'invalid'],
  ['rejected', 'rejected'],
  ['http_400', 'rejected'],
  ['http_401', 'rejected'],
  ['http_413', 'too_large'],
  ['http_429', 'refused'],
  ['http_503', 'refused'],
  ['http_500', 'rejected'],
  ['ECONNREFUSED', 'refused'],
  ['timeout', 'timeout'],
  ['exit_timeout', 'exit'],
  ['no_node_at_exit', 'exit'],
  ['other', 'refused'],
  // Of the forwarder of a run.
  ['queue-full', 'queue_full'],
  ['refused-400', 'rejected'],
  ['refused-413', 'too_large'],
  ['gave-up-503', 'refused'],
  ['gave-up-timeout', 'timeout'],
  ['drain-timeout', 'exit'],
  // Of the spool.
  ['spool.dropped', 'queue_full'],
  ['spool.expired', 'expired'],
  ['spool.damaged', 'invalid'],
  ['spool.refused', 'rejected'],
])('%s is told as %s', (word, reason) => {
  expect(dropReason(word)).toBe(reason);
});

test('the spool’s counts are booked as sent or dropped; requests that could not be kept are not its own', () => {
  const tally = { sent: 0, dropped: {} };
  bookSpool(tally, 'spool.sent', 3);
  bookSpool(tally, 'spool.expired', 2);
  bookSpool(tally, 'spool.failed', 1);
  expect(tally).toEqual({ sent: 3, dropped: { 'spool.expired': 2 } });
});

/** Refused LLM calls: what a refusal is, what repeats it, and that lanes, path and trouble tell the same wait. */
import { describe, expect, it } from '@jest/globals';
import type { RunData, SpanRow } from '../../src/analysis/model.ts';
import { analyse, type RunReport } from '../../src/analysis/index.ts';
import * as words from '../../src/semconv/index.ts';
import { llm, refused, run, span, task, tool } from './hand-built.ts';

function seconds(report: RunReport): Record<string, number> {
  return Object.fromEntries(report.laneTime.byCategory.map(({ category, ms }) => [category, Number((ms / 1000).toFixed(3))]));
}
const retryAfter = (seconds: number) => ({
  ...refused(0),
  [words.ATTR_SWARMSCOPE_RETRY_AFTER]: seconds,
  [words.ATTR_HTTP_REQUEST_RESEND_COUNT]: 0,
});

describe('a program that repeats refused calls by itself', () => {
  const inWorker = (attributes: ReturnType<typeof llm>, ...[from, to]: [number, number]) =>
    span({ id: `l${from}`, parent: 't', from, to, attributes });

  const inTask = (to: number, ...calls: SpanRow[]): RunData => run(to, [span({ id: 't', from: 0, to, attributes: task('t') }), ...calls]);

  it('waited until it asked again, whatever Retry-After said', () => {
    const report = analyse(
      inTask(
        40,
        inWorker(llm(retryAfter(20)), 0, 1),
        inWorker(llm(retryAfter(20)), 2, 3),
        inWorker(llm(), 5, 6),
        inWorker(tool('build'), 6, 27),
        inWorker(llm(), 27, 40),
      ),
    );
    expect(seconds(report)).toEqual({ llm: 16, 'wait:rate_limit': 3, tool: 21 });
    expect(report.wallPath.byCategory).toContainEqual({ category: 'wait:rate_limit', ms: 3000 });
    expect(report.trouble.rateLimited).toEqual({ count: 2, reasons: [{ reason: '429', count: 2 }], lostMs: 5000 });
  });

  it.each([
    ['429', { [words.ATTR_HTTP_RESPONSE_STATUS_CODE]: 429 }],
    ['503', { [words.ATTR_HTTP_RESPONSE_STATUS_CODE]: 503, [words.ATTR_ERROR_TYPE]: 'server_error' }],
    ['529', { [words.ATTR_HTTP_RESPONSE_STATUS_CODE]: 529, [words.ATTR_ERROR_TYPE]: 'overloaded_error' }],
    ['overloaded_error', { [words.ATTR_HTTP_RESPONSE_STATUS_CODE]: 200, [words.ATTR_ERROR_TYPE]: 'overloaded_error' }],
    ['RateLimitError', { [words.ATTR_ERROR_TYPE]: 'RateLimitError' }],
  ])('a %s is a refusal, with the wait after it', (reason, attributes) => {
    const report = analyse(inTask(10, inWorker(llm(attributes), 0, 1), inWorker(llm(), 4, 10)));
    expect(seconds(report)).toEqual({ llm: 7, 'wait:rate_limit': 3 });
    expect(report.trouble.rateLimited).toEqual({ count: 1, reasons: [{ reason, count: 1 }], lostMs: 4000 });
  });

  it.each(['500', 'APITimeoutError', '404'])('a %s is none', (errorType) => {
    const report = analyse(inTask(10, inWorker(llm({ [words.ATTR_ERROR_TYPE]: errorType }), 0, 1), inWorker(llm(), 4, 10)));
    expect(seconds(report)).toEqual({ llm: 7, other: 3 });
    expect(report.trouble.rateLimited).toEqual({ count: 0, reasons: [], lostMs: 0 });
  });

  it('tells the failure of a call whose last attempt failed once, whatever its library calls it', () => {
    const post = { [words.ATTR_HTTP_REQUEST_METHOD]: 'POST', ...refused(0), [words.ATTR_ERROR_TYPE]: 'rate_limit_error' };
    const native = { ...llm({ [words.ATTR_ERROR_TYPE]: 'RateLimitError' }) };
    const attempt = (id: string, from: number, to: number) => span({ id, parent: 'l0', from, to, attributes: post, isError: true });
    const report = analyse(
      inTask(10, { ...inWorker(native, 0, 5), isError: true }, attempt('a', 0, 1), attempt('b', 4, 5), inWorker(llm(), 6, 10)),
    );
    expect(report.trouble.errors).toEqual([{ type: 'rate_limit_error', about: 'rate_limit_error', count: 2 }]);
    expect(report.trouble.rateLimited.count).toBe(2);
  });

  it('is not said to have waited where it went on to other work', () => {
    const report = analyse(inTask(10, inWorker(llm(retryAfter(2)), 0, 1), inWorker(tool('build'), 2, 5), inWorker(llm(), 6, 10)));
    expect(seconds(report)).toEqual({ llm: 5, tool: 3, other: 2 });
  });

  it('side by side: the attempt that is linked to the refused one repeats it, else the one that comes when it was told to', () => {
    const other = inWorker(llm(), 0, 1.5);
    const refusal = inWorker(llm(retryAfter(2)), 0.5, 1);
    const [early, due] = [inWorker(llm(), 1.5, 2), inWorker(llm(), 3.1, 10)];
    expect(seconds(analyse(inTask(10, other, refusal, early, due)))).toMatchObject({ 'wait:rate_limit': 1.1 }); // llm until 2
    const linked = { ...due, links: [{ traceId: refusal.traceId, spanId: refusal.spanId }] };
    const unasked = { ...refusal, attributes: llm(refused(0)) };
    expect(analyse(inTask(10, other, unasked, early, linked)).trouble.rateLimited.lostMs).toBe(2600);
    expect(analyse(inTask(10, other, unasked, early, due)).trouble.rateLimited.lostMs).toBe(1000);
  });

  it('waits for its repetition also after its task, or the library’s call, is over', () => {
    const again = { links: [{ traceId: 'a'.repeat(32), spanId: 'l0' }] };
    const inTasks = [
      span({ id: 't0', from: 0, to: 1, attributes: task('t') }),
      span({ id: 'l0', parent: 't0', from: 0, to: 1, attributes: llm(refused(0)) }),
      span({ id: 't1', from: 4, to: 10, attributes: task('t') }),
      { ...span({ id: 'l1', parent: 't1', from: 4, to: 10, attributes: llm() }), ...again },
    ];
    const post = { [words.ATTR_HTTP_REQUEST_METHOD]: 'POST' };
    const inCalls = [
      span({ id: 'c0', from: 0, to: 1, attributes: llm() }),
      span({ id: 'l0', parent: 'c0', from: 0, to: 1, attributes: { ...post, ...refused(0) } }),
      span({ id: 'c1', from: 4, to: 10, attributes: llm() }),
      { ...span({ id: 'l1', parent: 'c1', from: 4, to: 10, attributes: post }), ...again },
    ];
    for (const spans of [inTasks, inCalls]) {
      const report = analyse(run(10, spans));
      expect(seconds(report)).toEqual({ llm: 7, 'wait:rate_limit': 3 });
      expect(report.wallPath.byCategory).toContainEqual({ category: 'wait:rate_limit', ms: 3000 });
      expect(report.trouble.rateLimited).toMatchObject({ count: 1, lostMs: 4000 });
    }
  });

  it('is not said to have waited when it gave up, or made another call much later', () => {
    const never = analyse(run(10, [span({ id: 't', from: 0, to: 10, attributes: task('t') }), inWorker(llm(retryAfter(1)), 0, 1)]));
    expect(seconds(never)).toEqual({ llm: 1, other: 9 });
    const late = analyse(
      run(100, [
        span({ id: 't', from: 0, to: 100, attributes: task('t') }),
        inWorker(llm(retryAfter(1)), 0, 1),
        inWorker(llm(), 62.1, 100),
      ]),
    );
    expect(seconds(late)).toEqual({ llm: 38.9, other: 61.1 });
  });
});

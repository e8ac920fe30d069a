/** Live findings: what hangs or waits is told at its threshold and withdrawn when over, and a healthy run raises nothing. */
import { describe, expect, test } from '@jest/globals';
import { readThresholds, watchFindings } from '../../../src/analysis/live/index.ts';
import type { SpanRow } from '../../../src/analysis/model.ts';
import * as names from '../../../src/semconv/index.ts';
import { around, chat, ended, refused, said, span, T0, task, tool } from './rows.ts';

describe('hung_agent', () => {
  test('a step without a sign is told at the threshold, with its task, and withdrawn when it ends', () => {
    const findings = watchFindings();
    const outer = span(task('t-1'), 0, undefined, { name: 'implement t-1' });
    const call = span(chat, 1, undefined, { parentSpanId: outer.spanId, name: 'chat m' });
    findings.add({ starts: [outer, call] });
    expect(said(findings, 300.9)).toEqual([]);
    expect(said(findings, 301)).toEqual(['+hung_agent']);
    expect(findings.now()).toMatchObject([
      {
        id: `hung_agent:t/${call.spanId}`,
        severity: 'high',
        text: 'chat m in implement t-1 gives no sign for 5m 00s',
        where: { task: 't-1', model: 'm', pid: 10 },
        evidence: [{ traceId: 't', spanId: call.spanId }],
      },
    ]);
    expect(said(findings, 330)).toEqual([]);
    findings.add({ spans: [ended(call, 340)] });
    expect(said(findings, 341)).toEqual(['-hung_agent']);
  });

  test('a step whose like take long is given ten times as long', () => {
    const findings = watchFindings();
    for (let at = 0; at < 3; at += 1) {
      const like = span(tool('build'), at * 100);
      findings.add({ starts: [like] });
      findings.add({ spans: [ended(like, at * 100 + 90)] });
    }
    const slow = span(tool('build'), 300);
    findings.add({ starts: [slow] });
    expect(said(findings, 300 + 899)).toEqual([]);
    expect(said(findings, 300 + 900)).toEqual(['+hung_agent']);
  });

  test('what works below it, ends below it or waits below it is a sign, however deep and whichever is told first', () => {
    const findings = watchFindings();
    const outer = span(task('t-1'), 0);
    const between = span({}, 1, undefined, { parentSpanId: outer.spanId });
    const inner = span({ [names.ATTR_PROCESS_EXECUTABLE_NAME]: 'make' }, 2, undefined, { parentSpanId: between.spanId });
    findings.add({ starts: [inner] });
    findings.add({ starts: [between] });
    findings.add({ starts: [outer] });
    expect(said(findings, 1_000)).toEqual([]);
    findings.add({ spans: [ended(between, 1_000)] });
    expect(said(findings, 1_500)).toEqual([]);
    findings.add({ spans: [ended(inner, 1_600)] });
    expect(said(findings, 1_899)).toEqual([]);
    expect(said(findings, 1_900)).toEqual(['+hung_agent']);
    // A span that was never told to start is a sign as well.
    findings.add({ spans: [span(tool('read'), 1_905, 1_910, { parentSpanId: outer.spanId })] });
    expect(said(findings, 1_911)).toEqual(['-hung_agent']);
  });

  test('what a process that has ended left open is not told, and what was told of it is withdrawn', () => {
    const findings = watchFindings();
    findings.add({ starts: [span(chat, 0), span(chat, 0, undefined, { pid: 11 })] });
    expect(said(findings, 300, around({ gone: [11] }))).toEqual(['+hung_agent']);
    expect(said(findings, 301, around({ gone: [10, 11] }))).toEqual(['-hung_agent']);
  });

  test('an agent whose processes are silent is told once, and a stopped one at once', () => {
    const findings = watchFindings();
    const silent = { pid: 10, agentName: 'claude', sinceMs: T0, reason: 'waits_for_child', child: 'sleep' };
    expect(said(findings, 299, around({ silent: [silent] }))).toEqual([]);
    expect(said(findings, 300, around({ silent: [silent] }))).toEqual(['+hung_agent']);
    expect(findings.now()[0]?.text).toBe('claude (process 10) gives no sign for 5m 00s: it waits for its child sleep');
    findings.add({ starts: [span(chat, 0)] });
    // The call says more than the process that it is of.
    expect(said(findings, 301, around({ silent: [silent] }))).toEqual(['-hung_agent', '+hung_agent']);
    const stopped = watchFindings();
    expect(said(stopped, 61, around({ silent: [{ ...silent, reason: 'stopped' }] }))).toEqual(['+hung_agent']);
  });

  test('five hundred that hang are twenty findings, and those that are told stay', () => {
    const findings = watchFindings();
    const calls = Array.from({ length: 500 }, (_, at) => span(chat, at / 1_000));
    findings.add({ starts: calls });
    expect(said(findings, 400)).toHaveLength(20);
    expect(findings.beyond()).toBe(480);
    expect(said(findings, 401)).toEqual([]);
    findings.add({ spans: [ended(calls[0] as SpanRow, 401)] });
    expect(said(findings, 402)).toEqual(['-hung_agent', '+hung_agent']);
  });
});

test('human_wait: told at a minute, withdrawn with the answer; it is no hang', () => {
  const findings = watchFindings();
  const outer = span(task('t-1'), 0, undefined, { name: 'deploy t-1' });
  const wait = span({ [names.ATTR_SWARMSCOPE_WAIT_REASON]: 'human' }, 5, undefined, { parentSpanId: outer.spanId });
  findings.add({ starts: [outer, wait] });
  expect(said(findings, 64)).toEqual([]);
  expect(said(findings, 65)).toEqual(['+human_wait']);
  expect(findings.now()).toMatchObject([{ text: 'deploy t-1 waits for a person for 1m 00s', where: { task: 't-1' } }]);
  expect(said(findings, 900)).toEqual([]);
  findings.add({ spans: [ended(wait, 901)] });
  expect(said(findings, 902)).toEqual(['-human_wait']);
});

test('a healthy run raises nothing', () => {
  const findings = watchFindings();
  const told: string[] = [];
  for (let second = 0; second < 3_600; second += 1) {
    const outer = span(task(`t-${second}`), second);
    const call = span(chat, second + 0.1, undefined, { parentSpanId: outer.spanId });
    const test = span(tool('test', 'a', `r${second % 3}`), second + 0.5, undefined, { parentSpanId: outer.spanId });
    findings.add({ starts: [outer, call, test] });
    // A task takes from a second to two minutes, one call in fifty is refused.
    const lastS = second + 1 + (second % 120);
    findings.add({ spans: [ended(call, second + 0.4), ended(test, lastS), ended(outer, lastS)] });
    if (second % 50 === 0) findings.add({ spans: [refused(429, second)] });
    told.push(...said(findings, second));
  }
  expect(told).toEqual([]);
});

test('spans told twice or in the wrong order, cycles of parents and times that are none change nothing', () => {
  const findings = watchFindings();
  const late = span(chat, 0);
  findings.add({ spans: [ended(late, 1), ended(late, 1)] });
  findings.add({ starts: [late] });
  const [one, two] = [span(task('a'), 0), span(task('b'), 0)];
  findings.add({
    starts: [
      { ...one, parentSpanId: two.spanId },
      { ...two, parentSpanId: one.spanId },
      { ...span(chat, 0), startMs: NaN },
    ],
  });
  expect(said(findings, 200)).toEqual([]);
  for (let at = 0; at < 20; at += 1) findings.add({ spans: [ended(refused(429, 5), 5)] });
  const twice = refused(429, 5);
  const fresh = watchFindings();
  for (let at = 0; at < 20; at += 1) fresh.add({ spans: [twice] });
  expect(said(fresh, 6)).toEqual([]);
});

test('what holds when the run ends is withdrawn since it has ended', () => {
  const findings = watchFindings();
  findings.add({ starts: [span(chat, 0)] });
  findings.look(T0 + 400_000);
  expect(findings.end(T0 + 401_000)).toMatchObject([{ state: 'withdrawn', because: 'run_ended', finding: { kind: 'hung_agent' } }]);
  expect(findings.now()).toEqual([]);
});

test('thresholds are what the user says; what cannot be used is named', () => {
  const { thresholds, problems } = readThresholds({ hung_agent: '1000', overload: 'off', orphan: '999', tool_loop: 'x', slow: '1' });
  expect([thresholds.hung_agent?.value, thresholds.overload, thresholds.orphan?.value, thresholds.tool_loop?.value]).toEqual([
    1_000,
    undefined,
    60_000,
    4,
  ]);
  expect(problems).toEqual([
    { kind: 'orphan', expected: 'a whole number from 1000 to 86400000 (ms), or off', received: '999' },
    { kind: 'tool_loop', expected: 'a whole number from 3 to 50 (rounds), or off', received: 'x' },
    { kind: 'slow', expected: expect.stringContaining('hung_agent, human_wait'), received: 'slow' },
  ]);
  const off = watchFindings(thresholds);
  for (let at = 0; at < 20; at += 1) off.add({ spans: [refused(529, at)] });
  expect(said(off, 21)).toEqual([]);
});

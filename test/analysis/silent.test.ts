/** Agents that gave no sign for long are told with place, time and what they waited for; short silences are not. */
import { expect, it } from '@jest/globals';
import { analyse } from '../../src/analysis/index.ts';
import type { Attributes } from '../../src/analysis/model.ts';
import { renderReport } from '../../src/cli/report/text.ts';
import * as words from '../../src/semconv/index.ts';
import { agent, child, run, span, T0 } from './hand-built.ts';

const named = (name: string): Attributes => ({ ...agent(), [words.ATTR_GEN_AI_AGENT_NAME]: name });
const silence = (seconds: number, after: number, reason: string, more: Attributes = {}): Attributes => ({
  ...child('claude', words.SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_AGENT),
  [words.ATTR_SWARMSCOPE_PROCESS_SILENT_TIME]: seconds,
  [words.ATTR_SWARMSCOPE_PROCESS_SILENT_AFTER]: after,
  [words.ATTR_SWARMSCOPE_PROCESS_SILENT_REASON]: reason,
  ...more,
});

/** An agent that lives from second 10 to second `to` of a run of 2,000 seconds. */
const report = (attributes: Attributes, to: number | undefined = 1_900) =>
  analyse(
    run(2_000, [
      span({ id: 'a', from: 10, to, attributes: named('claude') }),
      span({ id: 'p', parent: 'a', from: 10, to, attributes }),
      span({ id: 'other', from: 10, to: 1_950, attributes: named('codex') }),
    ]),
  );

it('an agent that never gave a sign again is told, however short it was for the run', () => {
  const worktree = { [words.ATTR_SWARMSCOPE_GIT_WORKTREE_NAME]: 'a1', [words.ATTR_SWARMSCOPE_PROCESS_SILENT_CHILD]: 'mvn' };
  expect(report(silence(90, 1_799, 'waits_for_child', worktree)).silent).toMatchObject([
    { worktree: 'a1', startMs: T0 + 1_809_000, silentMs: 90_000, share: 0.045, isAtEnd: true, reason: 'waits_for_child', child: 'mvn' },
  ]);
  // It still lives when the run ends.
  expect(report(silence(90, 1_900, 'quiet'), undefined).silent).toMatchObject([{ isAtEnd: true }]);
});

it.each([
  [199, 0],
  [200, 1],
])('one that it came back from after %i of 2,000 seconds is told %i times', (seconds, times) => {
  expect(report(silence(seconds, 100, 'quiet')).silent).toHaveLength(times);
});

it('an agent that was not silent is not told', () => {
  expect(report(child('claude', words.SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_AGENT)).silent).toEqual([]);
});

it.each([
  ['stopped', 'it was stopped'],
  ['connected', 'it held a connection to another machine'],
  ['waits_for_child', 'it waited for its child mvn'],
])('the printed report says what is known: %s', (reason, said) => {
  const more = reason === 'waits_for_child' ? { [words.ATTR_SWARMSCOPE_PROCESS_SILENT_CHILD]: 'mvn' } : {};
  const text = renderReport(report(silence(840, 100, reason, more)), { width: 200, isColour: false, isUnicode: true });
  expect(text).toMatch(/claude was silent for 14m 00s \(42(?:\.0)?% of the run\) from 1m 50s on/);
  expect(text).toContain(`: ${said}`);
});

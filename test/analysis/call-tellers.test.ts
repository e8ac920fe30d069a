// Who told of a call, and whose it is: nobody's, where only the gateway saw it and its client could not be asked for.
import { expect, it } from '@jest/globals';
import { processOf, tellerOf } from '../../src/analysis/call-tellers.ts';
import { factsOf } from '../../src/analysis/facts.ts';
import { createLiveUsage } from '../../src/viewer/receive/live-usage.ts';
import * as words from '../../src/semconv/index.ts';
import { llm, run, span, tokens } from './hand-built.ts';

const SUPERVISOR = 1;
const gateway = { [words.ATTR_SWARMSCOPE_OBSERVER_NAME]: 'gateway' };

it.each([
  ['the preload, in the process', {}, 'wire', SUPERVISOR],
  ['the gateway, which knows whose it is', { ...gateway, [words.ATTR_PROCESS_PID]: 7 }, 'gateway', 7],
  ['the gateway of an older version', { [words.ATTR_PROCESS_PID]: 7 }, 'gateway', 7],
  ['the gateway, which does not know', gateway, 'gateway', undefined],
])('%s', (_title, attributes, teller, pid) => {
  const row = span({ id: 'call', from: 0, to: 1, pid: SUPERVISOR, attributes: llm({ ...tokens(10, 5), ...attributes }) });
  const [call] = factsOf(run(2, [row])).llm.calls;
  expect(call && [tellerOf(call), processOf(call)]).toEqual([teller, pid]);
});

it('calls of nobody known are not the supervisor’s in the live sums', () => {
  const usage = createLiveUsage();
  const call = span({ id: 'call', from: 0, to: 1, pid: SUPERVISOR, attributes: llm({ ...tokens(10, 5), ...gateway }) });
  const ofLibrary = span({ id: 'own', from: 0, to: 1, pid: SUPERVISOR, scope: 'x', attributes: llm(tokens(3, 2)) });
  usage.add({ ...call, sender: 's' });
  usage.add(ofLibrary);
  // In one process, what we saw would stand for what its library told.
  expect(usage.total()).toMatchObject({ inputTokens: 13, outputTokens: 7 });
});

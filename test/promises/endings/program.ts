/**
 * The program whose endings are tested: 1,000 tasks just recorded and an agent still open, then the ending that its
 * argument names.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { outsideTrace, type ProgramResult, type RunningProgram, type Sink } from '../../harness/index.ts';
import { readSettings } from '../../../src/config/settings/index.ts';
import { readStatusFiles, type ProcessStatus } from '../../../src/sdk/supervisor.ts';
import { metricPointsOf, openSpansOf, spansOf } from '../../harness/received.ts';
import { readTraces } from '../../../src/viewer/receive/rows/index.ts';
import { api, totalOf } from '../../e2e/programs.ts';

export const TASKS = 1_000;

/**
 * Records and stays able to say what runs after its end: every `AFTER` on stdout is a line that a bare run does not
 * print.
 */
export const recording = `
const { writeSync, existsSync } = require('node:fs');
const say = (text) => writeSync(1, text + '\\n');
const { withTask, withAgent } = require(${api});
const record = (from, count) => { for (let i = from; i < from + count; i++) withTask({ type: 'unit', id: String(i) }, () => i); };
const hold = () => setTimeout(() => say('HELD'), 600_000);
const killed = (signal) => { hold(); process.kill(process.pid, signal); say('AFTER kill'); };
/** Calls fn when the test says so by a file. */
const told = (fn) => { const timer = setInterval(() => { if (!existsSync('go')) return; clearInterval(timer); fn(); }, 5); };
const ready = () => { hold(); say('ready'); };
process.on('exit', () => say('exit listeners ' + process.listenerCount('SIGTERM') + process.listenerCount('SIGINT')));
`;

/** Tells a program to go on. */
export function tell(program: RunningProgram): void {
  writeFileSync(join(program.folder, 'go'), '');
}

/** Bodies are decoded once: who waits for the last of many asks after each. */
const decoded = new WeakMap<Buffer, readonly unknown[]>();

export function idsOf(sink: Sink): unknown[] {
  return sink.accepted('traces').flatMap(({ body, contentType }) => {
    const known = decoded.get(body);
    if (known !== undefined) return known;
    const { spans } = readTraces(body, contentType.startsWith('application/json') ? 'json' : 'protobuf');
    const ids = spans.filter(({ name }) => name === 'run_task unit').map(({ attributes }) => attributes['swarmscope.task.id']);
    decoded.set(body, ids);
    return ids;
  });
}

/** Of a program and of its test, on a machine that does much else. */
export const LIMIT_MS = 300_000;
export const PATIENT_MS = 300_000;
/**
 * Longer than a busy machine ever lets a sender wait; that the default is a second is tested where the endpoint is in
 * trouble.
 */
export const unhurried = {
  SWARMSCOPE_EXIT_TIMEOUT: '45000',
  OTEL_EXPORTER_OTLP_TIMEOUT: '60000',
  OTEL_BSP_EXPORT_TIMEOUT: '60000',
  ...outsideTrace,
};

/** What the processes with that state folder have written down, newest first. */
export function statusesOf(state: string): ProcessStatus[] {
  return readStatusFiles(readSettings({ XDG_STATE_HOME: state }));
}

/** Each of `count` tasks arrived, and none of them twice. */
export function expectOnce(sink: Sink, count = TASKS, home?: string): void {
  const ids = idsOf(sink);
  const lost =
    home === undefined
      ? []
      : statusesOf(join(home, '.local/state')).map(({ signals: { traces } }) => ({
          ...traces.dropped,
          ...(traces.spooled === undefined ? {} : { spooled: traces.spooled }),
        }));
  expect({ arrived: ids.length, distinct: new Set(ids).size, lost }).toEqual({
    arrived: count,
    distinct: count,
    lost: lost.map(() => ({})),
  });
}

/** All of it: the tasks once, the open agent ended once, the last metrics. */
export function expectWhole(sink: Sink, { count = TASKS, home }: { count?: number | undefined; home?: string | undefined } = {}): void {
  expectOnce(sink, count, home);
  expect(spansOf(sink).filter(({ name }) => name === 'invoke_agent open')).toHaveLength(1);
  expect(openSpansOf(sink)).toEqual([]);
  expect(totalOf(metricPointsOf(sink), 'swarmscope.task.duration')).toBeGreaterThan(0);
}

/** Everything that whoever started it can see. */
export function seen({ code, signal, stdout, stderr, isTimedOut }: ProgramResult): object {
  return { code, signal, isTimedOut, stdout, stderr: stderr.replaceAll(/(?:\/private)?\/\S*swarmscope-\S+/g, 'FILE') };
}

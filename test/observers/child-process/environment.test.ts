/** The variables that the environment of a child gains, row by row, and the ones of the user that it keeps. */
import { describe, expect, test } from '@jest/globals';
import { readSettings } from '../../../src/config/settings/index.ts';
import { CHILD_VARIABLES, childEnvironment, type ChildFacts } from '../../../src/observers/child-process/environment.ts';

const preload = '/home/me/.cache/swarmscope/preload/1/register.cjs';
const ours = `--require "${preload}"`;
const carrier = { TRACEPARENT: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, TRACESTATE: 'v=1' };
const run = { SWARMSCOPE_RUN_ID: 'r1', SWARMSCOPE_RUN_DIR: '/run/1', GIT_TRACE2_EVENT: '/run/1/git', GIT_TRACE2_ENV_VARS: 'TRACEPARENT' };
const started = {
  SWARMSCOPE_ENDPOINT: 'http://127.0.0.1:1',
  SWARMSCOPE_RUN_NAME: 'nightly',
  SWARMSCOPE_AGENTS: 'true',
  SWARMSCOPE_SPAN_STARTS: 'true',
  SWARMSCOPE_TRACE_SCOPE: 'task',
};

function added(more: Partial<ChildFacts> = {}, env: Record<string, string> = {}): Record<string, string> {
  return childEnvironment({
    theirs: {},
    started,
    carrier,
    run,
    preload,
    agentName: undefined,
    settings: readSettings({ ...started, ...env }),
    ...more,
  });
}

test('a child with an empty environment finds its trace, its run and its receiver', () => {
  expect(added()).toEqual({ ...carrier, ...run, ...started, NODE_OPTIONS: ours });
});

test('a child that has all variables gains nothing', () => {
  expect(added({ theirs: { ...added() } })).toEqual({});
});

test('the telemetry of Claude Code is switched on only where that is asked for', () => {
  const forClaude = added({ agentName: 'claude' });
  const more = Object.keys(forClaude).filter((name) => !(name in added()));
  expect(more).toContain('CLAUDE_CODE_ENABLE_TELEMETRY');
  expect(added({ agentName: 'codex' })).toEqual(added());
  expect(added({ agentName: 'claude' }, { SWARMSCOPE_AGENTS: 'false' })).toEqual(added());
});

test.each([...CHILD_VARIABLES])('%s can be switched off by name', (name) => {
  expect(added({ agentName: 'claude' }, { SWARMSCOPE_CHILD_ENV_OFF: name })).not.toHaveProperty([name]);
  const { [name]: _off, ...rest } = added({ agentName: 'claude' });
  expect(added({ agentName: 'claude' }, { SWARMSCOPE_CHILD_ENV_OFF: ` ${name} ,OTHER` })).toEqual(rest);
});

test.each(CHILD_VARIABLES.filter((name) => name !== 'NODE_OPTIONS'))('the user keeps a %s of their own', (name) => {
  expect(added({ agentName: 'claude', theirs: { [name]: 'mine' } })).not.toHaveProperty([name]);
});

test('a TRACEPARENT that was only inherited is replaced; one that the app chose is not', () => {
  const theirs = { TRACEPARENT: '00-old' };
  expect(added({ theirs, started: { ...started, ...theirs } })['TRACEPARENT']).toBe(carrier.TRACEPARENT);
  expect(added({ theirs })).not.toHaveProperty('TRACEPARENT');
});

test('with OTEL_PROPAGATORS=none no trace context is passed on', () => {
  const environment = added({}, { OTEL_PROPAGATORS: 'none' });
  expect(environment).not.toHaveProperty('TRACEPARENT');
  expect(environment).not.toHaveProperty('TRACESTATE');
});

test('a child of a task belongs to the trace of the task; other children inherit our trace scope', () => {
  expect(added({ isInTask: true, theirs: started })['SWARMSCOPE_TRACE_SCOPE']).toBe('run');
  expect(added({ isInTask: false, theirs: started })).not.toHaveProperty('SWARMSCOPE_TRACE_SCOPE');
  expect(added({ isInTask: true }, { SWARMSCOPE_TRACE_SCOPE: 'run' })).not.toHaveProperty('SWARMSCOPE_TRACE_SCOPE');
});

describe('NODE_OPTIONS', () => {
  test.each([
    ['', ours],
    ['--no-deprecation', `--no-deprecation ${ours}`],
    ['--require swarmscope/register', ours],
    ['--require=swarmscope/register', ours],
    ['-r swarmscope/register', ours],
    ['--import swarmscope/register --no-deprecation', `--no-deprecation ${ours}`],
    ['--require "swarmscope/register"', ours],
    ['--require="swarmscope/register"', ours],
    ['"--require" "swarmscope/register"', ours],
    ['"--require=swarmscope/register" --inspect', `--inspect ${ours}`],
    ['--a --require swarmscope/register --b --import swarmscope/register', `--a --b ${ours}`],
    ['--require /app/node_modules/swarmscope/dist/register.cjs', ours],
    ['--import file:///app/node_modules/swarmscope/dist/register.cjs', ours],
    ['--require ./mine.js --require "a b.js"', `--require ./mine.js --require "a b.js" ${ours}`],
    ['--require swarmscope/register-mine', `--require swarmscope/register-mine ${ours}`],
    ['--title swarmscope/register', `--title swarmscope/register ${ours}`],
    ['--title "a \\" --require swarmscope/register"', `--title "a \\" --require swarmscope/register" ${ours}`],
  ])('%j', (given, expected) => {
    expect(added({ theirs: { NODE_OPTIONS: given } })['NODE_OPTIONS']).toBe(expected);
  });

  test('is unchanged where Node itself refuses it, where it contains our path already, and without a copy of the preload', () => {
    for (const text of ['--title "open', '--title "a\\', ours, `--a ${ours} --b`])
      expect(added({ theirs: { NODE_OPTIONS: text } })).not.toHaveProperty('NODE_OPTIONS');
    expect(added({ preload: undefined, theirs: { NODE_OPTIONS: '--require swarmscope/register' } })).not.toHaveProperty('NODE_OPTIONS');
  });

  test('a path with quotes and backslashes is escaped', () => {
    expect(added({ preload: '/a "b"\\c/register.cjs' })['NODE_OPTIONS']).toBe('--require "/a \\"b\\"\\\\c/register.cjs"');
  });
});

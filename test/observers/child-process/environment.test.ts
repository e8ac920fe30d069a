/** The variables that the environment of a child gains, row by row, and the ones of the user that it keeps. */
import { Script } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { readSettings } from '../../../src/config/settings/index.ts';
import { preloadOption } from '../../../src/observers/child-process/inherited-preload.ts';
import { CHILD_VARIABLES, childEnvironment, type ChildFacts } from '../../../src/observers/child-process/environment.ts';

const preload = preloadOption({ copy: '/home/me/.cache/swarmscope/preload/1/register.cjs', sizes: { 'register.cjs': 1 } }, '/run/1');
const ours = preload;
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
  expect(added()).toEqual({ ...carrier, SWARMSCOPE_TRACEPARENT: carrier.TRACEPARENT, ...run, ...started, NODE_OPTIONS: ours });
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

test('a TRACEPARENT that we gave to another process of the run is replaced, as PM2 hands it around', () => {
  const given = { TRACEPARENT: '00-other', SWARMSCOPE_TRACEPARENT: '00-other', SWARMSCOPE_RUN_ID: 'r1' };
  expect(added({ theirs: given })).toMatchObject({
    TRACEPARENT: carrier.TRACEPARENT,
    SWARMSCOPE_TRACEPARENT: carrier.TRACEPARENT,
  });
  for (const theirs of [
    { ...given, TRACEPARENT: '00-mine' },
    { ...given, SWARMSCOPE_RUN_ID: 'r2' },
    { ...given, SWARMSCOPE_TRACEPARENT: '' },
  ])
    expect(added({ theirs })).not.toHaveProperty('TRACEPARENT');
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
    for (const text of ['--title "open', '--title "a\\', ours, `--a ${ours}`])
      expect(added({ theirs: { NODE_OPTIONS: text } })).not.toHaveProperty('NODE_OPTIONS');
    expect(added({ preload: undefined, theirs: { NODE_OPTIONS: '--require swarmscope/register' } })).not.toHaveProperty('NODE_OPTIONS');
  });

  test('what another version or another run handed on is replaced', () => {
    const old = '--require "/home/me/.cache/swarmscope/preload/0/register.cjs"';
    const other = preloadOption({ copy: '/c/swarmscope/preload/1/register.cjs', sizes: { 'register.cjs': 2 } }, '/run/2');
    for (const text of [old, other, `${old} ${other} ${ours}`])
      expect(added({ theirs: { NODE_OPTIONS: `--a ${text}` } })['NODE_OPTIONS']).toBe(`--a ${ours}`);
  });

  test('a Node that is too old is handed nothing, loses what its parent was handed, and keeps the rest', () => {
    expect(added({ isOldNode: true })).not.toHaveProperty('NODE_OPTIONS');
    expect(added({ isOldNode: true, theirs: { NODE_OPTIONS: '--a' } })).not.toHaveProperty('NODE_OPTIONS');
    expect(added({ isOldNode: true, theirs: { NODE_OPTIONS: `--a ${ours}` } })['NODE_OPTIONS']).toBe('--a');
    expect(added({ isOldNode: true, theirs: { NODE_OPTIONS: ours } })['NODE_OPTIONS']).toBe('');
  });

  test.each([
    // The options of its --env-file, the ones of its environment, what it gets.
    ['--b', '', `--b ${ours}`],
    ['--b', ours, `--b ${ours}`],
    ['--b', '--a', `--a ${ours}`],
    ['', '', ours],
    [undefined, '', undefined],
    [undefined, ours, ''],
    [undefined, '--a', `--a ${ours}`],
  ])('beside an --env-file with %j, in an environment with %j', (envFileOptions, given, expected) => {
    expect(added({ envFileOptions, theirs: given === '' ? {} : { NODE_OPTIONS: given } })['NODE_OPTIONS']).toBe(expected);
  });

  test('ours is one word without a letter that a shell or a parser of options reads otherwise', () => {
    for (const copy of ['/a', '/ab', '/abc', '/ünï'])
      expect(preloadOption({ copy, sizes: { 'register.cjs': 1 } }, '')).toMatch(
        /^--import=data:text\/javascript;swarmscope;base64,[\w+/]+$/,
      );
    expect(() => new Script(Buffer.from(ours.split(',')[1] ?? '', 'base64').toString())).not.toThrow();
  });
});

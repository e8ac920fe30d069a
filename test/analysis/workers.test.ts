/**
 * Swarms whose workers are processes: start-up and end, servers beside them, labels, failures, stopped processes.
 */
import { describe, expect, it } from '@jest/globals';
import { analyse } from '../../src/analysis/index.ts';
import * as words from '../../src/semconv/index.ts';
import { expectAgreement } from './agreement.ts';
import { seconds, wall } from './report-of.ts';
import { batch, child, git, llm, refused, run, span, task, tool, wait } from './hand-built.ts';

const retryAfter = (seconds: number) => ({
  ...refused(0),
  [words.ATTR_SWARMSCOPE_RETRY_AFTER]: seconds,
  [words.ATTR_HTTP_REQUEST_RESEND_COUNT]: 0,
});
const worktree = (name: string) => ({ [words.ATTR_SWARMSCOPE_GIT_WORKTREE_NAME]: name, [words.ATTR_VCS_REPOSITORY_NAME]: 'shop' });
const id = (text: string) => ({ [words.ATTR_SWARMSCOPE_TASK_ID]: text });
const exit = (code: number) => ({ [words.ATTR_PROCESS_EXIT_CODE]: code, ...(code === 0 ? {} : { [words.ATTR_ERROR_TYPE]: String(code) }) });
const signal = (name: string) => ({ [words.ATTR_SWARMSCOPE_PROCESS_SIGNAL]: name, [words.ATTR_ERROR_TYPE]: name });

describe('a worker process', () => {
  it('is start-up before the first recorded work in it, process end after the last one, and other in between', () => {
    const report = analyse(
      run(10, [
        span({ id: 't', from: 0, to: 10, attributes: task('t') }),
        span({ id: 'n', parent: 't', from: 1, to: 10, attributes: child('node', 'node') }),
        span({ id: 'l', parent: 'n', from: 3, to: 5, attributes: llm() }),
        span({ id: 'g', parent: 'n', from: 6, to: 9, attributes: git('commit') }),
      ]),
    );
    expect(seconds(report)).toEqual({ git: 3, startup: 2, llm: 2, other: 2, shutdown: 1 });
    expectAgreement(report);
  });

  it('has no process end if it never ended, and is a tool as a whole if nothing is seen inside it', () => {
    const report = analyse(
      run(10, [
        span({ id: 't', from: 0, attributes: task('t') }),
        span({ id: 'n', parent: 't', from: 0, attributes: child('node', 'node') }),
        span({ id: 'l', parent: 'n', from: 1, to: 5, attributes: llm() }),
        span({ id: 'm', parent: 't', from: 7, to: 10, attributes: child('make', 'other') }),
      ]),
    );
    expect(seconds(report)).toEqual({ llm: 4, tool: 3, other: 2, startup: 1 });
  });

  it('leaves the time to the process that it only wraps', () => {
    const report = analyse(
      run(10, [
        span({ id: 't', from: 0, to: 10, attributes: task('t') }),
        span({ id: 'sh', parent: 't', from: 0, to: 10, attributes: child('sh', 'shell') }),
        span({ id: 'n', parent: 'sh', from: 1, to: 9, attributes: child('node', 'node') }),
        span({ id: 'l', parent: 'n', from: 4, to: 9, attributes: llm() }),
      ]),
    );
    expect(seconds(report)).toEqual({ llm: 5, startup: 4, shutdown: 1 });
  });
});

describe('the wall path of workers', () => {
  const server = span({ id: 's', from: 0.5, to: 9.5, attributes: child('node', 'node') });
  const work = [
    span({ id: 'p', from: 1, to: 3, name: 'chat m-1', attributes: llm() }),
    span({ id: 't', from: 3, to: 8, attributes: task('implement', id('cart')) }),
    span({ id: 'l', parent: 't', from: 3, to: 8, attributes: llm() }),
    span({ id: 'm1', from: 8, to: 8.4, name: 'git merge', attributes: git('merge') }),
    span({ id: 'm2', from: 8.41, to: 9, name: 'git worktree remove', attributes: git('worktree_remove') }),
  ];

  it('leads through the tasks and the work between them, not along a server beside them', () => {
    const report = analyse(run(10, [server, ...work]));
    expect(wall(report)).toEqual({ llm: 7, startup: 1, git: 0.99, shutdown: 1, 'wait:orchestrator': 0.01 });
    expect(
      report.wallPath.steps.map(({ name, category, count, startMs, endMs }) => [name ?? category, count, Math.round(endMs - startMs)]),
    ).toEqual([
      ['startup', 1, 1000],
      ['chat m-1', 1, 2000],
      ['implement cart', 1, 5000],
      ['git merge', 2, 1000],
      ['shutdown', 1, 1000],
    ]);
    expectAgreement(report);
  });

  it('counts a process that the tasks waited for', () => {
    const install = span({ id: 'i', from: 0, to: 3, name: 'npm', attributes: child('npm', 'package_manager') });
    const after = span({ id: 't', from: 3, to: 8, attributes: task('t') });
    expect(wall(analyse(run(8, [install, after])))).toEqual({ tool: 3, other: 5 });
  });
});

describe('labels of tasks', () => {
  const label = (attributes: ReturnType<typeof task>, below: ReturnType<typeof git>[] = []) =>
    analyse(
      run(1, [
        span({ id: 't', from: 0, to: 1, attributes }),
        ...below.map((each, index) => span({ id: `g${index}`, parent: 't', from: 0, to: 1, attributes: each })),
      ]),
    ).slowest[0]?.name;

  it.each([
    ['the id that somebody gave', label(task('implement', id('cart'))), 'implement cart'],
    [
      'the linked worktree',
      label(task('implement', id('758ba89e4181a2f8')), [git('add', worktree('shop')), git('add', worktree('stock'))]),
      'implement stock',
    ],
    ['the main worktree', label(task('resolve', id('758ba89e4181a2f8')), [git('add', worktree('shop'))]), 'resolve shop'],
    ['a short id', label(task('implement', id('758ba89e-4181-42f8-9a3b-0123456789ab'))), 'implement 758ba8'],
    ['the type alone', label(task('implement')), 'implement'],
  ])('show %s', (_which, shown, expected) => {
    expect(shown).toBe(expected);
  });
});

it('describes a slow task: its peers, its batch, calls, waits, failures and the longest thing in it', () => {
  const report = analyse(
    run(20, [
      span({ id: 'b', from: 0, to: 12, attributes: batch(0) }),
      span({ id: 'a', parent: 'b', from: 0, to: 4, attributes: task('implement', id('a')) }),
      span({ id: 'c', parent: 'b', from: 0, to: 4, attributes: task('implement', id('c')) }),
      span({ id: 's', parent: 'b', from: 0, to: 12, attributes: task('implement', id('slow')) }),
      span({ id: 'l1', parent: 's', from: 0, to: 1, attributes: llm(retryAfter(1)) }),
      span({ id: 'l2', parent: 's', from: 3, to: 9, name: 'chat m-1', attributes: llm() }),
      span({ id: 'x', parent: 's', from: 9, to: 12, isError: true, attributes: child('node', 'node', exit(1)) }),
    ]),
  );
  expect(report.slowest[0]).toMatchObject({
    name: 'implement slow',
    typicalMs: 4000,
    heldUpMs: 8000,
    llmCalls: 2,
    rateLimited: { count: 1, reasons: [{ reason: '429', count: 1 }], waitedMs: 2000 },
    failedCommands: 1,
    longest: { name: 'chat m-1', durationMs: 6000 },
  });
});

describe('child processes', () => {
  const report = analyse(
    run(10, [
      span({ id: 't', from: 0, to: 10, attributes: task('t') }),
      span({ id: 'outer', parent: 't', from: 0, to: 1, isError: true, attributes: child('node', 'node', exit(1)) }),
      span({ id: 'inner', parent: 'outer', from: 0, to: 1, isError: true, attributes: child('node', 'node', exit(1)) }),
      span({ id: 'server', from: 0, to: 9, isError: true, attributes: child('node', 'node', signal('SIGTERM')) }),
      span({ id: 'killed', parent: 't', from: 2, to: 3, isError: true, attributes: child('cc', 'other', signal('SIGKILL')) }),
      span({ id: 'fine', parent: 't', from: 2, to: 3, attributes: child('cc', 'other', exit(0)) }),
      span({
        id: 'r',
        from: 0,
        to: 10,
        isError: true,
        attributes: { [words.ATTR_GEN_AI_OPERATION_NAME]: 'invoke_workflow', [words.ATTR_ERROR_TYPE]: '1' },
      }),
    ]),
  );

  it('name their error; a failure that a parent repeats counts once, the exit code of the run not at all', () => {
    expect(report.trouble.errors).toEqual([
      { type: '1', about: 'exit code 1', count: 1 },
      { type: 'SIGKILL', about: 'killed by SIGKILL', count: 1 },
    ]);
  });

  it('that were asked to end are stopped, not failed', () => {
    expect(report.children).toEqual({ count: 5, failed: 2, stopped: 1 });
    expect(report.trouble.stopped).toEqual([{ signal: 'SIGTERM', count: 1 }]);
  });
});

it("tells tools that models asked for from executed ones, and agents' tools from child processes", () => {
  const asked = { [words.ATTR_SWARMSCOPE_TOOL_CALLED_NAMES]: ['read', 'read', 'test'] };
  const report = analyse(
    run(10, [
      span({ id: 't', from: 0, to: 10, attributes: task('t') }),
      span({ id: 'l', parent: 't', from: 0, to: 2, attributes: llm(asked) }),
      span({ id: 'r', parent: 't', from: 2, to: 3, attributes: { ...tool('read'), [words.ATTR_SWARMSCOPE_TOOL_INFERRED]: true } }),
      span({ id: 'x', parent: 't', from: 3, to: 7, attributes: tool('test') }),
      span({ id: 'p', parent: 'x', from: 4, to: 6, attributes: child('node', 'node') }),
      span({ id: 'w', parent: 't', from: 8, to: 9, attributes: wait('lock') }),
    ]),
  );
  expect(report.usage.tools).toMatchObject({ called: 2, requests: 3, executions: 2, inferredExecutions: 1, neverCalled: [] });
  expect(report.usage.tools.byName).toEqual([
    { name: 'read', requests: 2, executions: 1, durationMs: 1000 },
    { name: 'test', requests: 1, executions: 1, durationMs: 4000 },
  ]);
  expect(Object.fromEntries(report.categories.map(({ name, count }) => [name, count]))).toMatchObject({
    tool: 2,
    process: 1,
  });
});

describe('a server that a task starts and leaves running', () => {
  const server = (to: number | undefined, more = {}) =>
    span({ id: 's', parent: 't', from: 10, to, attributes: child('vite', 'node', more) });
  const rest = [
    span({ id: 't', from: 0, to: 100, attributes: task('t') }),
    span({ id: 'l0', parent: 't', from: 20, to: 21, attributes: llm(refused(0)) }),
    span({ id: 'l1', parent: 't', from: 41, to: 42, attributes: llm({ [words.ATTR_HTTP_REQUEST_RESEND_COUNT]: 1 }) }),
    span({ id: 'w', parent: 't', from: 42, to: 92, attributes: wait('human') }),
  ];
  const expected = { llm: 2, 'wait:rate_limit': 20, 'wait:human': 50, other: 28 };

  it.each([
    ['stopped by its task', server(100, signal('SIGTERM'))],
    ['killed', server(95, signal('SIGKILL'))],
    ['cut off with the program', server(undefined)],
    ['alive after its task', server(130, exit(0))],
  ])('takes neither its waits nor its own time, when it is %s', (_how, process) => {
    expect(seconds(analyse(run(100, [...rest, process])))).toEqual(expected);
  });

  it('takes no wait even where it ends by itself, so that it may have been waited for', () => {
    expect(seconds(analyse(run(100, [...rest, server(100, exit(0))])))).toEqual({ ...expected, other: 10, tool: 18 });
  });

  it('counts as a tool where nothing else was done meanwhile: it was waited for until it was stopped', () => {
    const only = [span({ id: 't', from: 0, to: 20, attributes: task('t') }), server(20, signal('SIGTERM'))];
    expect(seconds(analyse(run(20, only)))).toEqual({ other: 10, tool: 10 });
  });

  it('starts late and is busy: neither its start-up nor what it starts takes a wait', () => {
    const busy = [
      span({ id: 't', from: 0, to: 100, attributes: task('t') }),
      span({ id: 's', parent: 't', from: 0, to: 100, attributes: child('node', 'node', exit(0)) }),
      span({ id: 'l', parent: 's', from: 60, to: 100, attributes: llm() }),
      span({ id: 'w', parent: 't', from: 0, to: 50, attributes: wait('human') }),
    ];
    expect(seconds(analyse(run(100, busy)))).toEqual({ 'wait:human': 50, llm: 40, startup: 10 });
  });
});

it('a process that a declared wait runs is that wait', () => {
  const report = analyse(
    run(10, [
      span({ id: 't', from: 0, to: 10, attributes: task('t') }),
      span({ id: 'w', parent: 't', from: 0, to: 10, attributes: wait('lock') }),
      span({ id: 'p', parent: 'w', from: 1, to: 9, attributes: child('flock', 'other') }),
    ]),
  );
  expect(seconds(report)).toEqual({ 'wait:lock': 10 });
});

describe('tools that are inferred from the wire', () => {
  const inferred = (id: string, name: string, from: number, to: number) =>
    span({ id, parent: 't', from, to, attributes: { ...tool(name), [words.ATTR_SWARMSCOPE_TOOL_INFERRED]: true } });
  const whole = span({ id: 't', from: 0, to: 10, attributes: task('t') });

  it('leave a declared wait beside them a wait', () => {
    const report = analyse(
      run(10, [whole, inferred('x', 'ask', 2, 8), span({ id: 'w', parent: 't', from: 3, to: 6, attributes: wait('human') })]),
    );
    expect(seconds(report)).toEqual({ 'wait:human': 3, tool: 3, other: 4 });
  });

  it('of one answer share a gap, so that nobody knows how long each took', () => {
    const report = analyse(run(10, [whole, inferred('x', 'read', 2, 8), inferred('y', 'test', 2, 8), inferred('z', 'read', 9, 10)]));
    expect(report.usage.tools.byName).toEqual([
      { name: 'read', requests: 0, executions: 2, durationMs: 1000, untimed: 1 },
      { name: 'test', requests: 0, executions: 1, durationMs: 0, untimed: 1 },
    ]);
    expect(report.categories.find(({ name }) => name === 'tool')).toMatchObject({ count: 3, open: 0, durationMs: { count: 1, p50: 1000 } });
    expect(seconds(report)).toEqual({ tool: 7, other: 3 });
  });
});

it('a failure is the same in every section, whatever tells it', () => {
  const report = analyse(
    run(10, [
      span({ id: 't', from: 0, to: 10, attributes: task('t') }),
      span({ id: 'sh', parent: 't', from: 0, to: 1, isError: true, attributes: child('sh', 'shell', exit(1)) }),
      span({ id: 'cc', parent: 'sh', from: 0, to: 1, isError: true, attributes: child('cc', 'other', exit(1)) }),
      span({ id: 'code', parent: 't', from: 1, to: 2, attributes: child('cc', 'other', { [words.ATTR_PROCESS_EXIT_CODE]: 2 }) }),
      span({ id: 'gone', parent: 't', from: 1, to: 2, isError: true, attributes: child('cc', 'other', signal('SIGTERM')) }),
    ]),
  );
  const failed = report.categories.find(({ name }) => name === 'process')?.failed;
  expect([report.children.failed, report.slowest[0]?.failedCommands, failed]).toEqual([2, 2, 2]);
  expect(report.trouble.errors.map(({ about, count }) => [about, count])).toEqual([
    ['exit code 1', 1],
    ['exit code 2', 1],
  ]);
});

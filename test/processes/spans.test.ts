/** Which processes get a span, and what becomes of it when a process becomes another program. */
import { expect, test } from '@jest/globals';
import { orphanedFor } from '../../src/processes/left-behind.ts';
import { ProcessSpans, type ProcessSpanStart, type SpanRecorder } from '../../src/processes/spans.ts';
import { Tree, type TreeProcess } from '../../src/processes/tree.ts';
import { facts, processOf } from './hand-built.ts';

const RUN = { traceId: 'a'.repeat(32), spanId: '1'.repeat(16) };

interface Told extends ProcessSpanStart {
  endMs?: number;
  ended?: ProcessSpanStart['attributes'];
  readonly spanId: string;
}

function recorded(more: Partial<Pick<SpanRecorder, 'agent' | 'agentName'>> = {}): { told: Told[]; spans: ProcessSpans } {
  const told: Told[] = [];
  const spans = new ProcessSpans({
    place: RUN,
    runSpanId: RUN.spanId,
    agentName: undefined,
    agent: undefined,
    ...more,
    start(start) {
      const span: Told = { ...start, spanId: String(told.length + 2).repeat(16) };
      told.push(span);
      return {
        traceId: RUN.traceId,
        spanId: span.spanId,
        set: () => undefined,
        end: ({ endMs, attributes }) => void Object.assign(span, { endMs, ended: attributes }),
      };
    },
  });
  return { told, spans };
}

test('a shell that becomes an agent after a while ends, and the agent is one of its own, beside it', () => {
  const { told, spans } = recorded();
  const program = processOf(10, undefined, facts('sh'));
  spans.started(program);
  const shell = processOf(11, program, facts('sh', { isFork: true }));
  spans.started(shell);
  spans.look(9_000);
  expect(told.map(({ executable }) => executable)).toEqual(['sh']);
  shell.facts = facts('claude', { agentName: 'claude' });
  spans.changed(shell, 9_500);
  expect(told.map(({ executable, startMs, endMs, parent }) => [executable, startMs, endMs, parent.spanId])).toEqual([
    ['sh', 1_000, 9_500, RUN.spanId],
    ['claude', 9_500, undefined, RUN.spanId],
  ]);
  expect(spans.placeOf(shell)).toEqual({ traceId: RUN.traceId, spanId: told[1]?.spanId });
  // It replaces itself by a newer version: still the same agent.
  shell.facts = facts('claude.new', { agentName: 'claude' });
  spans.changed(shell, 9_600);
  expect(told).toHaveLength(2);
  shell.endMs = 9_900;
  spans.ended(shell, 9_900);
  expect(told[1]?.endMs).toBe(9_900);
});

test('an agent that is the command itself has one span, which gains what is known of its process and ends with it', () => {
  const said: object[] = [];
  const agent = { ...RUN, set: (more: object) => void said.push(more), end: (end: object) => void said.push(end) };
  const { told, spans } = recorded({ agentName: 'claude', agent });
  const program = processOf(10, undefined, facts('claude', { agentName: 'claude', kind: 'agent', worktree: 'shop' }));
  spans.started(program);
  program.facts = facts('claude.exe', { agentName: 'claude' });
  spans.changed(program, 2_000);
  Object.assign(program, { endMs: 9_900, status: 0x0300, usage: { ...program.usage, cpuMs: 1_500 } });
  spans.ended(program, 9_950);
  expect(told).toEqual([]);
  expect(said).toEqual([
    expect.objectContaining({ 'process.pid': 10, 'swarmscope.process.executable.kind': 'agent', 'swarmscope.git.worktree.name': 'shop' }),
    {
      endMs: 9_900,
      errorType: '3',
      attributes: expect.objectContaining({ 'process.exit.code': 3, 'swarmscope.process.cpu.time': 1.5 }),
    },
  ]);
});

test('a child of Node that a busy machine lets become its program late is told once, by its parent', () => {
  const { told, spans } = recorded();
  const program = processOf(10, undefined, facts('node', { isNode: true, traceparent: '00-a-1-01' }));
  spans.started(program);
  const child = processOf(11, program, facts('node', { isNode: true, isFork: true, traceparent: '00-a-1-01' }));
  spans.started(child);
  spans.look(child.startMs + 9_999);
  child.facts = facts('node', { isNode: true, isRead: true, traceparent: '00-a-2-01' });
  spans.changed(child, child.startMs + 9_999);
  expect(told).toEqual([]);
});

test('a fork that becomes an agent at once is that agent from its start', () => {
  const { told, spans } = recorded();
  const program = processOf(10, undefined, facts('sh'));
  spans.started(program);
  const fork = processOf(11, program, facts('sh', { isFork: true }));
  spans.started(fork);
  fork.facts = facts('claude', { agentName: 'claude' });
  spans.changed(fork, 1_100);
  expect(told.map(({ executable, startMs }) => [executable, startMs])).toEqual([['claude', 1_000]]);
});

test('a child of Node that ended before it could be read is left to the preload of its parent; of another parent it is told', () => {
  const { told, spans } = recorded();
  const traceparent = `00-${RUN.traceId}-${RUN.spanId}-01`;
  const unread = facts('node', { isRead: false });
  const end = (child: TreeProcess): void => {
    spans.started(child);
    child.endMs = 1_020;
    spans.ended(child, 1_020);
  };
  const node = processOf(10, undefined, facts('node', { isNode: true, traceparent }));
  spans.started(node);
  end(processOf(11, node, unread));
  expect(told).toEqual([]);
  // Without a context in its environment it has no preload of the run.
  const bare = processOf(20, undefined, facts('node', { isNode: true }));
  spans.started(bare);
  end(processOf(21, bare, unread));
  const shell = processOf(30, undefined, facts('sh', { traceparent }));
  spans.started(shell);
  end(processOf(31, shell, unread));
  expect(told).toHaveLength(2);
});

test('what a supervisor below starts for its own sake is no work of the run', () => {
  const { told, spans } = recorded();
  const program = processOf(10, undefined, facts('sh'));
  spans.started(program);
  const supervisor = processOf(11, program, facts('node', { isNode: true }));
  spans.started(supervisor);
  const probe = processOf(12, supervisor, facts('swarmscope-probe'));
  spans.started(probe);
  spans.look(9_000);
  expect(told.map(({ executable }) => executable)).toEqual(['node']);
});

test('one that has lived for long is told when its end is the first that is heard since, and ends', () => {
  const { told, spans } = recorded();
  const program = processOf(10, undefined, facts('sh'));
  spans.started(program);
  const shell = processOf(11, program, facts('sh', { isFork: true }));
  const below = processOf(12, shell, facts('make'));
  for (const each of [shell, below]) spans.started(each);
  expect(told).toEqual([]);
  below.endMs = 3_000;
  spans.ended(below, 3_010);
  expect(told.map(({ executable, startMs, endMs }) => [executable, startMs, endMs])).toEqual([['make', 1_000, 3_000]]);
  // Of the other one its work is told after its end.
  shell.endMs = 1_500;
  spans.ended(shell, 1_500);
  spans.placeOf(shell);
  expect(told.map(({ executable, endMs }) => [executable, endMs])).toEqual([
    ['make', 3_000],
    ['sh', 1_500],
  ]);
});

test('git that ended before it could be read tells of itself where its parent was told to', () => {
  const { told, spans } = recorded();
  const program = processOf(10, undefined, facts('sh'));
  spans.started(program);
  const git = (pid: number, parent: TreeProcess): TreeProcess => processOf(pid, parent, facts('git', { kind: 'git', isRead: false }));
  const [traced, other] = [true, false].map((hasTrace2, at) => processOf(11 + at, program, facts('git', { kind: 'git', hasTrace2 })));
  for (const each of [git(21, traced as TreeProcess), git(22, other as TreeProcess)]) {
    spans.started(each);
    each.endMs = 2_000;
    spans.ended(each, 2_000);
  }
  expect(told.map(({ pid }) => pid)).toEqual([22]);
});

test('the processes below one are counted, at any depth', () => {
  const tree = new Tree((atMs) => atMs);
  const start = (id: number, parent: number | undefined): TreeProcess | undefined =>
    tree.apply({ type: 'started', id, pid: id, parent, startMs: 0, foundBy: 'parent', facts: facts('sh') });
  const [first, second] = [start(1, undefined), start(2, 1)];
  start(3, 2);
  start(4, 2);
  tree.apply({ type: 'ended', id: 3, atMs: 5, usage: { ...processOf(3, undefined, facts('sh')).usage }, status: 0 });
  expect([first?.below, second?.below, start(5, 4)?.below]).toEqual([3, 2, undefined]);
  expect([first?.below, second?.below]).toEqual([4, 3]);
});

test('an orphan has a span from the end of whoever started it on, which says for how long it went on', () => {
  const { told, spans } = recorded();
  const program = processOf(10, undefined, facts('sh'));
  const agent = processOf(11, program, facts('claude', { agentName: 'claude' }));
  const server = processOf(12, agent, facts('vite'));
  for (const each of [program, agent, server]) spans.started(each);
  agent.endMs = 20_000;
  spans.ended(agent, 20_000);
  expect(orphanedFor(server, 79_999)).toBeUndefined();
  expect(orphanedFor(server, 80_000)).toEqual({ starter: 'claude', starterEndMs: 20_000, ms: 60_000 });
  spans.orphaned(server, 20_000);
  expect(told.at(-1)).toMatchObject({ executable: 'vite', startMs: 20_000 });
  server.endMs = 95_000;
  spans.ended(server, 95_000);
  expect(told.at(-1)).toMatchObject({
    endMs: 95_000,
    ended: { 'swarmscope.process.orphan.time': 75, 'swarmscope.process.orphan.starter': 'claude' },
  });
});

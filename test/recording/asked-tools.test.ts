/** Tools of which only the wire tells: how long they are, what hangs below them, and what is never said of them. */
import { expect, test } from '@jest/globals';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Activity, Frame } from '../../src/recording/types.ts';
import { parentOf, startRecording } from './recorder.ts';

const DURATION = 'gen_ai.execute_tool.duration';

/** A task in which calls ask for tools and bring their results, as the observer of the wire tells of them. */
function conversation() {
  const recording = startRecording();
  const { recorder, advance, spans } = recording;
  const task = recorder.startTask({ type: 'work' }, 'task');
  const { frame } = task;
  let now = 1_000_000;
  const pass = (ms: number): void => {
    now += ms;
    advance(ms);
  };
  return {
    ...recording,
    task,
    pass,
    call: (where: Frame = frame) => recorder.within(where, () => recorder.startLlmCall({ operation: 'chat', provider: 'openai' })),
    /** A call whose answer asks for tools, as the program gets it now. */
    ask(...names: string[]) {
      const asking = recorder.within(frame, () => recorder.startLlmCall({ operation: 'chat', provider: 'openai' }));
      asking.end({ toolsCalled: names });
      const calls = names.map((name, index) => ({ name, callId: `${name}${index}`, startTime: now, frame }));
      return {
        /** The request with the results is seen. */
        answer: () => calls.forEach((call) => recorder.recordInferredTool({ ...call, endTime: now })),
      };
    },
    start: <T extends Activity>(begin: () => T): T => recorder.within(frame, begin),
    child: (name: string) => recorder.within(frame, () => recorder.startChildProcess({ executable: name })),
    /** `[name, start in ms, length in ms, name of the parent]`. */
    tree: () => {
      const names = new Map(spans().map((span) => [span.spanContext().spanId, span.name]));
      names.set(task.spanId, 'task');
      const ms = ([seconds, nanos]: ReadableSpan['startTime']): number => seconds * 1000 + nanos / 1e6 - 1_000_000;
      return spans()
        .filter(({ name }) => name !== 'run_task work' && name !== 'chat')
        .map((span) => [span.name, ms(span.startTime), ms(span.endTime) - ms(span.startTime), names.get(parentOf(span) ?? '')])
        .sort((a, b) => String(a[0]).localeCompare(String(b[0])) || Number(a[1]) - Number(b[1]));
    },
  };
}

test('a tool is as long as what ran inside, and that hangs below it', async () => {
  const { ask, child, pass, tree, metric, task, span } = conversation();
  const asked = ask('test');
  pass(100);
  const tsc = child('tsc');
  pass(1_000);
  tsc.end();
  const jest = child('jest');
  pass(2_000);
  jest.end();
  pass(5_000);
  asked.answer();
  task.end();
  expect(tree()).toEqual([
    ['execute_tool test', 100, 3_000, 'task'],
    ['jest', 1_100, 2_000, 'execute_tool test'],
    ['tsc', 100, 1_000, 'execute_tool test'],
  ]);
  expect(span('execute_tool test').attributes).toMatchObject({
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'test',
    'gen_ai.tool.call.id': 'test0',
    'swarmscope.tool.inferred': true,
  });
  expect(await metric(DURATION)).toBe(1);
});

test('a tool in which nothing is seen lasts from being asked for until its result goes back', () => {
  const { ask, pass, tree } = conversation();
  const asked = ask('read');
  pass(700);
  asked.answer();
  expect(tree()).toEqual([['execute_tool read', 0, 700, 'task']]);
});

test('a wait that is declared inside is below the tool, which is not only as long as the wait', () => {
  const { ask, pass, tree, start, recorder } = conversation();
  const asked = ask('deploy');
  pass(10);
  const wait = start(() => recorder.startWait('human'));
  pass(3_000);
  wait.end();
  pass(500);
  asked.answer();
  expect(tree()).toEqual([
    ['execute_tool deploy', 0, 3_510, 'task'],
    ['wait human', 10, 3_000, 'execute_tool deploy'],
  ]);
});

test('tools that run at once are each as long as their own process', async () => {
  const { ask, child, pass, tree, metric } = conversation();
  const asked = ask('lint', 'test');
  const eslint = child('eslint');
  pass(5);
  const jest = child('jest');
  pass(200);
  eslint.end();
  pass(600);
  jest.end();
  pass(5);
  asked.answer();
  expect(tree()).toEqual([
    ['eslint', 0, 205, 'execute_tool lint'],
    ['execute_tool lint', 0, 205, 'task'],
    ['execute_tool test', 5, 800, 'task'],
    ['jest', 5, 800, 'execute_tool test'],
  ]);
  expect(await metric(DURATION)).toBe(2);
});

test('tools of one name that run one after the other are told apart, too', () => {
  const { ask, child, pass, tree } = conversation();
  const asked = ask('bash', 'bash');
  for (const ms of [100, 300]) {
    const sh = child('sh');
    pass(ms);
    sh.end();
  }
  asked.answer();
  expect(tree().filter(([name]) => name === 'execute_tool bash')).toEqual([
    ['execute_tool bash', 0, 100, 'task'],
    ['execute_tool bash', 100, 300, 'task'],
  ]);
});

test('a task whose last answer asked for a tool that nobody ran keeps its sums', () => {
  const { ask, start, recorder, pass, task, span } = conversation();
  ask('extract');
  const wait = start(() => recorder.startWait('lock'));
  pass(1_000);
  wait.end();
  task.end();
  expect(span('run_task work').attributes).toMatchObject({ 'swarmscope.task.llm.calls': 1, 'swarmscope.task.wait.time': 1 });
});

test.each([
  ['nothing that is seen', []],
  ['fewer processes than there are tools', ['a']],
  ['as many, one after the other, which may be those of one tool', ['a', 'b']],
  ['more', ['a', 'b', 'c']],
])('of two tools that ran %s nobody says how long each took', async (_what, processes) => {
  const { ask, child, pass, tree, metric, task, span } = conversation();
  const asked = ask('read', 'test');
  for (const name of processes) {
    const process = child(name);
    pass(100);
    process.end();
  }
  pass(1_000);
  asked.answer();
  task.end();
  const gapMs = 1_000 + 100 * processes.length;
  expect(tree().filter(([name]) => String(name).startsWith('execute_tool'))).toEqual([
    ['execute_tool read', 0, gapMs, 'task'],
    ['execute_tool test', 0, gapMs, 'task'],
  ]);
  expect([await metric(DURATION), await metric('swarmscope.tool.untimed')]).toEqual([undefined, 2]);
  const tools = span('run_task work').attributes['swarmscope.task.tool.time'];
  expect(tools).toBe(processes.length === 0 ? gapMs / 1_000 : undefined);
});

test('what starts after the next call, or beside it, is in no tool', () => {
  const { ask, child, pass, tree, call } = conversation();
  const asked = ask('read');
  const next = call();
  child('git').end();
  pass(10);
  asked.answer();
  next.end({});
  child('npm').end();
  expect(tree().filter(([name]) => name === 'git' || name === 'npm')).toEqual([
    ['git', 0, 0, 'task'],
    ['npm', 10, 0, 'task'],
  ]);
});

test('an answer whose tool nobody runs, such as a structured output, names nothing that follows', () => {
  const { ask, child, pass, tree, call, recorder, spans } = conversation();
  ask('extract');
  child('git').end();
  pass(10);
  call().end({});
  child('npm').end();
  expect(tree().map(([name, , , parent]) => [name, parent])).toEqual([
    ['between LLM calls', 'task'],
    ['git', 'between LLM calls'],
    ['npm', 'task'],
  ]);
  expect(spans().find(({ name }) => name === 'between LLM calls')?.attributes).toEqual({});
  expect(recorder.isContentCaptured).toBe(false);
});

test('where several conversations share a place, nobody says whose tool a process is', () => {
  const { ask, child, pass, tree, call } = conversation();
  const [one, other] = [call(), call()];
  one.end({});
  const asked = ask('read');
  pass(10);
  child('npm').end();
  other.end({});
  pass(10);
  asked.answer();
  expect(tree()).toEqual([
    ['execute_tool read', 0, 20, 'task'],
    ['npm', 10, 0, 'task'],
  ]);
});

test('a tool that the program records itself is told once, and by the program', () => {
  const { ask, child, pass, tree, start, recorder } = conversation();
  const asked = ask('test');
  child('setup').end();
  const tool = start(() => recorder.startTool({ name: 'test' }));
  pass(10);
  tool.end();
  asked.answer();
  expect(tree().map(([name, , , parent]) => [name, parent])).toEqual([
    ['between LLM calls', 'task'],
    ['execute_tool test', 'task'],
    ['setup', 'between LLM calls'],
  ]);
});

test('a process that still runs when the result goes back ends its tool there', () => {
  const { ask, child, pass, tree } = conversation();
  const asked = ask('serve');
  const vite = child('vite');
  pass(50);
  asked.answer();
  pass(1_000);
  vite.end();
  expect(tree()).toEqual([
    ['execute_tool serve', 0, 50, 'task'],
    ['vite', 0, 1_050, 'execute_tool serve'],
  ]);
});

test('tasks, processes and agents that never send a result leave nothing behind and fail nothing', () => {
  const { ask, child, task, state, spans } = conversation();
  ask('read');
  child('npm').end();
  task.end();
  state.endOpen('process_exit');
  expect(state.held()).toMatchObject({ 'recording.open': 0, 'recording.tool-gaps': 0 });
  expect(spans().filter(({ attributes }) => attributes['error.type'] !== undefined)).toEqual([]);
});

test('at most 1,024 answers wait for their results', () => {
  const { recorder, state } = conversation();
  const ask = (): void => {
    const { frame } = recorder.startAgent('a');
    const call = recorder.within(frame, () => recorder.startLlmCall({ operation: 'chat', provider: 'openai' }));
    call.end({ toolsCalled: ['read'] });
  };
  for (let each = 0; each < 1_024; each++) ask();
  expect(state.held()['recording.tool-gaps']).toBe(1_024);
  ask();
  expect(state.held()['recording.tool-gaps']).toBe(1_024);
});

test('a tool that the program records by the id of the call is told once', () => {
  const { ask, child, pass, tree, start, recorder } = conversation();
  const asked = ask('test');
  child('setup').end();
  start(() => recorder.startTool({ name: 'run tests', callId: 'test0' })).end();
  pass(10);
  asked.answer();
  expect(tree().map(([name]) => name)).toEqual(['between LLM calls', 'execute_tool run tests', 'setup']);
});

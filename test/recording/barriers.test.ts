/** Tasks that a program begins side by side are an inferred batch, with who held it up; those that follow each other are none. */
import { beforeEach, expect, test } from '@jest/globals';
import { startRecording, type Recording } from './recorder.ts';

let recording: Recording;
beforeEach(() => {
  recording = startRecording();
});

const start = (type: string) => recording.recorder.startTask({ type, id: type, mayBeBatch: true }, type);
const batches = () => recording.spans().filter(({ name }) => name.startsWith('run_batch'));
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('three that begin in one turn below a phase: size, parallelism, straggler and the wait of the others, marked as inferred', async () => {
  const phase = recording.recorder.startPhase('build');
  const tasks = recording.recorder.within(phase.frame, () => ['a', 'b', 'c'].map(start));
  await turn();
  recording.advance(100);
  tasks[0]?.end();
  recording.advance(50);
  tasks[1]?.end();
  recording.advance(250);
  expect(batches()).toEqual([]);
  tasks[2]?.end();
  const [batch] = batches();
  expect(batch?.name).toBe('run_batch Promise.all');
  expect(batch?.parentSpanContext?.spanId).toBe(phase.spanId);
  expect(batch?.attributes).toMatchObject({
    'swarmscope.batch.size': 3,
    'swarmscope.batch.inferred': true,
    'swarmscope.batch.straggler.task.id': 'c',
    'swarmscope.batch.straggler.delay': 0.25,
    'swarmscope.batch.parallelism': (0.1 + 0.15 + 0.4) / 0.4,
  });
  const ids = recording.spans().flatMap(({ name, attributes }) => (name.startsWith('run_task') ? [attributes['swarmscope.batch.id']] : []));
  expect(ids).toEqual([1, 2, 3].map(() => batch?.attributes['swarmscope.batch.id']));
  expect(await recording.metric('swarmscope.batch.barrier.wait_time')).toBe(3);
});

test('tasks that follow each other, alone in their turn, in a declared batch or of a queue are no inferred batch', async () => {
  start('sync').end();
  start('next').end();
  const alone = start('alone');
  await turn();
  const later = start('later');
  await turn();
  const queued = ['p', 'q'].map((type) => recording.recorder.startTask({ type }, type));
  const declared = recording.recorder.startBatch({ scheduler: 'own' });
  const inside = recording.recorder.within(declared.frame, () => ['x', 'y'].map(start));
  await turn();
  for (const task of [alone, later, ...queued, ...inside]) task.end();
  declared.end();
  expect(batches().map(({ name }) => name)).toEqual(['run_batch own']);
  expect(batches()[0]?.attributes).toMatchObject({ 'swarmscope.batch.size': 2 });
});

test('what the end of the process cuts is told, and nothing is left of it', async () => {
  const tasks = ['a', 'b'].map(start);
  await turn();
  recording.state.endOpen('process_exit');
  expect(batches()[0]?.attributes).toMatchObject({ 'swarmscope.batch.size': 2 });
  expect(tasks.map(({ isEnded }) => isEnded)).toEqual([true, true]);
});

/** Random runs: whatever the spans look like, the categories add up to lanes x wall time, and all sections agree. */
import { expect, it } from '@jest/globals';
import type { RunData } from '../../src/analysis/model.ts';
import { analyse } from '../../src/analysis/index.ts';
import { renderReport } from '../../src/cli/report/text.ts';
import { expectAgreement, expectActsInLanes, expectPrinted } from './agreement.ts';
import { randomRun, seeded, shapeOf } from './random-runs.ts';
import { agent, batch, child, git, limit, llm, queued, refused, resend, run, span, T0, task, tool, wait } from './hand-built.ts';

function garbage(seed: number, size: number): RunData {
  const random = seeded(seed);
  const kinds = [
    () => task('t', random() < 0.5 ? queued(random() * 9) : {}),
    () => llm(random() < 0.3 ? refused(0) : resend(1)),
    () => git('x'),
    () => tool('x'),
    () => agent(),
    () => wait('lock'),
    () => wait('nonsense'),
    () => batch(0),
    () => child('node', 'node'),
    () => child('claude', 'agent'),
    () => ({}),
  ];
  const spans = Array.from({ length: size }, (_, index) => {
    const from = random() * 120 - 10;
    const parent = random() < 0.7 ? `s${Math.floor(random() * size)}` : undefined;
    return span({
      id: `s${index}`,
      parent,
      from,
      to: random() < 0.05 ? undefined : from + random() * 30 - 1,
      attributes: kinds[Math.floor(random() * kinds.length)]?.() ?? {},
    });
  });
  return run(100, spans, random() < 0.5 ? [limit('q', 7)] : []);
}

it.each(Array.from({ length: 64 }, (_, seed) => seed))(
  'the garbage of seed %i adds up to lanes x wall time, and is counted alike in every section',
  (seed) => {
    expectAgreement(analyse(garbage(seed, 1 + (seed % 60))));
  },
);

it.each(Array.from({ length: 96 }, (_, seed) => seed))('all sections and the text agree about the random swarm of seed %i', (seed) => {
  const data = randomRun(seed);
  const report = analyse(data);
  expectAgreement(report);
  const { hasTasks, isRagged } = shapeOf(seed);
  if (!hasTasks && !isRagged) expectActsInLanes(report, data);
  expectPrinted(report, renderReport(report));
});

it('finds as many lanes as tasks ran at once, each task alone in its lane', () => {
  const spans = Array.from({ length: 500 }, (_, index) =>
    span({ id: `t${index}`, from: (index * 7919) % 400, to: ((index * 7919) % 400) + 1 + (index % 13), attributes: task('t') }),
  );
  const report = analyse(run(420, spans));
  const atOnce = Math.max(...spans.map((a) => spans.filter((b) => b.startMs <= a.startMs && (b.endMs ?? 0) > a.startMs).length));
  expect(report.lanes.count).toBe(atOnce);
  expect(report.run.startMs).toBe(T0);
});

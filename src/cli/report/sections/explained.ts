/** The run explained: the path of tasks that ends it, how many workers are of use, and where queues stood. */
import type { RunReport } from '../../../analysis/index.ts';
import { count, duration, percent } from '../numbers.ts';
import { MAX_ROWS, type Section } from '../section.ts';
import { clean, table, wrap, type Style } from '../style.ts';

export const explained: Section = { title: 'How it could have gone', lines };

function lines({ explained: { criticalPath, workers, continuousDispatch, stations, throughput }, run }: RunReport, style: Style): string[] {
  const tasks = criticalPath?.steps.filter(({ what }) => what === 'task') ?? [];
  if (criticalPath === undefined || tasks.length < 2) return [];
  const shown = tasks.slice(0, MAX_ROWS).map(({ name, startMs, endMs, by }) => {
    return `${clean(name ?? 'task')} ${duration(endMs - startMs)}${by === undefined ? '' : ` (after a ${by})`}`;
  });
  const causes = criticalPath.byCause
    .filter(({ ms }) => ms >= run.wallMs * 0.02)
    .map(({ cause, ms }) => `${cause.replace('wait:', 'waiting: ')} ${percent(ms / run.wallMs)}`);
  const texts = [
    `Tasks that end the run, one after the other: ${shown.join(' > ')}${tasks.length > shown.length ? ' > ...' : ''}.`,
    `That path is ${causes.join(', ')} of the wall time.`,
  ];
  if (workers !== undefined) {
    texts.push(
      `More than ${count(workers.useful)} workers are of no use (limit ${count(workers.limit)}): with one for each task the run would take ${duration(workers.shortestWallMs)}.`,
    );
  }
  if (continuousDispatch !== undefined) {
    const { batches, wallMs, low, high } = continuousDispatch;
    texts.push(
      `Without its ${batches} batches, each task starting when it is ready, it would take about ${duration(wallMs)} (${duration(low)} to ${duration(high)}) instead of ${duration(run.wallMs)}.`,
    );
  }
  if (!throughput.isKnown) texts.push(`Throughput by the number of workers is not told: ${throughput.reason}.`);
  const rows = stations.map((each) => [
    each.name,
    count(each.count),
    duration(each.meanMs),
    each.average.toFixed(1),
    count(each.peak),
    percent(each.busy),
  ]);
  return [
    ...texts.flatMap((text) => wrap(text, style.width)),
    ...(rows.length === 0 ? [] : table([['station', 'came', 'stayed', 'on average', 'at most', 'busy'], ...rows])),
  ];
}

/** The six tiles: is it OK, how far it is, what waits, what is full, what it costs, what was seen. */
import { count, duration, money, percent, plural } from '../../../analysis/numbers.ts';
import type { Full, Strip } from '../../wire.ts';
import type { RunModel } from '../model.ts';
import { labelOf } from './category.tsx';
import { model, facts } from '../state.ts';
import { pluralOf } from '../words.ts';

type Element = preact.JSX.Element;

interface TileText {
  readonly title: string;
  readonly main: string;
  readonly detail: string;
  readonly tone?: string;
}

export function Tiles(): Element {
  void facts.value;
  const run = model.value;
  const tiles = run === undefined ? [] : [verdictTile(run), tasksTile(run), waitingTile(run), fullTile(run), moneyTile(run), seenTile(run)];
  return (
    <section class="tiles" aria-label="The run in six numbers">
      {tiles.map(({ title, main, detail, tone }) => (
        <div key={title} class={`tile ${tone ?? ''}`} data-tile={title}>
          <h2>{title}</h2>
          <p class="main">{main}</p>
          <p class="detail" title={detail}>
            {detail}
          </p>
        </div>
      ))}
    </section>
  );
}

const WORDS = { yes: 'Yes', look: 'Look', no: 'No' } as const;

function verdictTile({ verdict, run }: RunModel): TileText {
  return {
    title: run.state === 'live' ? 'Is it OK?' : 'Was it OK?',
    main: WORDS[verdict.word],
    detail: verdict.reason,
    tone: verdict.word,
  };
}

function tasksTile({ totals: { tasks }, lanes, run }: RunModel): TileText {
  const all = tasks.running + tasks.done + tasks.failed + tasks.cut;
  const title =
    lanes.kind === undefined || lanes.kind === 'task' ? 'Tasks' : `${lanes.kind[0]?.toUpperCase() ?? ''}${lanes.kind.slice(1)}s`;
  if (all === 0) return { title, main: 'none', detail: 'no task seen' };
  const ended = [`${count(tasks.done)} done`, `${count(tasks.failed)} failed`, ...(tasks.cut > 0 ? [`${count(tasks.cut)} cut off`] : [])];
  const isLive = run.state === 'live';
  return {
    title,
    main: isLive ? `${count(tasks.running)} running` : pluralOf(all, lanes.kind),
    detail: [...ended, ...(!isLive && tasks.running > 0 ? [`${count(tasks.running)} never ended`] : [])].join(', '),
  };
}

function waitingTile({ totals, run }: RunModel): TileText {
  if (run.state === 'live') {
    const reasons = (totals.nowBy ?? []).filter(({ category }) => category.startsWith('wait:'));
    const detail = reasons.map(({ category, lanes }) => `${labelOf(category).replace('waiting: ', '')} ${lanes}`).join(', ');
    return {
      title: 'Waiting',
      main: plural(totals.waiting, 'lane'),
      detail: detail === '' ? `of ${plural(totals.busy, 'busy lane')}` : detail,
    };
  }
  const all = totals.byCategory ?? [];
  const waits = all.filter(({ category }) => category.startsWith('wait:'));
  const sum = (parts: readonly { ms: number }[]): number => parts.reduce((ms, part) => ms + part.ms, 0);
  if (all.length === 0) return { title: 'Waiting', main: 'not known', detail: 'no lane time yet' };
  const detail = waits
    .slice(0, 3)
    .map(({ category, ms }) => `${labelOf(category).replace('waiting: ', '')} ${duration(ms)}`)
    .join(', ');
  return { title: 'Waiting', main: percent(sum(waits) / Math.max(1, sum(all))), detail: detail === '' ? 'of lane time' : detail };
}

function fullTile({ totals, strips, run }: RunModel): TileText {
  const full = run.state === 'live' ? totals.full : fullest(strips);
  const [first, ...others] = full;
  if (first === undefined) return { title: 'Full', main: 'nothing', detail: 'no limit is known' };
  return {
    title: run.state === 'live' ? 'Full' : 'Fullest',
    main: percent(first.share),
    detail: [first, ...others.slice(0, 2)].map(({ label, share }) => `${label} ${percent(share)}`).join(', '),
    ...(first.share >= 0.95 && run.state === 'live' ? { tone: 'look' } : {}),
  };
}

/** How much of each limit was used at most; of a run that has ended, what is full now says nothing. */
function fullest(strips: readonly Strip[]): Full[] {
  return strips
    .flatMap(({ id, label, v, limit }) => {
      const used = v.reduce((most, value) => Math.max(most, value), 0);
      return limit === undefined || limit <= 0 || used <= 0 ? [] : [{ id, label, used, limit, share: used / limit }];
    })
    .sort((a, b) => b.share - a.share);
}

function moneyTile({ totals: { cost, llm, tokens, refused }, run }: RunModel): TileText {
  if (llm.calls === 0 && llm.inFlight === 0) return { title: 'Money', main: '–', detail: 'no LLM call seen' };
  const parts = [
    ...(cost !== undefined && run.state === 'live' ? [`${money(cost.perMinute, 'USD')}/min`] : []),
    plural(llm.calls, 'LLM call'),
    ...(tokens === undefined ? [] : [`${count(tokens.input)} in, ${count(tokens.output)} out`]),
    ...(refused.count > 0 ? [`${count(refused.count)} refused`] : []),
  ];
  return { title: 'Money', main: cost === undefined ? 'no price' : money(cost.amount, 'USD'), detail: parts.join(', ') };
}

function seenTile({ totals, losses, forgotten }: RunModel): TileText {
  const lost = Object.values(losses).reduce((sum, each) => sum + each, 0);
  const parts = [
    lost === 0 ? 'nothing lost' : `${count(lost)} lost`,
    ...(totals.openSpans > 0 ? [`${count(totals.openSpans)} open`] : []),
    ...(forgotten > 0 ? ['older part let go'] : []),
  ];
  return { title: 'Seen', main: plural(totals.spans, 'span'), detail: parts.join(', '), ...(lost > 0 ? { tone: 'look' } : {}) };
}

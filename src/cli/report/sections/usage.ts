/** Tokens, money, context windows and tools. */
import type { Cost, RunReport, ToolUse, Usage } from '../../../analysis/index.ts';
import { count, duration, percent, plural } from '../numbers.ts';
import { costText, MAX_ROWS, more, reasonSection, type Section } from '../section.ts';
import { clean, table, wrap, type Style } from '../style.ts';

/** At most this many tools are named in one sentence. */
const MAX_TOOL_NAMES = 6;
/** At most this many reasons for a missing price are named. */
const MAX_REASONS = 4;

export const usage: Section = { title: 'Tokens and money', lines };

/** `3 calls unpriced: priority tier`, `5 calls unpriced: 3 priority tier, 2 no known price`. */
function unpricedText({ amount, unpricedCalls }: Cost, unpriced: Usage['unpriced']): string {
  const shown = unpriced
    .slice(0, MAX_REASONS)
    .map(({ lacks, calls }) => `${unpriced.length > 1 ? `${count(calls)} ` : ''}${clean(lacks, 32)}`);
  const rest = unpriced.length > MAX_REASONS ? ', ...' : '';
  const consequence = amount === undefined ? '' : '; their cost is not in the sum';
  return `${plural(unpricedCalls, 'call')} unpriced: ${shown.join(', ')}${rest}${consequence}`;
}

function lines(report: RunReport, style: Style): string[] {
  const { calls, isLowerBound, duplicates, tokens, cost, unpriced, cacheShare, models, tools, context } = report.usage;
  const printed: string[] = [];
  if (calls > 0) {
    const atLeast = (value: number): string => `${count(value)}${isLowerBound ? '+' : ''}`;
    const known = (value: number | undefined): string => (value === undefined ? '-' : atLeast(value));
    const rows = models
      .slice(0, MAX_ROWS)
      .map((each) => [
        clean(each.model, Math.max(8, style.width - 46)),
        atLeast(each.calls),
        known(each.tokens.input),
        known(each.tokens.cacheRead),
        known(each.tokens.output),
        costText(each.cost),
      ]);
    if (models.length > 1)
      rows.push(['all', atLeast(calls), known(tokens.input), known(tokens.cacheRead), known(tokens.output), costText(cost)]);
    printed.push(...table([['model', 'calls', 'in', 'of it cached', 'out', 'cost'], ...rows]), ...more(models.length, 'models'));
  }
  const notes: string[] = [];
  if (isLowerBound && calls > 0) notes.push(`+ at least: spans are missing, see "${reasonSection(report)}"`);
  if (tokens.reasoning !== undefined) notes.push(`${count(tokens.reasoning)} output tokens were reasoning`);
  if (tokens.cacheWrite !== undefined) notes.push(`${count(tokens.cacheWrite)} input tokens were written to the cache`);
  if (cacheShare !== undefined) notes.push(`${percent(cacheShare)} of input came from the cache`);
  if (cost.unpricedCalls > 0) notes.push(unpricedText(cost, unpriced));
  if (cost.currency === 'mixed') notes.push('prices in several currencies: the sum is not meaningful');
  if (cost.priceTableVersions.length > 0) notes.push(`prices: ${cost.priceTableVersions.map((each) => clean(each)).join(', ')}`);
  if (duplicates > 0) notes.push(`${plural(duplicates, 'call')} reported twice, counted once`);
  if (context !== undefined)
    notes.push(`context window used: mean ${percent(context.mean)}, p95 ${percent(context.p95)}, max ${percent(context.max)}`);
  notes.push(...toolNotes(tools));
  return [...printed, ...notes.flatMap((note) => wrap(note, style.width))];
}

/** Of the executions whose duration is known. */
function meanOf({ executions, untimed = 0, durationMs }: ToolUse['byName'][number]): string {
  return executions > untimed ? ` (${duration(durationMs / (executions - untimed))})` : '';
}

function toolNotes({
  offered,
  called,
  requests,
  executions,
  inferredExecutions,
  byName,
  neverCalled,
  neverCalledShare,
}: ToolUse): string[] {
  const notes: string[] = [];
  if (offered !== undefined || called > 0) {
    const of = offered === undefined ? '' : `${plural(offered, 'tool')} offered, `;
    notes.push(`${of}${offered === undefined ? plural(called, 'tool') : count(called)} asked for by models (${plural(requests, 'time')})`);
  }
  if (executions > 0) {
    const names = byName.filter((each) => each.executions > 0).slice(0, MAX_TOOL_NAMES);
    const each = names.map((tool) => `${clean(tool.name, 24)} ${count(tool.executions)}${meanOf(tool)}`);
    const how =
      inferredExecutions === 0
        ? ''
        : inferredExecutions === executions
          ? ', by their results'
          : `, ${count(inferredExecutions)} of them by their results`;
    notes.push(
      `${plural(executions, 'tool execution')} seen${how}; times and mean: ${each.join(', ')}${byName.length > names.length ? ', ...' : ''}`,
    );
  } else if (requests > 0) notes.push('no tool execution was seen');
  if (neverCalledShare !== undefined && neverCalled.length > 0) {
    const names = neverCalled.slice(0, MAX_TOOL_NAMES).map((each) => clean(each, 24));
    notes.push(
      `never called (${percent(neverCalledShare)} of the offered): ${names.join(', ')}${neverCalled.length > names.length ? ', ...' : ''}`,
    );
  }
  return notes;
}

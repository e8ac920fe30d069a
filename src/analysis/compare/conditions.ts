/** Conditions by which a comparison ends a build: `wall>10%,cost>5%,finding:lock_contention`. */
import type { Comparison, Figured } from './compare.ts';
import { FIGURES } from './side.ts';

export interface Condition {
  /** As it was written. */
  readonly text: string;
  readonly judge: (comparison: Comparison) => Judgement;
}

export interface Judgement {
  readonly text: string;
  /** Undefined: it cannot be told from these two runs. */
  readonly isMet: boolean | undefined;
  /** Why, with the figures. */
  readonly why: string;
}

const NUMERIC = /^([a-z_]+(?::[^<>]{1,200})?)\s*([<>]=?)\s*(\$?)([+-]?\d+(?:\.\d+)?)\s*(%|ms|s|m|h|usd)?$/i;
const FINDING = /^finding:([a-z][a-z0-9_]*)$/i;
/** Kinds under the names that people know. */
const ALSO_CALLED: Readonly<Record<string, string>> = { git_lock: 'lock_contention', '429': 'rate_limit', straggler_tail: 'straggler' };
const MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Separated by commas. The text of the first that cannot be read is returned instead. */
export function conditionsIn(text: string): { conditions: Condition[] } | { unreadable: string } {
  const conditions: Condition[] = [];
  for (const part of text.split(',').map((each) => each.trim())) {
    const condition = findingCondition(part) ?? numericCondition(part);
    if (condition === undefined) return { unreadable: part };
    conditions.push(condition);
  }
  return { conditions };
}

export const judgeConditions = (conditions: readonly Condition[], comparison: Comparison): Judgement[] =>
  conditions.map((each) => each.judge(comparison));

/** `finding:new` is any that was not there before, `finding:any` any at all, else the kind in the run after. */
function findingCondition(text: string): Condition | undefined {
  const named = FINDING.exec(text)?.[1]?.toLowerCase();
  if (named === undefined) return undefined;
  const kind = ALSO_CALLED[named] ?? named;
  return {
    text,
    judge({ findings }) {
      if (findings === undefined) return { text, isMet: undefined, why: 'one of the two reports was not looked through for findings' };
      const now = [...findings.new, ...findings.kept.map(({ after }) => after)];
      const met = kind === 'new' ? findings.new : kind === 'any' ? now : now.filter((each) => each.kind === kind);
      return {
        text,
        isMet: met.length > 0,
        why: met.length === 0 ? 'not found' : met.map(({ kind: each, action }) => `${each}: ${action}`).join('; '),
      };
    },
  };
}

function numericCondition(text: string): Condition | undefined {
  const [, name = '', operator = '', dollar = '', amount = '', unit = dollar] = NUMERIC.exec(text) ?? [];
  const read = readerOf(name);
  const limit = Number(amount);
  if (read === undefined || name === '' || !Number.isFinite(limit)) return undefined;
  const isShare = unit === '%';
  if (dollar !== '' && (read.unit !== 'USD' || isShare)) return undefined;
  const kind = read.unit;
  const factor = MS[unit.toLowerCase()];
  // `wall>10` without a unit could be anything.
  if (!isShare && kind === 'ms' && factor === undefined) return undefined;
  if (!isShare && kind === 'USD' && factor !== undefined) return undefined;
  if (!isShare && kind === '1' && unit !== '') return undefined;
  return {
    text,
    judge(comparison) {
      const found = read.of(comparison);
      if (found?.before === undefined || found.after === undefined)
        return { text, isMet: undefined, why: `${name} is not known of both runs` };
      if (isShare && found.change === undefined) {
        const isMore = found.after > found.before;
        return {
          text,
          isMet: isMore && operator.startsWith('>'),
          why: isMore ? `${name} was 0 before and is ${shown(found.after, kind)}` : `${name} was 0 before`,
        };
      }
      const value = isShare ? rounded((found.change ?? 0) * 100) : found.after;
      const bound = isShare ? limit : limit * (factor ?? 1);
      const isMet =
        operator === '>' ? value > bound : operator === '>=' ? value >= bound : operator === '<' ? value < bound : value <= bound;
      const chance = found.verdict === 'noise' ? '; this may be chance' : '';
      return {
        text,
        isMet,
        why: `${name} was ${shown(found.before, kind)} and is ${shown(found.after, kind)}${changed(found.change)}${chance}`,
      };
    },
  };
}

/** 11 / 10 - 1 is a little more than a tenth. */
const rounded = (value: number): number => Math.round(value * 1e9) / 1e9;

interface Readable {
  readonly unit: Figured['unit'];
  readonly of: (comparison: Comparison) => Pick<Figured, 'before' | 'after' | 'change' | 'verdict'> | undefined;
}

/** A figure, `lane:CATEGORY` for the time of a category, `task:TYPE` for the mean of a type. */
function readerOf(name: string): Readable | undefined {
  const figure = FIGURES.find((each) => each.name === name.toLowerCase());
  if (figure !== undefined) return { unit: figure.unit, of: ({ figures }) => figures.find((each) => each.name === figure.name) };
  const [kind, rest = ''] = split(name);
  if (kind === 'lane' && rest !== '') return { unit: 'ms', of: ({ laneTime }) => laneTime.find((each) => each.name === rest) };
  if (kind !== 'task' || rest === '') return undefined;
  return {
    unit: 'ms',
    of({ taskTypes }) {
      const type = taskTypes.find((each) => each.name === rest);
      return type === undefined ? undefined : { ...type, before: type.before.meanMs, after: type.after.meanMs };
    },
  };
}

function split(name: string): [string, string?] {
  const at = name.indexOf(':');
  return at < 0 ? [name] : [name.slice(0, at), name.slice(at + 1)];
}

function shown(value: number, unit: Figured['unit']): string {
  if (unit === 'ms') return `${(value / 1_000).toFixed(2)} s`;
  return unit === 'USD' ? `$${value.toFixed(4)}` : String(Math.round(value * 100) / 100);
}

const changed = (change: number | undefined): string =>
  change === undefined ? '' : ` (${change >= 0 ? '+' : ''}${(change * 100).toFixed(1)} %)`;

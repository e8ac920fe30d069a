/** Reads from the dialects what only the collector does: which signals of other programs our metrics are made from. */
import { parse } from 'yaml';

/** What a log event tells of. */
export type Counted = 'call' | 'usage' | 'tool';

export interface CountedEvent {
  readonly event: string;
  readonly counts: Counted;
  /** Attribute that holds how long it took. */
  readonly milliseconds?: string;
}

export interface MetricRule {
  readonly from: string;
  /** Values that an attribute of the point may have. */
  readonly where?: Readonly<Record<string, readonly string[]>>;
  /** A metric of ours. Without it, theirs goes on under its own name with the attributes of `keep`. */
  readonly to?: string;
  readonly unit?: string;
  readonly keep?: readonly string[];
}

export interface Counting {
  readonly dialect: string;
  /** Durations, errors and what a single call used. */
  readonly calls: 'spans' | 'logs';
  /** Totals of tokens and money. */
  readonly tokens: 'spans' | 'logs' | 'metrics';
  /** Language of programs in which the preload counts the calls. */
  readonly notIn?: string;
  readonly logs: readonly CountedEvent[];
  /** Given when all metrics of the dialect are taken out of the way of ours: those that a rule names are counted, the others dropped. */
  readonly metrics?: { readonly set: Readonly<Record<string, string>>; readonly rules: readonly MetricRule[] };
}

interface Entry {
  readonly name: string;
  readonly counts?: { readonly calls: Counting['calls']; readonly tokens: Counting['tokens']; readonly not_in?: string };
  readonly logs?: readonly CountedEvent[];
  readonly metrics?: NonNullable<Counting['metrics']>;
}

/** Dialects without `counts` are only translated. */
export function readCounting(text: string): Counting[] {
  const { dialects } = parse(text) as { dialects: readonly Entry[] };
  return dialects.flatMap(({ name, counts, logs = [], metrics }) =>
    counts === undefined
      ? []
      : [
          {
            dialect: name,
            calls: counts.calls,
            tokens: counts.tokens,
            ...(counts.not_in === undefined ? {} : { notIn: counts.not_in }),
            logs,
            ...(metrics === undefined ? {} : { metrics }),
          },
        ],
  );
}

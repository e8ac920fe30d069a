/** An alert as data: the rule, the page that explains it, and the series that must and must not make it fire. */

export type Severity = 'critical' | 'warning' | 'info' | 'none';

/** Series for `promtool test rules`, in its notation: `0+1x60` is 0, 1, 2, ... at the interval of the case. */
export interface Case {
  /** Sentence: what the swarm does. */
  readonly title: string;
  readonly series: Readonly<Record<string, string>>;
  /** When to look, after the start: `12m`. */
  readonly at: string;
  readonly fires: boolean;
}

export interface Runbook {
  /** One or two sentences: what it means for the user. */
  readonly meaning: string;
  readonly causes: readonly string[];
  readonly look: readonly string[];
  readonly act: readonly string[];
}

export interface Alert {
  /** CamelCase; also the name of its page. */
  readonly name: string;
  readonly expr: string;
  /** How long it must hold. */
  readonly for?: string;
  /** Against flapping. */
  readonly keepFiringFor?: string;
  readonly severity: Severity;
  /** What is short or broken: `workers`, `queue`, `context`, `telemetry`. */
  readonly resource: string;
  /** One line with the names of what it is about. */
  readonly summary: string;
  /** The value and what to do. */
  readonly description: string;
  /** Uid of the board to open. */
  readonly board: string;
  readonly runbook: Runbook;
  readonly cases: readonly Case[];
}

export interface AlertGroup {
  readonly name: string;
  readonly alerts: readonly Alert[];
}

export interface Recording {
  /** `level:metric:operations`. */
  readonly record: string;
  readonly expr: string;
}

/** A panel as data: what it asks, in which unit, what a reader should do about it. Turned into Grafana's JSON by `to-json.ts`. */

export interface Query {
  readonly expr: string;
  /** `{{label}}` stands for a label's value. */
  readonly legend: string;
  /** Drawn as a dashed line: what the others must stay below. */
  readonly isLimit?: boolean;
  /** Counted from spans by the collector: dots that lead to a trace each are drawn beside the line. */
  readonly hasExemplars?: boolean;
  /** Of this column of a table, where it is not the panel's. */
  readonly unit?: string;
  /** What the demo swarm lacks for this query to answer; see the panel's own. */
  readonly needs?: string;
}

export interface Threshold {
  readonly from: number;
  readonly color: 'green' | 'yellow' | 'orange' | 'red';
}

interface Common {
  readonly title: string;
  /** What it shows, and what to do when it looks bad. */
  readonly description: string;
  /** Of 24. */
  readonly width: number;
  /** Rows of about 36 pixels. */
  readonly height: number;
  /** Dashboards of ours to go on to, by uid. */
  readonly goTo?: readonly string[];
}

export interface MetricPanel extends Common {
  readonly kind: 'stat' | 'timeseries' | 'bars' | 'table';
  readonly queries: readonly Query[];
  /** Grafana's unit id: `s`, `bytes`, `percentunit`, `currencyUSD`, `short`, `reqps`. */
  readonly unit: string;
  readonly thresholds?: readonly Threshold[];
  readonly max?: number;
  readonly decimals?: number;
  /** What stands there when no series answers: absence is not zero. */
  readonly noValue?: string;
  readonly isStacked?: boolean;
  /** What the demo swarm lacks for any of the queries to answer: then they are tested with synthetic points. */
  readonly needs?: string;
}

export interface TracePanel extends Common {
  readonly kind: 'traces';
  /** TraceQL search; no TraceQL metrics. */
  readonly traceql: string;
  /** As of the metrics; then it is tested with synthetic spans. */
  readonly needs?: string;
}

export interface TextPanel extends Common {
  readonly kind: 'text';
  readonly text: string;
}

export type Panel = MetricPanel | TracePanel | TextPanel;

export interface Row {
  readonly title: string;
  readonly isCollapsed?: boolean;
  readonly panels: readonly Panel[];
}

export interface Variable {
  readonly name: string;
  readonly label: string;
  /** `label_values(metric, label)`; several may be chosen, and all. */
  readonly query: string;
}

/** One of a list, the first unless chosen otherwise. */
export interface Choice {
  readonly name: string;
  readonly label: string;
  readonly options: readonly [string, ...string[]];
}

export interface Board {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly Variable[];
  readonly choices?: readonly Choice[];
  readonly rows: readonly Row[];
}

type Sized<P extends Panel> = Omit<P, 'kind' | 'width' | 'height'> & { readonly width?: number; readonly height?: number };

/** One number with thresholds: of now, or of the chosen time, so that it never shows what was and is no more. */
export function stat(panel: Sized<MetricPanel>): MetricPanel {
  return { width: 4, height: 4, ...panel, kind: 'stat' };
}

export function timeseries(panel: Sized<MetricPanel>): MetricPanel {
  return { width: 12, height: 8, ...panel, kind: 'timeseries' };
}

/** The present values side by side, longest first. */
export function bars(panel: Sized<MetricPanel>): MetricPanel {
  return { width: 12, height: 8, ...panel, kind: 'bars' };
}

/** One line per set of labels, a column per query. */
export function table(panel: Sized<MetricPanel>): MetricPanel {
  return { width: 24, height: 8, ...panel, kind: 'table' };
}

export function traces(panel: Sized<TracePanel>): TracePanel {
  return { width: 24, height: 9, ...panel, kind: 'traces' };
}

/** Of a usage whose limit hurts. */
export const percentThresholds: readonly Threshold[] = [
  { from: 0, color: 'green' },
  { from: 0.8, color: 'yellow' },
  { from: 0.95, color: 'red' },
];

export const noneExpected: readonly Threshold[] = [
  { from: 0, color: 'green' },
  { from: 1, color: 'red' },
];

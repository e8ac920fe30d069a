/** Reads PromQL by its official grammar: metric names, labels and mistakes of a query. */
import { parser } from '@prometheus-io/lezer-promql';

export interface Selector {
  /** Undefined for `{label="..."}` alone. */
  readonly metric: string | undefined;
  readonly labels: readonly string[];
}

export interface ReadQuery {
  readonly mistakes: readonly string[];
  readonly selectors: readonly Selector[];
  /** Labels of `by`, `on`, `without`, `ignoring`. */
  readonly groupings: readonly string[];
}

/** What Grafana would put in is put in first. */
export function readPromql(query: string): ReadQuery {
  const text = query.replaceAll(/\$__(rate_interval|range|interval)/g, '5m').replaceAll(/\$\{?\w+\}?/g, 'x');
  const mistakes: string[] = [];
  const selectors: { metric: string | undefined; labels: string[] }[] = [];
  const groupings: string[] = [];
  parser.parse(text).iterate({
    enter(node) {
      const said = text.slice(node.from, node.to);
      if (node.type.isError) mistakes.push(`at ${node.from}: ${text.slice(Math.max(0, node.from - 20), node.to + 20)}`);
      if (node.name === 'VectorSelector') selectors.push({ metric: undefined, labels: [] });
      const last = selectors.at(-1);
      if (node.name === 'Identifier' && node.node.parent?.name === 'VectorSelector' && last !== undefined) last.metric = said;
      if (node.name === 'LabelName') {
        const isGrouping = node.node.parent?.name === 'GroupingLabels';
        if (isGrouping) groupings.push(said);
        else last?.labels.push(said);
      }
    },
  });
  return { mistakes, selectors, groupings };
}

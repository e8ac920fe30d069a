// The committed dashboards as Grafana reads them: every query with its panel, and what Grafana puts in for its variables.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { boards } from '../../../src/grafana/index.ts';
import { repository } from '../../harness/index.ts';

export interface PanelQuery {
  /** `Board: Panel [legend]`, once in all boards. */
  readonly title: string;
  readonly uid: string;
  readonly kind: 'promql' | 'traceql';
  readonly text: string;
  /** Of a line over time; all others show one moment. */
  readonly isRange: boolean;
  readonly hasExemplars: boolean;
  /** What the demo swarm lacks for it to answer. */
  readonly needs: string | undefined;
}

export interface BoardVariable {
  readonly title: string;
  readonly uid: string;
  readonly name: string;
  /** Of a query variable. */
  readonly query: string | undefined;
  /** What Grafana puts in as long as nobody has chosen. */
  readonly initial: string;
}

interface Target {
  readonly expr?: string;
  readonly query?: string;
  readonly legendFormat?: string;
  readonly range?: boolean;
  readonly exemplar?: boolean;
}
interface PanelJson {
  readonly title: string;
  readonly targets?: readonly Target[];
  readonly panels?: readonly PanelJson[];
}
interface VariableJson {
  readonly type: string;
  readonly name: string;
  readonly query: string | { readonly query: string };
  readonly allValue?: string;
  readonly current?: { readonly value: string };
}
interface BoardJson {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly PanelJson[];
  readonly templating: { readonly list: readonly VariableJson[] };
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr: string }[] };
}

const folder = join(repository, 'grafana/dashboards');
const files = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as BoardJson);
const sources = parse(readFileSync(join(repository, 'grafana/provisioning/datasources/datasources.yaml'), 'utf8')) as {
  readonly datasources: readonly { readonly uid: string; readonly jsonData: { readonly timeInterval?: string } }[];
};
const scrapeSeconds = Number.parseInt(sources.datasources.find(({ uid }) => uid === 'prometheus')?.jsonData.timeInterval ?? '', 10);

/** Reasons stand in the source of the boards, which the JSON is generated from. */
const reasons = new Map(
  boards.flatMap(({ uid, rows }) =>
    rows
      .flatMap(({ panels }) => panels)
      .flatMap((panel): [string, string | undefined][] => {
        if (panel.kind === 'text') return [];
        if (panel.kind === 'traces') return [[`${uid} ${panel.title} `, panel.needs]];
        return panel.queries.map(({ legend, needs }) => [`${uid} ${panel.title} ${legend}`, needs ?? panel.needs]);
      }),
  ),
);

export const panelQueries: readonly PanelQuery[] = files.flatMap(({ uid, title: board, panels }) =>
  panels
    .flatMap((panel) => [panel, ...(panel.panels ?? [])])
    .flatMap(({ title: panel, targets = [] }) =>
      targets.map(({ expr, query = '', legendFormat = '', range, exemplar }) => ({
        title: `${board}: ${panel}${legendFormat === '' ? '' : ` [${legendFormat}]`}`,
        uid,
        kind: expr === undefined ? ('traceql' as const) : ('promql' as const),
        text: expr ?? query,
        isRange: range === true,
        hasExemplars: exemplar === true,
        needs: reasons.get(`${uid} ${panel} ${legendFormat}`),
      })),
    ),
);

export const annotations = files.flatMap(({ title, annotations: { list } }) =>
  list.map(({ name, expr }) => ({ title: `${title}: ${name}`, expr })),
);

export const variables: readonly BoardVariable[] = files.flatMap(({ uid, title, templating: { list } }) =>
  list
    .filter(({ type }) => type !== 'datasource')
    .map(({ name, type, query, allValue, current }) => ({
      title: `${title}: $${name}`,
      uid,
      name,
      query: type === 'query' && typeof query !== 'string' ? query.query : undefined,
      initial: current?.value === '$__all' ? (allValue ?? '') : (current?.value ?? ''),
    })),
);

export interface View {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepSeconds: number;
  /** Chosen by the reader, by the variable's name; the others stand at their initial value. */
  readonly chosen?: Readonly<Record<string, string>>;
}

/** `text` with everything put in; throws when a `$` is left, which the data source would get as it is. */
export function interpolate(text: string, uid: string, view: View): string {
  const rangeSeconds = Math.round((view.toMs - view.fromMs) / 1_000);
  const rateSeconds = Math.max(view.stepSeconds + scrapeSeconds, 4 * scrapeSeconds);
  const values: Record<string, string> = {
    __rate_interval: `${rateSeconds}s`,
    __interval: `${view.stepSeconds}s`,
    __range: `${rangeSeconds}s`,
    ...Object.fromEntries(variables.filter((each) => each.uid === uid).map(({ name, initial }) => [name, initial])),
    ...Object.fromEntries(Object.entries(view.chosen ?? {}).map(([name, value]) => [name, escaped(value)])),
  };
  return text.replaceAll(/\$\{?(\w+)\}?/g, (match, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${match} in ${text} is no variable of ${uid}`);
    return value;
  });
}

/** As Grafana's Prometheus source does with a value of a variable of which several can be chosen: it stands in a RE2 in a quoted string. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\\\\\').replaceAll(/[$^*{}[\]'+?.()|]/g, '\\\\$&');
}

/** `label_values(selector, label)` as the two questions of Prometheus' API that Grafana makes of it. */
export function labelValuesOf(query: string): { readonly selector: string; readonly label: string } {
  const { selector, label } = /^label_values\((?<selector>.+),\s*(?<label>[a-zA-Z_]\w*)\)$/.exec(query)?.groups ?? {};
  if (selector === undefined || label === undefined) throw new Error(`${query} is not label_values(selector, label)`);
  return { selector, label };
}

/** Turns boards into Grafana's classic JSON, which file provisioning accepts. Ids and positions are set here, so that a small change is a small diff. */
import { BigValueColorMode, BigValueGraphMode, GraphDrawStyle, StackingMode, VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as BarsBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import { DataqueryBuilder as PromBuilder, PromQueryFormat, QueryEditorMode } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { DataqueryBuilder as TempoBuilder, SearchTableType } from '@grafana/grafana-foundation-sdk/tempo';
import { PanelBuilder as TextBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { ATTR_SWARMSCOPE_RUN_ID } from '../semconv/index.ts';
import type { Board, MetricPanel, Panel, Query, Row, TracePanel } from './panel.ts';

const PROMETHEUS: DataSourceRef = { type: 'prometheus', uid: '${datasource}' };
const TEMPO: DataSourceRef = { type: 'tempo', uid: '${traces}' };
const TAG = 'swarmscope';
const COLUMNS = 24;

/** The whole set, for links by uid; throws when panels do not fit their row or a link leads nowhere. */
export function toJson(board: Board, boards: readonly Board[]): unknown {
  const builder = new dashboard.DashboardBuilder(board.title)
    .uid(board.uid)
    .description(board.description)
    .tags([TAG])
    .time({ from: 'now-1h', to: 'now' })
    .refresh('30s')
    .timezone('browser')
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .readonly()
    .link(
      new dashboard.DashboardLinkBuilder('swarmscope')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags([TAG])
        .asDropdown(true)
        .keepTime(true)
        .includeVars(true),
    )
    .annotation(
      new dashboard.AnnotationQueryBuilder()
        .name('Alerts that fire')
        .datasource(PROMETHEUS)
        .enable(true)
        .iconColor('red')
        .expr('ALERTS{alertstate="firing", stack="swarmscope", severity!="none"}')
        .titleFormat('{{alertname}}')
        .textFormat('{{severity}} {{service_name}}'),
    );
  for (const variable of variablesOf(board)) builder.withVariable(variable);
  const titles = new Map(boards.map(({ uid, title }) => [uid, title]));
  const built = place(board.rows, titles);
  const made = builder.build();
  return { ...(JSON.parse(JSON.stringify(made)) as object), schemaVersion: 42, panels: built };
}

type VariableBuilder = Parameters<dashboard.DashboardBuilder['withVariable']>[0];

function variablesOf(board: Board): VariableBuilder[] {
  const sources = [
    ['datasource', 'Metrics', 'prometheus'],
    ['traces', 'Traces', 'tempo'],
  ].map(([name = '', label = '', type = '']) => new dashboard.DatasourceVariableBuilder(name).label(label).type(type));
  const queries = board.variables.map(({ name, label, query }) =>
    new dashboard.QueryVariableBuilder(name)
      .label(label)
      .datasource(PROMETHEUS)
      .query({ query, refId: name })
      .definition(query)
      .multi(true)
      .includeAll(true)
      .allValue('.*')
      .current({ text: 'All', value: '$__all' })
      .sort(dashboard.VariableSort.AlphabeticalAsc)
      .refresh(dashboard.VariableRefresh.OnTimeRangeChanged),
  );
  const choices = (board.choices ?? []).map(({ name, label, options }) =>
    new dashboard.CustomVariableBuilder(name)
      .label(label)
      .values(options.join(','))
      .current({ text: options[0], value: options[0] }),
  );
  return [...sources, ...queries, ...choices];
}

/** Panels from left to right, row by row; a collapsed row holds its panels inside. */
function place(rows: readonly Row[], titles: ReadonlyMap<string, string>): unknown[] {
  const placed: unknown[] = [];
  let id = 1;
  let y = 0;
  for (const row of rows) {
    const heading = {
      type: 'row',
      title: row.title,
      collapsed: row.isCollapsed === true,
      id: id++,
      gridPos: { x: 0, y: y++, w: COLUMNS, h: 1 },
    };
    const inside: unknown[] = [];
    let x = 0;
    let height = 0;
    for (const panel of row.panels) {
      if (x + panel.width > COLUMNS) {
        y += height;
        [x, height] = [0, 0];
      }
      const gridPos = { x, y, w: panel.width, h: panel.height };
      inside.push({ ...(JSON.parse(JSON.stringify(build(panel, titles))) as object), id: id++, gridPos });
      x += panel.width;
      height = Math.max(height, panel.height);
    }
    y += height;
    placed.push({ ...heading, panels: row.isCollapsed === true ? inside : [] }, ...(row.isCollapsed === true ? [] : inside));
  }
  return placed;
}

function build(panel: Panel, titles: ReadonlyMap<string, string>): dashboard.Panel {
  const builder =
    panel.kind === 'text'
      ? new TextBuilder().mode(TextMode.Markdown).content(panel.text)
      : panel.kind === 'traces'
        ? tracesBuilder(panel)
        : builders[panel.kind](panel);
  return builder
    .title(panel.title)
    .description(panel.description)
    .links((panel.goTo ?? []).map((uid) => linkTo(uid, titles)))
    .build();
}

function linkTo(uid: string, titles: ReadonlyMap<string, string>): dashboard.DashboardLinkBuilder {
  const title = titles.get(uid);
  if (title === undefined) throw new Error(`a panel leads to ${uid}, which is no dashboard`);
  return new dashboard.DashboardLinkBuilder(title)
    .type(dashboard.DashboardLinkType.Link)
    .url(`/d/${uid}?\${__url_time_range}&\${__all_variables}`);
}

function tracesBuilder(panel: TracePanel): TableBuilder {
  return new TableBuilder()
    .datasource(TEMPO)
    .overrides([{ matcher: { id: 'byName', options: ATTR_SWARMSCOPE_RUN_ID }, properties: [{ id: 'links', value: [toRun] }] }])
    .withTarget(
      new TempoBuilder()
        .refId('A')
        .queryType('traceql')
        .query(panel.traceql)
        .limit(20)
        .spss(3)
        .tableType(SearchTableType.Spans)
        .datasource(TEMPO),
    );
}

/** From the column with the id of a run to all spans of that run, in whichever traces they are. */
const toRun = {
  title: 'All spans of this run',
  url: `/explore?schemaVersion=1&panes=${JSON.stringify({
    run: {
      datasource: TEMPO.uid,
      queries: [
        {
          refId: 'A',
          datasource: TEMPO,
          queryType: 'traceql',
          query: `{ resource.${ATTR_SWARMSCOPE_RUN_ID} = "\${__value.raw}" }`,
          limit: 100,
          tableType: 'spans',
        },
      ],
      range: { from: '${__from}', to: '${__to}' },
    },
  })}`,
};

const builders = {
  stat: (panel: MetricPanel) =>
    withMetrics(new StatBuilder(), panel)
      .colorMode(panel.thresholds === undefined ? BigValueColorMode.None : BigValueColorMode.Background)
      .graphMode(BigValueGraphMode.None)
      .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull'])),
  bars: (panel: MetricPanel) =>
    withMetrics(new BarsBuilder(), panel)
      .orientation(common.VizOrientation.Horizontal)
      .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull'])),
  table: (panel: MetricPanel) =>
    withMetrics(new TableBuilder(), panel)
      .withTransformation({ id: 'merge', options: {} })
      .withTransformation({ id: 'organize', options: { excludeByName: { Time: true } } })
      .overrides(panel.queries.map(({ legend, unit = panel.unit }, index) => column(`Value #${letter(index)}`, legend, unit))),
  timeseries: (panel: MetricPanel) => {
    const builder = withMetrics(new TimeseriesBuilder(), panel)
      .drawStyle(GraphDrawStyle.Line)
      .lineWidth(1)
      .fillOpacity(panel.isStacked === true ? 40 : 10)
      .showPoints(VisibilityMode.Auto)
      .spanNulls(true)
      .min(0)
      .legend(
        new common.VizLegendOptionsBuilder()
          .showLegend(true)
          .displayMode(common.LegendDisplayMode.Table)
          .placement(common.LegendPlacement.Bottom)
          .calcs(['lastNotNull', 'max']),
      )
      .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending));
    if (panel.isStacked === true) builder.stacking(new common.StackingConfigBuilder().mode(StackingMode.Normal));
    for (const [index, query] of panel.queries.entries()) if (query.isLimit === true) builder.overrideByQuery(letter(index), limitLook);
    return builder;
  },
};

/** A limit is a dashed red line above what must stay below it, and never part of a stack. */
const limitLook: dashboard.DynamicConfigValue[] = [
  { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 8] } },
  { id: 'color', value: { mode: 'fixed', fixedColor: 'red' } },
  { id: 'custom.fillOpacity', value: 0 },
  { id: 'custom.stacking', value: { mode: 'none' } },
];

interface Override {
  readonly matcher: dashboard.MatcherConfig;
  readonly properties: dashboard.DynamicConfigValue[];
}

function column(field: string, name: string, unit: string): Override {
  const properties = [
    { id: 'displayName', value: name },
    { id: 'unit', value: unit },
  ];
  return { matcher: { id: 'byName', options: field }, properties };
}

type MetricBuilder = StatBuilder | BarsBuilder | TableBuilder | TimeseriesBuilder;

function withMetrics<B extends MetricBuilder>(builder: B, panel: MetricPanel): B {
  builder.datasource(PROMETHEUS).unit(panel.unit);
  if (panel.noValue !== undefined) builder.noValue(panel.noValue);
  if (panel.max !== undefined) builder.max(panel.max);
  if (panel.decimals !== undefined) builder.decimals(panel.decimals);
  if (panel.thresholds !== undefined) {
    const steps = panel.thresholds.map(({ from, color }, index) => ({ value: index === 0 ? null : from, color }));
    builder.thresholds(new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps(steps));
  }
  for (const [index, query] of panel.queries.entries()) builder.withTarget(target(query, index, panel.kind));
  return builder;
}

function target(query: Query, index: number, kind: MetricPanel['kind']): PromBuilder {
  const builder = new PromBuilder()
    .refId(letter(index))
    .datasource(PROMETHEUS)
    .editorMode(QueryEditorMode.Code)
    .expr(query.expr)
    .legendFormat(query.legend);
  if (kind === 'table') return builder.instant().format(PromQueryFormat.Table);
  if (kind !== 'timeseries') return builder.instant();
  return builder.range().exemplar(query.hasExemplars === true);
}

function letter(index: number): string {
  return String.fromCharCode(65 + index);
}

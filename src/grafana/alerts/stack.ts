/** Alerts on the stack itself (collector, Tempo, Prometheus, Alertmanager), and one that always fires. */
import { ALERTMANAGER, OTELCOL, PROMETHEUS, TEMPO } from '../pipeline-metrics.ts';
import { inRule, queries } from '../query.ts';
import type { AlertGroup } from './alert.ts';
import { BOARD, losing, lost } from './losing.ts';

const q = queries(inRule('5m'));
const COLLECTOR_JOB = 'otel-collector';

export const stack: AlertGroup = {
  name: 'swarmscope-stack',
  alerts: [
    {
      name: 'CollectorDown',
      expr: `${PROMETHEUS.up.prometheus}{job="${COLLECTOR_JOB}"} == 0 or absent(${PROMETHEUS.up.prometheus}{job="${COLLECTOR_JOB}"})`,
      for: '2m',
      severity: 'critical',
      resource: 'telemetry',
      summary: 'The collector is down',
      description: 'Prometheus cannot scrape it. Swarms keep what they can in their queues and on disk until it is back.',
      board: BOARD,
      runbook: {
        meaning: 'Nothing arrives any more. Swarms go on working; their telemetry waits within its bounds.',
        causes: ['It does not start: a mistake in its configuration, a port in use, a full disk.', 'It was ended for its memory.'],
        look: [
          '`swarmscope doctor --stack`: whether nothing listens, something else does, or only Prometheus cannot reach it.',
          'Its log (`docker compose logs otel-collector`), and `docker compose ps otel-collector-health`, which asks it whether it is well.',
        ],
        act: ['Mend and start it. What its queue on disk holds is delivered then.'],
      },
      cases: [
        {
          title: 'a collector that cannot be scraped',
          series: { 'up{job="otel-collector",instance="c"}': '1x3 0x20' },
          at: '10m',
          fires: true,
        },
        { title: 'a collector that answers', series: { 'up{job="otel-collector",instance="c"}': '1x20' }, at: '10m', fires: false },
      ],
    },
    {
      name: 'StackPartDown',
      expr: `${PROMETHEUS.up.prometheus}{job!="${COLLECTOR_JOB}"} == 0`,
      for: '5m',
      severity: 'warning',
      resource: 'telemetry',
      summary: '{{ $labels.job }} does not answer',
      description: 'Prometheus cannot scrape {{ $labels.instance }}.',
      board: BOARD,
      runbook: {
        meaning: 'A part of the stack is down or cannot be reached.',
        causes: ['It does not start, or its machine is away.'],
        look: [
          '`swarmscope doctor --stack`: which part, and what still gets through without it.',
          'Its log (`docker compose logs NAME`), and `docker compose ps`.',
        ],
        act: ['Start it. While Tempo is away spans wait on the disk of the collector.'],
      },
      cases: [
        { title: 'Tempo away', series: { 'up{job="tempo",instance="t"}': '0x20' }, at: '10m', fires: true },
        { title: 'Tempo there', series: { 'up{job="tempo",instance="t"}': '1x20' }, at: '10m', fires: false },
      ],
    },
    losing({
      name: 'CollectorRefusingData',
      expr: [OTELCOL.refusedSpans, OTELCOL.refusedPoints, OTELCOL.refusedLogs].map((metric) => lost(metric)).join(' or '),
      isBornLate: true,
      severity: 'warning',
      summary: 'The collector refuses data',
      description: '{{ $value | humanize }} a second: it is near its memory limit, or gets what it cannot read. Senders repeat.',
      series: `${OTELCOL.refusedSpans.prometheus}{job="otel-collector",receiver="otlp"}`,
      runbook: {
        meaning: 'The collector protects its memory by refusing. Senders keep and repeat, within their bounds.',
        causes: ['More telemetry than its memory bears.', 'A backend that is slow: its queue is in memory while it is written.'],
        look: ['Telemetry pipeline: memory of the collector, accepted and sent.'],
        act: ['Give it more memory (and GOMEMLIMIT 80 % of it), or a second collector. The sizing rule stands in docs/stack.md.'],
      },
    }),
    losing({
      name: 'CollectorLosingData',
      expr: [OTELCOL.unqueuedSpans, OTELCOL.failedSpans, OTELCOL.unqueuedPoints, OTELCOL.failedPoints].map((metric) => lost(metric)).join(' or '),
      isBornLate: true,
      severity: 'critical',
      summary: 'The collector loses data',
      description: '{{ $value | humanize }} a second are lost: the queue on disk is full, or a backend refuses them for good.',
      series: `${OTELCOL.unqueuedSpans.prometheus}{job="otel-collector",exporter="otlp_grpc/tempo"}`,
      runbook: {
        meaning: 'What the collector accepted is gone. This is the one place where the stack loses data, and it says so.',
        causes: [
          'A backend was away for longer than the queue holds.',
          'The disk of the queue is full.',
          'Prometheus refuses points older than its window; Tempo refuses traces above its limits.',
          'Credentials that the backend refuses: a 401 is a last word, what it answers is not repeated.',
        ],
        look: [
          'Telemetry pipeline: queues on disk and their bounds, Tempo discarded, Prometheus too old.',
          'The log of the collector names the refusal.',
          '`swarmscope doctor --stack`: whether a span and a point get through now.',
        ],
        act: [
          'Bring the backend up, enlarge the queue or its disk.',
          'A disk that the queues themselves have filled stays full when they are empty again: their files shrink only where there is space for a copy. Stop the collector, remove the largest file of the queue folder once its queue is empty, start it; and give the disk twice the sum of the queues.',
          'Widen the out-of-order window of Prometheus to the longest outage you plan for.',
        ],
      },
    }),
    {
      name: 'CollectorQueueNearlyFull',
      expr: `max by (exporter, data_type) (${OTELCOL.queueSize.prometheus}) / max by (exporter, data_type) (${OTELCOL.queueCapacity.prometheus}) > 0.8`,
      for: '2m',
      severity: 'warning',
      resource: 'telemetry',
      summary: 'The queue of {{ $labels.exporter }} is nearly full',
      description: '{{ $value | humanizePercentage }} of its bound on disk is used: its backend is away or slow.',
      board: BOARD,
      runbook: {
        meaning: 'Data waits on disk for a backend. Nothing is lost yet; when the queue is full, new data is.',
        causes: ['Tempo or Prometheus is down or slow.', 'A backend that asks to wait: more comes than it takes.'],
        look: [
          '`swarmscope doctor --stack`: which backend does not take a marked span or point.',
          'Telemetry pipeline: accepted and sent; the log of the collector.',
        ],
        act: ['Bring the backend up. The rule: bytes of the queue = bytes a second x the longest outage.'],
      },
      cases: [
        {
          title: 'a queue at nine tenths',
          series: {
            [`${OTELCOL.queueSize.prometheus}{exporter="otlp_grpc/tempo"}`]: '90x20',
            [`${OTELCOL.queueCapacity.prometheus}{exporter="otlp_grpc/tempo"}`]: '100x20',
          },
          at: '10m',
          fires: true,
        },
        {
          title: 'a queue at a tenth',
          series: {
            [`${OTELCOL.queueSize.prometheus}{exporter="otlp_grpc/tempo"}`]: '10x20',
            [`${OTELCOL.queueCapacity.prometheus}{exporter="otlp_grpc/tempo"}`]: '100x20',
          },
          at: '10m',
          fires: false,
        },
      ],
    },
    {
      name: 'CollectorBackendUnreachable',
      expr: `min by (instance, exporter) (min_over_time(${OTELCOL.queueSize.prometheus}[5m])) > 0 unless on (instance, exporter) (${q.rate(OTELCOL.sentSpans, { by: ['instance', 'exporter'] })} > 0 or ${q.rate(OTELCOL.sentPoints, { by: ['instance', 'exporter'] })} > 0)`,
      for: '5m',
      severity: 'warning',
      resource: 'telemetry',
      summary: 'Nothing gets through from {{ $labels.instance }} to {{ $labels.exporter }}',
      description: 'For ten minutes {{ $value | humanize1024 }}B and more have waited on the disk of that collector, and nothing was sent.',
      board: BOARD,
      runbook: {
        meaning: 'The collector takes telemetry and keeps it on disk, since a backend does not take it. Nothing is lost before that queue is full.',
        causes: [
          'Tempo or Prometheus is down, or its address is wrong.',
          'A certificate that the collector does not trust.',
        ],
        look: [
          '`swarmscope doctor --stack`: which backend does not answer, and how much waits for it.',
          'The log of the collector (`docker compose logs otel-collector`): it says which exporter repeats, and what the backend answers.',
          'Telemetry pipeline: the size of the queue beside its bound tells how long there is.',
        ],
        act: ['Bring the backend up, or mend its address or its certificate. What waits is delivered then.'],
      },
      cases: [
        {
          title: 'a queue that only grows',
          series: { [`${OTELCOL.queueSize.prometheus}{exporter="otlp_grpc/tempo",data_type="traces"}`]: '1000+1000x30' },
          at: '20m',
          fires: true,
        },
        {
          title: 'one of two collectors is cut off',
          series: {
            [`${OTELCOL.queueSize.prometheus}{instance="a",exporter="otlp_grpc/tempo",data_type="traces"}`]: '1000+1000x30',
            [`${OTELCOL.queueSize.prometheus}{instance="b",exporter="otlp_grpc/tempo",data_type="traces"}`]: '0x30',
            [`${OTELCOL.sentSpans.prometheus}{instance="b",exporter="otlp_grpc/tempo"}`]: '0+100x30',
          },
          at: '20m',
          fires: true,
        },
        {
          title: 'a queue that is never empty, and moves',
          series: {
            [`${OTELCOL.queueSize.prometheus}{exporter="otlp_grpc/tempo",data_type="traces"}`]: '1000x30',
            [`${OTELCOL.sentSpans.prometheus}{exporter="otlp_grpc/tempo"}`]: '0+100x30',
          },
          at: '20m',
          fires: false,
        },
        {
          title: 'nothing to send',
          series: { [`${OTELCOL.queueSize.prometheus}{exporter="otlp_grpc/tempo",data_type="traces"}`]: '0x30' },
          at: '20m',
          fires: false,
        },
      ],
    },
    losing({
      name: 'TempoDiscardingSpans',
      expr: lost(TEMPO.discarded, 'reason'),
      isBornLate: true,
      severity: 'warning',
      summary: 'Tempo discards spans ({{ $labels.reason }})',
      description: '{{ $value | humanize }} a second: a limit in tempo.yaml is reached.',
      series: `${TEMPO.discarded.prometheus}{reason="trace_too_large"}`,
      runbook: {
        meaning: 'Tempo has a limit for the size of a trace and for the rate; what is above is not stored.',
        causes: ['A run of thousands of tasks in one trace.', 'Content in spans (capture switched on).', 'A burst above the rate.'],
        look: ['Telemetry pipeline: Tempo, by reason.'],
        act: [
          'Run with `--trace-scope task`: each task is its own trace, linked to the run.',
          'Raise the limit in tempo.yaml when the machine bears it.',
        ],
      },
    }),
    losing({
      name: 'PrometheusRejectingSamples',
      expr: `${q.rate(PROMETHEUS.tooOld)} > 0 or ${q.rate(OTELCOL.filteredPoints, { where: { filter: 'filter/clocks' } })} > 0`,
      severity: 'warning',
      summary: 'Points are too old or too new to be stored',
      description: '{{ $value | humanize }} a second are lost: an outage was longer than the window of Prometheus, or the clock of a sender is wrong.',
      series: `${PROMETHEUS.tooOld.prometheus}{job="prometheus",type="float"}`,
      runbook: {
        meaning: 'Points that waited for longer than the window of Prometheus cannot be stored any more. The collector leaves out what comes 20 minutes late or 5 minutes ahead: Prometheus would refuse the whole request for one such point.',
        causes: ['An outage longer than out_of_order_time_window.', 'A clock that is wrong on a machine of the swarm.'],
        look: ['Telemetry pipeline: samples that came too late.', '`swarmscope doctor --stack` on the machine of the swarm: whether its clock and that of Prometheus agree.'],
        act: ['Widen the window in prometheus.yml. Set the clocks.'],
      },
    }),
    losing({
      name: 'RulesNotEvaluated',
      expr: `${q.rate(PROMETHEUS.ruleFailures, { by: ['rule_group'] })} > 0`,
      severity: 'critical',
      summary: 'Prometheus cannot evaluate rules of {{ $labels.rule_group }}',
      description: '{{ $value | humanize }} evaluations a second fail: their alerts are blind.',
      series: `${PROMETHEUS.ruleFailures.prometheus}{job="prometheus",rule_group="rules/swarmscope.rules.yaml;swarmscope-workers"}`,
      runbook: {
        meaning: 'A rule does not give a result but an error. What it should warn of goes unseen.',
        causes: [
          'Two series where a rule expects one: the same swarm is sent by two collectors, or a label of your own was added.',
          'A rule of your own with a mistake.',
        ],
        look: [
          '`swarmscope doctor --stack`: which rule, and the error.',
          'The page Rules of Prometheus shows the error beside the rule; its log names it too.',
        ],
        act: ['Mend the rule and try it (`promtool check rules`, `promtool test rules`); take the doubled series away.'],
      },
    }),
    losing({
      name: 'AlertsNotDelivered',
      expr: `sum by (integration) (rate(${ALERTMANAGER.failed.prometheus}[5m])) > 0 or ${q.rate(PROMETHEUS.notificationsDropped)} > 0`,
      severity: 'critical',
      summary: 'Alerts do not reach anybody',
      description: '{{ $value | humanize }} notifications a second fail.',
      series: `${ALERTMANAGER.failed.prometheus}{integration="webhook",reason="other"}`,
      runbook: {
        meaning: 'Alerts fire and nobody hears of them.',
        causes: ['The receiver in alertmanager.yml is not yet yours, or is down.'],
        look: ['The log of Alertmanager names the receiver and its answer.'],
        act: ['Put your own receivers into alertmanager.yml; `amtool check-config` reads it.'],
      },
    }),
    {
      name: 'Watchdog',
      expr: 'vector(1)',
      severity: 'none',
      resource: 'telemetry',
      summary: 'Alerting works',
      description: 'Always fires. Whoever waits for it and does not hear it knows that alerting is dead.',
      board: BOARD,
      runbook: {
        meaning: 'A sign of life of the whole way from Prometheus to your receiver.',
        causes: ['It always fires.'],
        look: ['The dead man’s switch that waits for it.'],
        act: [
          'Nothing, as long as it comes.',
          'When it stops, Prometheus, Alertmanager or the way between them is down: `swarmscope doctor --stack` says which.',
        ],
      },
      cases: [{ title: 'whatever happens', series: { up: '1x10' }, at: '5m', fires: true }],
    },
  ],
};

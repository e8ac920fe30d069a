/** The board of the telemetry itself: for each program on its way, what came in, what went out, and what was lost. */
import * as names from '../../semconv/index.ts';
import { noneExpected, percentThresholds, stat, table, timeseries, type Board } from '../panel.ts';
import { ALERTMANAGER, OTELCOL, PROMETHEUS, TEMPO } from '../pipeline-metrics.ts';
import { onDashboard, orZero, queries, type Scope } from '../query.ts';
import { common } from './variables.ts';

const q = queries(onDashboard);
/** The programs of the stack belong to no swarm. */
const ofStack: Scope = { matchers: [], window: '$__rate_interval' };
const stack = queries(ofStack);
const spans = { where: { [names.ATTR_SWARMSCOPE_TELEMETRY_SIGNAL]: names.SWARMSCOPE_TELEMETRY_SIGNAL_VALUE_SPAN } };
const range = '$__range';

export const telemetry: Board = {
  uid: 'swarmscope-telemetry',
  title: 'Telemetry pipeline',
  description: 'Whether what you see is all there is: created = exported + dropped, at each hop.',
  variables: common,
  rows: [
    {
      title: 'Is it OK?',
      panels: [
        stat({
          title: 'Dropped in the swarm',
          description:
            'Spans, starts, logs and points that the processes could not keep or send. `swarmscope doctor` on that machine says why.',
          unit: 'short',
          decimals: 0,
          thresholds: noneExpected,
          noValue: 'not reported',
          queries: [
            {
              expr: orZero(q.total(names.METRIC_SWARMSCOPE_TELEMETRY_DROPPED, range), q.total(names.METRIC_SWARMSCOPE_TELEMETRY_RECORDED, range)),
              legend: 'dropped',
            },
          ],
        }),
        stat({
          title: 'Refused by the collector',
          description: 'Above its memory limit it refuses, and the swarm keeps and repeats.',
          unit: 'short',
          decimals: 0,
          thresholds: noneExpected,
          noValue: '0',
          queries: [
            { expr: `${stack.counted(OTELCOL.refusedSpans, range)} + ${stack.counted(OTELCOL.refusedPoints, range)}`, legend: 'refused' },
          ],
        }),
        stat({
          title: 'Lost by the collector',
          description: 'Could not be queued, or was refused for good by Tempo or Prometheus.',
          unit: 'short',
          decimals: 0,
          thresholds: noneExpected,
          noValue: '0',
          queries: [
            {
              expr: `(${stack.counted(OTELCOL.unqueuedSpans, range)} or vector(0)) + (${stack.counted(OTELCOL.failedSpans, range)} or vector(0)) + (${stack.counted(OTELCOL.unqueuedPoints, range)} or vector(0)) + (${stack.counted(OTELCOL.failedPoints, range)} or vector(0))`,
              legend: 'lost',
            },
          ],
        }),
        stat({
          title: 'Fullest queue on disk',
          description: 'What waits for a backend, as a share of its bound. Full: new data is dropped. Bring the backend up.',
          unit: 'percentunit',
          max: 1,
          thresholds: percentThresholds,
          noValue: 'no collector',
          queries: [{ expr: `max(${OTELCOL.queueSize.prometheus} / ${OTELCOL.queueCapacity.prometheus})`, legend: 'queue' }],
        }),
        stat({
          title: 'Parts that answer',
          description: 'Share of the scraped programs that are up.',
          unit: 'percentunit',
          max: 1,
          thresholds: [
            { from: 0, color: 'red' },
            { from: 1, color: 'green' },
          ],
          noValue: 'none',
          queries: [{ expr: `avg(${PROMETHEUS.up.prometheus})`, legend: 'up' }],
        }),
        stat({
          title: 'Observers off',
          description: 'Switched off after a fault of ours, in the chosen time; the program went on untouched. `swarmscope doctor` names the observer.',
          unit: 'short',
          decimals: 0,
          thresholds: noneExpected,
          noValue: 'not reported',
          queries: [
            {
              expr: orZero(q.total(names.METRIC_SWARMSCOPE_OBSERVER_FAULTS, range), q.total(names.METRIC_SWARMSCOPE_TELEMETRY_RECORDED, range)),
              legend: 'faults',
            },
          ],
        }),
      ],
    },
    {
      title: 'The ledger',
      panels: [
        table({
          title: 'Spans, hop by hop, in the chosen time',
          description:
            'Recorded = exported + dropped + not yet sent; so at each hop. Accepted above exported: other senders. Received above sent: repeats after an answer that was lost. Exact, unless a part of the stack was started within the chosen time.',
          unit: 'short',
          queries: [
            { expr: q.total(names.METRIC_SWARMSCOPE_TELEMETRY_RECORDED, range, spans), legend: '1 recorded in the swarm' },
            { expr: q.total(names.METRIC_SWARMSCOPE_TELEMETRY_EXPORTED, range, spans), legend: '2 exported by the swarm' },
            { expr: orZero(q.total(names.METRIC_SWARMSCOPE_TELEMETRY_DROPPED, range, spans), q.total(names.METRIC_SWARMSCOPE_TELEMETRY_RECORDED, range, spans)), legend: '2 dropped in the swarm' },
            { expr: q.total(names.METRIC_SWARMSCOPE_FORWARD_RECEIVED, range, spans), legend: '3 taken by swarmscope run' },
            { expr: q.total(names.METRIC_SWARMSCOPE_FORWARD_SENT, range, spans), legend: '3 passed on by swarmscope run' },
            { expr: orZero(q.total(names.METRIC_SWARMSCOPE_FORWARD_DROPPED, range, spans), q.total(names.METRIC_SWARMSCOPE_FORWARD_RECEIVED, range, spans)), legend: '3 dropped by swarmscope run' },
            { expr: stack.counted(OTELCOL.acceptedSpans, range), legend: '4 accepted by the collector' },
            { expr: stack.counted(OTELCOL.sentSpans, range), legend: '5 sent to Tempo' },
            { expr: stack.counted(TEMPO.received, range), legend: '6 received by Tempo' },
            { expr: stack.counted(TEMPO.discarded, range), legend: '6 discarded by Tempo' },
          ],
        }),
        timeseries({
          title: 'Recorded, exported, dropped per second',
          description: 'By signal, in the processes of the swarm.',
          unit: 'short',
          queries: [
            {
              expr: q.rate(names.METRIC_SWARMSCOPE_TELEMETRY_RECORDED, { by: [names.ATTR_SWARMSCOPE_TELEMETRY_SIGNAL] }),
              legend: 'recorded {{swarmscope_telemetry_signal}}',
            },
            {
              expr: q.rate(names.METRIC_SWARMSCOPE_TELEMETRY_EXPORTED, { by: [names.ATTR_SWARMSCOPE_TELEMETRY_SIGNAL] }),
              legend: 'exported {{swarmscope_telemetry_signal}}',
            },
          ],
        }),
        timeseries({
          title: 'Dropped per second, by reason',
          description: 'In the processes of the swarm.',
          unit: 'short',
          needs: 'an endpoint that is down for longer than the bounds',
          queries: [
            {
              expr: q.rate(names.METRIC_SWARMSCOPE_TELEMETRY_DROPPED, { by: [names.ATTR_SWARMSCOPE_TELEMETRY_SIGNAL, names.ATTR_SWARMSCOPE_DROP_REASON] }),
              legend: '{{swarmscope_telemetry_signal}} {{swarmscope_drop_reason}}',
            },
            {
              expr: q.rate(names.METRIC_SWARMSCOPE_FORWARD_DROPPED, { by: [names.ATTR_SWARMSCOPE_TELEMETRY_SIGNAL, names.ATTR_SWARMSCOPE_DROP_REASON] }),
              legend: 'by swarmscope run: {{swarmscope_telemetry_signal}} {{swarmscope_drop_reason}}',
            },
          ],
        }),
        timeseries({
          title: 'Faults of observers',
          description: 'By observer. `swarmscope doctor` on that machine says why it switched off.',
          unit: 'short',
          needs: 'a fault',
          queries: [
            {
              expr: q.increase(names.METRIC_SWARMSCOPE_OBSERVER_FAULTS, '10m', { by: [names.ATTR_SWARMSCOPE_OBSERVER_NAME] }),
              legend: '{{swarmscope_observer_name}}',
            },
          ],
        }),
      ],
    },
    {
      title: 'Policies',
      panels: [
        timeseries({
          title: 'Changes of policies, in ten minutes',
          description:
            'By where they came from and what became of them. After a refused one the version before stays in force: `swarmscope doctor` names the field that was wrong.',
          unit: 'short',
          needs: 'a change of policies while the swarm runs',
          queries: [
            {
              expr: q.increase(names.METRIC_SWARMSCOPE_POLICY_CHANGES, '10m', {
                by: [names.ATTR_SWARMSCOPE_POLICY_SOURCE, names.ATTR_SWARMSCOPE_POLICY_CHANGE_OUTCOME],
              }),
              legend: '{{swarmscope_policy_source}} {{swarmscope_policy_change_outcome}}',
            },
          ],
        }),
        timeseries({
          title: 'Decisions of your policies per minute',
          description: 'Of guards of the program that tell them by `emit`. Many denials by one policy: an agent tries what it may not do.',
          unit: 'short',
          needs: 'a program that tells the decisions of its policies',
          queries: [
            {
              expr: `60 * ${q.rate(names.METRIC_SWARMSCOPE_POLICY_DECISIONS, { by: [names.ATTR_SWARMSCOPE_POLICY_NAME, names.ATTR_SWARMSCOPE_POLICY_OUTCOME] })}`,
              legend: '{{swarmscope_policy_name}} {{swarmscope_policy_outcome}}',
            },
          ],
        }),
      ],
    },
    {
      title: 'Collector',
      panels: [
        timeseries({
          title: 'Accepted and sent per second',
          description: 'Sent below accepted for long: a backend is slow or away, and the queue grows.',
          unit: 'short',
          queries: [
            { expr: stack.rate(OTELCOL.acceptedSpans), legend: 'spans accepted' },
            { expr: stack.rate(OTELCOL.sentSpans), legend: 'spans sent' },
            { expr: stack.rate(OTELCOL.acceptedPoints), legend: 'points accepted' },
            { expr: stack.rate(OTELCOL.sentPoints), legend: 'points sent' },
            { expr: stack.rate(OTELCOL.acceptedLogs), legend: 'logs accepted' },
          ],
        }),
        timeseries({
          title: 'Queues on disk and their bounds',
          description: 'In bytes, by exporter.',
          unit: 'bytes',
          queries: [
            { expr: stack.sum(OTELCOL.queueSize, { by: ['exporter', 'data_type'] }), legend: '{{exporter}} {{data_type}}' },
            {
              expr: stack.sum(OTELCOL.queueCapacity, { by: ['exporter', 'data_type'] }),
              legend: 'bound {{exporter}} {{data_type}}',
              isLimit: true,
            },
          ],
        }),
        timeseries({
          title: 'Memory of the collector',
          description: 'Resident. At 80 % of its limit it begins to refuse.',
          unit: 'bytes',
          queries: [{ expr: stack.sum(OTELCOL.memory), legend: 'resident' }],
        }),
      ],
    },
    {
      title: 'Backends',
      panels: [
        timeseries({
          title: 'Tempo: received and discarded per second',
          description: 'Discarded: a limit of Tempo (size of a trace, rate).',
          unit: 'short',
          queries: [
            { expr: stack.rate(TEMPO.received), legend: 'received' },
            { expr: stack.rate(TEMPO.discarded, { by: ['reason'] }), legend: 'discarded {{reason}}' },
          ],
        }),
        timeseries({
          title: 'Prometheus: series, and samples that came too late',
          description: 'Samples older than the out-of-order window are lost: widen it, or shorten outages.',
          unit: 'short',
          queries: [
            { expr: stack.sum(PROMETHEUS.series), legend: 'series' },
            { expr: stack.rate(PROMETHEUS.tooOld), legend: 'too old per second' },
            { expr: stack.rate(PROMETHEUS.outOfOrder), legend: 'out of order per second' },
          ],
        }),
        timeseries({
          title: 'Alerts that could not be delivered',
          description: 'By Prometheus to Alertmanager, and by Alertmanager to you.',
          unit: 'short',
          queries: [
            { expr: stack.rate(PROMETHEUS.notificationsDropped), legend: 'Prometheus' },
            { expr: stack.rate(ALERTMANAGER.failed, { by: ['integration'] }), legend: '{{integration}}' },
          ],
        }),
        timeseries({
          title: 'Parts that are up',
          description: 'As Prometheus scrapes them.',
          unit: 'short',
          max: 1,
          queries: [{ expr: stack.min(PROMETHEUS.up, { by: ['job'] }), legend: '{{job}}' }],
        }),
      ],
    },
  ],
};

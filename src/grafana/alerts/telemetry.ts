/** Alerts on the telemetry of a swarm: losses, swarms that stopped reporting, and metrics with too many series. */
import * as names from '../../semconv/index.ts';
import { SPAN_METRICS } from '../pipeline-metrics.ts';
import { inRule, labelOf, queries } from '../query.ts';
import type { AlertGroup } from './alert.ts';
import { BOARD, losing } from './losing.ts';

const q = queries(inRule('5m'));

const isActive = `${labelOf(names.ATTR_SWARMSCOPE_WORKER_STATE)}="${names.SWARMSCOPE_WORKER_STATE_VALUE_ACTIVE}"`;
const atWork = `${names.METRIC_SWARMSCOPE_WORKER_COUNT.prometheus}{${isActive}}`;
const working = `${names.METRIC_SWARMSCOPE_WORKER_COUNT.prometheus}{service_name="s",${isActive}}`;

export const telemetry: AlertGroup = {
  name: 'swarmscope-telemetry',
  alerts: [
    losing({
      name: 'SwarmscopeDroppingTelemetry',
      expr: `${q.increase(names.METRIC_SWARMSCOPE_TELEMETRY_DROPPED, '10m', { by: ['service_name', names.ATTR_SWARMSCOPE_TELEMETRY_SIGNAL, names.ATTR_SWARMSCOPE_DROP_REASON] })} > 0`,
      severity: 'warning',
      summary:
        '{{ $labels.service_name }} drops telemetry ({{ $labels.swarmscope_telemetry_signal }}, {{ $labels.swarmscope_drop_reason }})',
      description: 'About {{ $value | printf "%.0f" }} in 10 minutes could not be kept or sent: what you see is not all there is.',
      series: `${names.METRIC_SWARMSCOPE_TELEMETRY_DROPPED.prometheus}{service_name="s",swarmscope_telemetry_signal="span",swarmscope_drop_reason="queue_full"}`,
      runbook: {
        meaning: 'Processes of the swarm could not send what they recorded. The swarm itself is untouched.',
        causes: [
          'The collector is down or slow for longer than the bounds of queue and spool.',
          'Processes that end faster than they can send.',
          'A wrong endpoint or a wrong token.',
        ],
        look: [
          '`swarmscope doctor` on that machine: the last answer of the endpoint, and what to try next.',
          'Telemetry pipeline: the ledger.',
        ],
        act: [
          'Bring the endpoint up, mend address or token.',
          'Raise the time for the exit (see the settings) where short processes lose their end.',
        ],
      },
    }),
    losing({
      name: 'SwarmscopeObserverFaults',
      expr: `${q.increase(names.METRIC_SWARMSCOPE_OBSERVER_FAULTS, '15m', { by: ['service_name', names.ATTR_SWARMSCOPE_OBSERVER_NAME] })} > 0`,
      severity: 'info',
      summary: 'Observer {{ $labels.swarmscope_observer_name }} switched itself off in {{ $labels.service_name }}',
      description: 'It had a fault of its own; the program goes on untouched, and this one source is not seen.',
      series: `${names.METRIC_SWARMSCOPE_OBSERVER_FAULTS.prometheus}{service_name="s",swarmscope_observer_name="llm-wire"}`,
      runbook: {
        meaning: 'A part of swarmscope met something that it did not expect, and stopped watching in that process.',
        causes: ['A library in a version that behaves in a new way.', 'A fault in swarmscope.'],
        look: ['`swarmscope doctor`: which observer, and why.'],
        act: ['Report it with the output of `swarmscope doctor`. A newer version may know the library.'],
      },
    }),
    {
      name: 'SwarmStoppedReporting',
      // An end that is told ends the series at once; without one its last value stands for the five minutes that Prometheus looks back.
      expr: `count by (service_name) (${atWork} > 0 unless present_over_time(${atWork}[3m])) > 0`,
      for: '1m',
      keepFiringFor: '15m',
      severity: 'warning',
      resource: 'telemetry',
      summary: '{{ $labels.service_name }} stopped reporting while workers were at work',
      description:
        'Its last word was that workers were active, minutes ago, and none said that it ends. It was killed, or its telemetry does not get through.',
      board: BOARD,
      runbook: {
        meaning: 'A swarm that ends says so, also when it is stopped by a signal. This one fell silent in the middle of work.',
        causes: [
          'The process was killed: out of memory, SIGKILL, a machine that went down.',
          'The collector cannot be reached from that machine.',
          'It tells its metrics less often than every three minutes (OTEL_METRIC_EXPORT_INTERVAL), or the clock of its machine is minutes behind.',
        ],
        look: [
          'Telemetry pipeline: accepted by the collector. Other swarms report: it is this one.',
          'The trace of the last run: what was begun and not ended.',
        ],
        act: ['Start the swarm again; look at the kernel log for out-of-memory.'],
      },
      cases: [
        {
          title: 'silence in the middle of work',
          series: { [working]: '4x10 _x40' },
          at: '25m',
          fires: true,
        },
        { title: 'an end in the middle of work that is told', series: { [working]: '4x10 stale _x40' }, at: '25m', fires: false },
        { title: 'silence after the end', series: { [working]: '4x9 0 _x40' }, at: '15m', fires: false },
      ],
    },
    {
      name: 'MetricCardinalityLimitReached',
      expr: `count by (service_name) ({otel_metric_overflow="true"}) > 0`,
      for: '5m',
      severity: 'warning',
      resource: 'telemetry',
      summary: 'Metrics of {{ $labels.service_name }} have too many different labels',
      description: '{{ $value }} series stand for all that came after the bound: their labels are lost, their sums are right.',
      board: BOARD,
      runbook: {
        meaning: 'A name that should be one of few is different each time: a task type, a queue or a model with an id in it.',
        causes: ['Ids in names: `task-4711`, a file name as a task type.'],
        look: ['The labels of the series with `otel_metric_overflow`.'],
        act: ['Name kinds of work, and put ids into attributes of spans.'],
      },
      cases: [
        {
          title: 'a series of all the rest',
          series: { [`${SPAN_METRICS.calls.prometheus}{service_name="s",otel_metric_overflow="true"}`]: '0+1x20' },
          at: '10m',
          fires: true,
        },
        { title: 'few labels', series: { [`${SPAN_METRICS.calls.prometheus}{service_name="s"}`]: '0+1x20' }, at: '10m', fires: false },
      ],
    },
  ],
};

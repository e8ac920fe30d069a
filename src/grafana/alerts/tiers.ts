/** Alerts on collectors in two tiers: what waits for a gateway, agents that reach none, and what the choice of traces loses. Silent where there is one collector. */
import { OTELCOL, TAIL_SAMPLING } from '../pipeline-metrics.ts';
import { inRule, queries } from '../query.ts';
import type { AlertGroup } from './alert.ts';
import { BOARD, losing, lost } from './losing.ts';

const q = queries(inRule('5m'));
/** Exporters of agents: `otlp_grpc/gateways`, or `otlp_grpc/gateway_0` and so on. */
const TO_GATEWAYS = 'otlp_grpc/gateway.*';
const size = `${OTELCOL.queueSize.prometheus}{exporter=~"${TO_GATEWAYS}"}`;
const capacity = `${OTELCOL.queueCapacity.prometheus}{exporter=~"${TO_GATEWAYS}"}`;
const each = 'max by (instance, exporter, data_type)';

const queued = (exporter: string, instance = 'agent-0'): string =>
  `${OTELCOL.queueSize.prometheus}{instance="${instance}",exporter="${exporter}",data_type="traces"}`;
const bound = (exporter: string): string => `${OTELCOL.queueCapacity.prometheus}{instance="agent-0",exporter="${exporter}",data_type="traces"}`;
const sent = (exporter: string): string => `${OTELCOL.sentSpans.prometheus}{instance="agent-0",exporter="${exporter}"}`;

export const tiers: AlertGroup = {
  name: 'swarmscope-tiers',
  alerts: [
    {
      name: 'GatewayQueueFilling',
      expr: `${each} (predict_linear(${size}[15m], 3600)) > ${each} (${capacity}) and ${each} (${size}) > 0.1 * ${each} (${capacity})`,
      for: '5m',
      severity: 'warning',
      resource: 'telemetry',
      summary: 'What waits at {{ $labels.instance }} for {{ $labels.exporter }} fills its queue within the hour',
      description: 'At the pace of the last 15 minutes. Then the agent refuses what belongs to that gateway, and with it whole requests of its senders.',
      board: BOARD,
      runbook: {
        meaning:
          'A gateway is away or slow. Its share of the spans waits on the disk of this agent, and no other gateway gets it. A full queue makes the agent refuse requests; when their senders repeat them, the other gateways have their part twice.',
        causes: ['The gateway is down, or its disk is full.', 'It takes less than comes: too few gateways.', 'The network between node and gateway.'],
        look: [
          '`swarmscope doctor --stack` with the address of that gateway.',
          '`otelcol_exporter_queue_size` by instance and exporter: one exporter at all agents is its gateway; all exporters at one agent are its node.',
        ],
        act: ['Bring that gateway up: what waits is delivered then.', 'A longer queue (GATEWAY_QUEUE_BYTES) for longer outages; more gateways as docs/scale.md says.'],
      },
      cases: [
        {
          title: 'a queue that will be full in less than an hour',
          series: { [queued('otlp_grpc/gateway_0')]: '0+10x40', [bound('otlp_grpc/gateway_0')]: '600x40' },
          at: '30m',
          fires: true,
        },
        {
          title: 'a queue that grows slowly',
          series: { [queued('otlp_grpc/gateway_0')]: '100+1x40', [bound('otlp_grpc/gateway_0')]: '600x40' },
          at: '30m',
          fires: false,
        },
        {
          title: 'a queue that has only begun',
          series: { [queued('otlp_grpc/gateway_0')]: '0x28 0+50x2', [bound('otlp_grpc/gateway_0')]: '2000x40' },
          at: '30m',
          fires: false,
        },
      ],
    },
    {
      name: 'AgentWithoutGateway',
      expr: `max by (instance) (min_over_time(${size}[5m])) > 0 unless on (instance) ${q.rate(OTELCOL.sentSpans, { by: ['instance'], where: { exporter: { like: TO_GATEWAYS } } })} > 0`,
      for: '2m',
      severity: 'critical',
      resource: 'telemetry',
      summary: 'The agent {{ $labels.instance }} reaches no gateway',
      description: 'For seven minutes its spans have waited on its disk, and none was sent to any gateway.',
      board: BOARD,
      runbook: {
        meaning: 'Nothing of that node arrives. Its swarms go on; their telemetry waits on the disk of the agent, as long as its queues last.',
        causes: ['All gateways are down.', 'The name of the gateways does not resolve, or a network policy keeps the agent away.', 'A certificate that one side does not trust.'],
        look: ['Whether other agents are told of as well: then it is the gateways.', 'The log of that agent names what the connection fails of.'],
        act: ['Bring the gateways up or mend the way to them. Do not delete the agent: what it keeps in a folder of its own goes with it.'],
      },
      cases: [
        {
          title: 'every queue waits and nothing is sent',
          series: { [queued('otlp_grpc/gateway_0')]: '10+10x30', [queued('otlp_grpc/gateway_1')]: '0x30' },
          at: '20m',
          fires: true,
        },
        {
          title: 'one gateway is away and the other takes its share',
          series: { [queued('otlp_grpc/gateway_0')]: '10+10x30', [queued('otlp_grpc/gateway_1')]: '0x30', [sent('otlp_grpc/gateway_1')]: '0+100x30' },
          at: '20m',
          fires: false,
        },
        {
          title: 'another agent is cut off from the store, and is no agent',
          series: { [queued('otlp_grpc/tempo', 'gateway-0')]: '10+10x30' },
          at: '20m',
          fires: false,
        },
      ],
    },
    losing({
      name: 'KeptTracesLost',
      expr: `${lost(TAIL_SAMPLING.tooEarly)} or ${q.rate(OTELCOL.unqueuedSpans, { where: { exporter: 'otlp_grpc/kept' } })} > 0`,
      isBornLate: true,
      severity: 'warning',
      summary: 'Traces are lost to the long retention',
      description: '{{ $value | humanize }} a second: more traces than NUM_TRACES began within one DECISION_WAIT, or the queue for the long tenant is full. The short tenant has them.',
      series: `${TAIL_SAMPLING.tooEarly.prometheus}{instance="gateway-0"}`,
      runbook: {
        meaning: 'keep.yaml holds traces until it decides on them. What there is no room for goes undecided, and is missing in the tenant with long retention whatever it was.',
        causes: ['More traces than NUM_TRACES within one DECISION_WAIT.', 'Runs with a trace for each task (`--trace-scope task`): many small ones.', 'Tempo does not take the long tenant.'],
        look: [
          '`otelcol_processor_tail_sampling_sampling_traces_on_memory` beside NUM_TRACES.',
          '`otelcol_exporter_queue_size` of `otlp_grpc/kept` beside its bound.',
        ],
        act: ['Raise NUM_TRACES (about 1 kB a span that is held), shorten DECISION_WAIT, or add gateways.', 'What is missing there and still in the short tenant can be read from it until its retention ends.'],
      },
    }),
  ],
};

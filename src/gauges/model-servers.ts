/** Model servers on this machine: requests that run and wait, use of the KV cache, preemptions, models in memory; absent where there is none. */
import { ModelServers, type Server } from '../machine/model-servers/watch.ts';
import {
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_SWARMSCOPE_MODEL_SERVER_NAME,
  ATTR_SWARMSCOPE_MODEL_SERVER_REQUEST_STATE,
  METRIC_SWARMSCOPE_MODEL_SERVER_KV_CACHE_UTILIZATION,
  METRIC_SWARMSCOPE_MODEL_SERVER_MODEL_COUNT,
  METRIC_SWARMSCOPE_MODEL_SERVER_MODEL_GPU_MEMORY_USAGE,
  METRIC_SWARMSCOPE_MODEL_SERVER_PREEMPTIONS,
  METRIC_SWARMSCOPE_MODEL_SERVER_REQUEST_COUNT,
  SWARMSCOPE_MODEL_SERVER_REQUEST_STATE_VALUE_RUNNING,
  SWARMSCOPE_MODEL_SERVER_REQUEST_STATE_VALUE_WAITING,
} from '../semconv/index.ts';
import { observe, type Gauge, type Report } from './gauge.ts';

const SPECS = [
  METRIC_SWARMSCOPE_MODEL_SERVER_REQUEST_COUNT,
  METRIC_SWARMSCOPE_MODEL_SERVER_KV_CACHE_UTILIZATION,
  METRIC_SWARMSCOPE_MODEL_SERVER_PREEMPTIONS,
  METRIC_SWARMSCOPE_MODEL_SERVER_MODEL_COUNT,
  METRIC_SWARMSCOPE_MODEL_SERVER_MODEL_GPU_MEMORY_USAGE,
];

/** In `SWARMSCOPE_MODEL_SERVERS`, beside URLs. */
const AUTO = 'auto';
const OFF = 'off';

export const modelServers: Gauge = {
  name: 'model-servers',
  where: 'root',
  start({ meter, settings, now, count }) {
    const { modelServers: named, gpuIntervalMs: intervalMs } = settings;
    if (named.includes(OFF)) return () => undefined;
    const urls = named.filter((name) => name !== AUTO);
    const servers = new ModelServers({ urls, looksForOthers: named.includes(AUTO), intervalMs, now, count });
    const stopObserving = observe(meter, SPECS, (report) => {
      for (const server of servers.readings()) tell(report, server);
    });
    return () => {
      stopObserving();
      servers.stop();
    };
  },
};

function tell(report: Report, { kind, host, port, loads, loaded }: Server): void {
  const server = { [ATTR_SWARMSCOPE_MODEL_SERVER_NAME]: kind, [ATTR_SERVER_ADDRESS]: host, [ATTR_SERVER_PORT]: port };
  for (const { model, running, waiting, kvCache, preemptions } of loads) {
    const attributes = { ...server, [ATTR_GEN_AI_REQUEST_MODEL]: model };
    const states = [
      [SWARMSCOPE_MODEL_SERVER_REQUEST_STATE_VALUE_RUNNING, running],
      [SWARMSCOPE_MODEL_SERVER_REQUEST_STATE_VALUE_WAITING, waiting],
    ] as const;
    for (const [state, requests] of states)
      report(METRIC_SWARMSCOPE_MODEL_SERVER_REQUEST_COUNT, requests, {
        ...attributes,
        [ATTR_SWARMSCOPE_MODEL_SERVER_REQUEST_STATE]: state,
      });
    report(METRIC_SWARMSCOPE_MODEL_SERVER_KV_CACHE_UTILIZATION, kvCache, attributes);
    report(METRIC_SWARMSCOPE_MODEL_SERVER_PREEMPTIONS, preemptions, attributes);
  }
  report(METRIC_SWARMSCOPE_MODEL_SERVER_MODEL_COUNT, loaded?.length, server);
  for (const { model, gpuBytes } of loaded ?? [])
    report(METRIC_SWARMSCOPE_MODEL_SERVER_MODEL_GPU_MEMORY_USAGE, gpuBytes, { ...server, [ATTR_GEN_AI_REQUEST_MODEL]: model });
}

/** The settings of a process in which the app's own SDK takes our spans and nobody preloaded us. */
import type { Settings } from './index.ts';

/** Children gain nothing that needs the preload or an endpoint of ours. */
const NOT_HANDED_ON = [
  'NODE_OPTIONS',
  'SWARMSCOPE_RUN_ID',
  'SWARMSCOPE_RUN_DIR',
  'SWARMSCOPE_CLOCK',
  'SWARMSCOPE_ENDPOINT',
  'SWARMSCOPE_AGENTS',
  'SWARMSCOPE_SPAN_STARTS',
  'SWARMSCOPE_TRACE_SCOPE',
  'SWARMSCOPE_TRACEPARENT',
];

/** No export of our own; other vendors' telemetry is left as it is. */
export function aloneSettings(settings: Settings): Settings {
  return {
    ...settings,
    tracesExporter: ['none'],
    metricsExporter: ['none'],
    logsExporter: ['none'],
    agents: false,
    spanStarts: false,
    childEnvironmentOff: [...settings.childEnvironmentOff, ...NOT_HANDED_ON],
  };
}

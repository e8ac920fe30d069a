/** A program that tells an event of every kind, with every field, in a task that was estimated, and that changes policies. */
import { api } from '../../e2e/programs.ts';
import type { FedProgram } from './programs.ts';

export const KINDS =
  'agent.invoked agent.completed agent.failed agent.timeout agent.handoff tool.used tool.error tool.quota_exceeded session.token_warning ' +
  'session.handoff_required context.warning cost.recorded approval.required approval.granted approval.denied decision.made ' +
  'validation.completed task.stage_changed';

const text = `
const { changePolicies, emit, optimization, profiler, rollBackPolicies, snapshot, withTask } = require(${api});
const more = { agent: 'a', tool: 't', from: 'a', to: 'b', stage: 'build', previousStage: 'plan', outcome: 'done', reason: 'policy', tokens: 9, limit: 10, usd: 0.5, data: { n: 1 } };
const estimate = { wallClockSeconds: 9, cpuTimeSeconds: 1, peakMemoryBytes: 1e9 };
withTask({ type: 'implement', id: 't-1', estimate }, () => {
  profiler.recordToolUsage('t-1', 'w-1', ['read', 'write'], { read: 1 });
  profiler.recordParallelismSnapshot(2, { 'w-1': ['t-1'] }, 1, 0);
  optimization({ optimizer: 'trim-history', tokensBefore: 9, tokensAfter: 4, reason: 'nearly_full' });
  snapshot('s', { n: 1, f: () => 1 });
  for (const kind of ${JSON.stringify(KINDS)}.split(' ')) emit({ kind, ...more });
  for (const outcome of ['allow', 'deny', 'require_approval']) emit({ kind: 'policy.decision.made', policy: 'guard', version: '3', outcome });
  void changePolicies({ sampling: 1, budgetThresholds: [10] });
  void changePolicies({ sampling: 2 });
  void rollBackPolicies(0);
});
`;

export const telling: FedProgram = {
  title: 'events',
  way: 'with the preload alone',
  options: {
    files: { 'main.cjs': text, 'swarmscope.config.json': '{"policies":{"sampling":1}}' },
    env: { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' },
  },
};

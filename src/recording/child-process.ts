/** A child process: `cli.client` span; an agent CLI gets `invoke_agent` above it. */
import { SpanKind } from '@opentelemetry/api';
import { ATTR_PROCESS_EXECUTABLE_NAME, ATTR_PROCESS_PID } from '../semconv/index.ts';
import { startAgent } from './agent.ts';
import type { Core } from './core.ts';
import { rollUp } from './rollup.ts';
import type { Activity, ChildProcessStart } from './types.ts';

export function startChildProcess(core: Core, start: ChildProcessStart): Activity {
  const { startTime, frame } = start;
  const known = start.agentName === undefined ? undefined : (frame ?? core.frames.current())?.agent?.process;
  const process = known?.isStarted === false ? known : undefined;
  if (process !== undefined) {
    process.isStarted = true;
    process.isNode = start.isNode === true;
  }
  const agentName = process === undefined ? start.agentName : undefined;
  const agent = agentName === undefined ? undefined : startAgent(core, { name: agentName, startTime, frame, isElsewhere: true });
  const act = agent === undefined ? core.askedTools.act(frame, 'work', startTime) : undefined;
  const parent = agent?.frame ?? act?.frame;
  rollUp(parent?.task, (rollup) => {
    rollup.isPartial = true;
  });
  return core.start({
    name: start.executable,
    kind: SpanKind.CLIENT,
    isFramework: true,
    startTime,
    parent,
    attributes: { ...start.attributes, [ATTR_PROCESS_EXECUTABLE_NAME]: start.executable, [ATTR_PROCESS_PID]: start.pid },
    onEnd(end) {
      act?.ended(end.endTime);
      agent?.end({ endTime: end.endTime, errorType: end.errorType });
      process?.ended({ endTime: end.endTime, errorType: end.errorType });
      return undefined;
    },
  });
}

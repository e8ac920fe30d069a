/** Wraps `run` of networks and of agents, and the handler of each tool that an agent has when it runs. */
import { wrapMethod } from '../../hooks/wrap-method.ts';
import type { Activity, Recorder } from '../../recording/types.ts';
import type { ObserverContext } from '../observer.ts';
import { OffSwitch } from '../off-switch.ts';
import { runUntilSettled } from '../until-settled.ts';

const NAME = 'agent-kit';

export function watch(context: ObserverContext) {
  const gate = new OffSwitch(NAME, context);

  const watchRun = (exported: unknown, start: (recorder: Recorder, name: string, self: unknown) => Activity): void => {
    const prototype = (exported as { prototype?: { run?: unknown } } | undefined)?.prototype;
    if (typeof prototype?.run !== 'function') return gate.off('this version has no run');
    wrapMethod(prototype, 'run', (method, self, args) => {
      const run = (): unknown => Reflect.apply(method, self, args);
      const recorder = context.recorder();
      const activity = recorder === undefined ? undefined : gate.safely(() => start(recorder, nameOf(self), self));
      return recorder === undefined || activity === undefined ? run() : runUntilSettled(recorder, [activity], run);
    });
  };

  const known = new WeakSet<object>();
  const watchTool = (tool: unknown): void => {
    if (typeof tool !== 'object' || tool === null || known.has(tool)) return;
    known.add(tool);
    wrapMethod(tool, 'handler', (handler, self, args) => {
      const run = (): unknown => Reflect.apply(handler, self, args);
      const recorder = context.recorder();
      const start = { name: nameOf(tool), toolType: 'function', arguments: args[0] };
      const activity = gate.safely(() => recorder?.startTool(start));
      return recorder === undefined || activity === undefined ? run() : runUntilSettled(recorder, [activity], run);
    });
  };

  return {
    Agent: (exported: unknown): void =>
      watchRun(exported, (recorder, name, agent) => {
        const { tools } = agent as { tools?: unknown };
        if (tools instanceof Map) for (const tool of tools.values()) watchTool(tool);
        return recorder.startAgent(name);
      }),
    Network: (exported: unknown): void => watchRun(exported, (recorder, name) => recorder.startWorkflow(name)),
  };
}

function nameOf(self: unknown): string {
  const { name } = self as { name?: unknown };
  return typeof name === 'string' && name !== '' ? name : NAME;
}

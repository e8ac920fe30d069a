/** Wraps the methods by which a team begins and an agent works on a task; what they return stays as it is. */
import { wrapMethod } from '../../hooks/wrap-method.ts';
import type { Activity, Frame, Recorder } from '../../recording/types.ts';

import type { ObserverContext } from '../observer.ts';
import { OffSwitch } from '../off-switch.ts';
import { runUntilSettled } from '../until-settled.ts';

const NAME = 'kaibanjs';
/** Stands in for the name of a team, an agent or a task without one. */
const NAMELESS = 'kaibanjs';
/** Each of them goes on with the same task: for the first time, after a pause, after a person has said what to change. */
const WORK = ['workOnTask', 'workOnTaskResume', 'workOnFeedback'];

export function watch(context: ObserverContext) {
  const gate = new OffSwitch(NAME, context);
  /** The workflow that an agent was last given: a task begins where the one before it ended, which is not above it. */
  const workflows = new WeakMap<object, Frame>();

  const methodsOf = (exported: unknown, names: readonly string[]): object | undefined => {
    const prototype = (exported as { prototype?: object } | undefined)?.prototype;
    if (prototype !== undefined && typeof Reflect.get(prototype, names[0] ?? '') === 'function') return prototype;
    gate.off(`this version has no ${names[0] ?? ''}`);
    return undefined;
  };

  return {
    Team(exported: unknown): void {
      const prototype = methodsOf(exported, ['start']);
      if (prototype === undefined) return;
      wrapMethod(prototype, 'start', (start, self, args) => {
        const run = (): unknown => Reflect.apply(start, self, args);
        const recorder = context.recorder();
        const activity = recorder === undefined ? undefined : gate.safely(() => beginTeam(recorder, self));
        if (activity === undefined || recorder === undefined) return run();
        return runUntilSettled(recorder, [activity], run);
      });
    },
    Agent(exported: unknown): void {
      const prototype = methodsOf(exported, WORK);
      if (prototype === undefined) return;
      for (const name of WORK) {
        wrapMethod(prototype, name, (work, self, args) => {
          const run = (): unknown => Reflect.apply(work, self, args);
          const recorder = context.recorder();
          const begun = recorder === undefined ? undefined : gate.safely(() => begin(recorder, self, args[0]));
          return recorder === undefined || begun === undefined ? run() : runUntilSettled(recorder, begun, run);
        });
      }
    },
  };

  function beginTeam(recorder: Recorder, team: unknown): Activity {
    const state = (team as { store?: { getState?: () => unknown } }).store?.getState?.();
    const activity = recorder.startWorkflow(textOf(state, 'name'));
    const { agents } = (state ?? {}) as { agents?: unknown };
    if (Array.isArray(agents)) for (const agent of agents as object[]) workflows.set(agent, activity.frame);
    return activity;
  }

  function begin(recorder: Recorder, agent: unknown, task: unknown): Activity[] {
    const workflow = workflows.get(agent as object);
    const type = textOf(task, 'title', textOf(agent, 'name'));
    const open = (): Activity[] => {
      const started = recorder.startTask({ type }, type);
      return [started, recorder.within(started.frame, () => recorder.startAgent(textOf(agent, 'name')))];
    };
    return workflow === undefined ? open() : recorder.within(workflow, open);
  }
}

function textOf(of: unknown, member: string, otherwise = NAMELESS): string {
  const value = (of as Readonly<Record<string, unknown>> | undefined)?.[member];
  return typeof value === 'string' && value !== '' ? value : otherwise;
}

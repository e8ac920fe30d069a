/** Wraps `run` of each workflow that `createWorkflow` makes, of which chains make use as well. */
import { likeFunction, wrapMethod } from '../../hooks/wrap-method.ts';
import type { ObserverContext } from '../observer.ts';
import { OffSwitch } from '../off-switch.ts';
import { runUntilSettled } from '../until-settled.ts';

const NAME = 'voltagent';

type Factory = (...args: unknown[]) => unknown;

/** In the place of the library's function. undefined for what is none. */
export function watchedFactory(context: ObserverContext, given: unknown): unknown {
  if (typeof given !== 'function') return undefined;
  const original = given as Factory;
  const gate = new OffSwitch(NAME, context);
  return likeFunction(original, (...args: unknown[]) => {
    const workflow = original(...args);
    gate.safely(() => watchRun(workflow as object));
    return workflow;
  });

  function watchRun(workflow: object): void {
    wrapMethod(workflow, 'run', (method, self, args) => {
      const run = (): unknown => Reflect.apply(method, self, args);
      const recorder = context.recorder();
      const activity = gate.safely(() => recorder?.startWorkflow(nameOf(workflow)));
      return recorder === undefined || activity === undefined ? run() : runUntilSettled(recorder, [activity], run);
    });
  }
}

function nameOf(workflow: object): string {
  const { name, id } = workflow as { name?: unknown; id?: unknown };
  return [name, id].find((each): each is string => typeof each === 'string' && each !== '') ?? NAME;
}

/** What AI SDK 7 publishes, and what the versions before tell a tracer, as agents and tools. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { likeFunction, wrapMethod } from '../../hooks/wrap-method.ts';
import type { Frame } from '../../recording/types.ts';
import type { ObserverContext } from '../observer.ts';
import { OffSwitch } from '../off-switch.ts';
import { Messages } from './messages.ts';
import { tracerFor } from './tracer.ts';

const NAME = 'ai-sdk';

type Options = Readonly<Record<string, unknown>>;
type Telemetry = Readonly<Record<string, unknown>> | undefined;

export function watch(context: ObserverContext, places: AsyncLocalStorage<Frame | undefined>) {
  const gate = new OffSwitch(NAME, context);
  /** The id of the agent whose method runs: taken by the first loop in it, which is its own. */
  const agents = new AsyncLocalStorage<{ id: string | undefined }>();
  const takeAgent = (): string | undefined => {
    const agent = agents.getStore();
    const id = agent?.id;
    if (agent !== undefined) agent.id = undefined;
    return id;
  };
  const messages = new Messages({ recorder: () => context.recorder(), places, takeAgent });

  context.recorder()?.followContext(() => places.getStore());

  return {
    /** The frame of what runs in it. */
    started: (message: unknown): Frame | undefined => gate.safely(() => messages.start(message)) ?? places.getStore(),
    ended: (message: unknown): void => void gate.safely(() => messages.end(message)),
    /** Versions 5 and 6 have a tracer among their options; what the app has set itself is left as it is. */
    operation(exported: unknown): unknown {
      if (typeof exported !== 'function' || !String(exported).includes('experimental_telemetry: telemetry')) return undefined;
      const original = exported as (...args: unknown[]) => unknown;
      return likeFunction(original, (...args: unknown[]) => original(...(gate.safely(() => withTracer(args, original.name)) ?? args)));
    },
    agentClass(exported: unknown, methods: readonly string[] = ['generate', 'stream']): void {
      const prototype = (exported as { prototype?: object } | undefined)?.prototype;
      if (prototype === undefined) return;
      for (const name of methods) {
        wrapMethod(prototype, name, (method, self, args) => {
          const id = gate.safely(() => agentIdOf(self));
          return agents.run({ id }, () => Reflect.apply(method, self, args));
        });
      }
    },
  };

  function withTracer(args: unknown[], operation: string): unknown[] {
    const [options, ...rest] = args as [Options, ...unknown[]];
    const given = options['experimental_telemetry'] as Telemetry;
    const recorder = context.recorder();
    if (recorder === undefined || given?.['isEnabled'] !== undefined) return args;
    const name = takeAgent() ?? given?.['functionId'] ?? (hasTools(options) ? operation : undefined);
    const tracer = tracerFor(recorder, { name: typeof name === 'string' ? name : undefined, gate });
    return [
      { ...options, experimental_telemetry: { recordInputs: false, recordOutputs: false, ...given, isEnabled: true, tracer } },
      ...rest,
    ];
  }
}

function hasTools({ tools }: Options): boolean {
  return typeof tools === 'object' && tools !== null && Object.keys(tools).length > 0;
}

function agentIdOf(self: unknown): string | undefined {
  const { id, name, settings } = self as { id?: unknown; name?: unknown; settings?: { id?: unknown; name?: unknown } };
  const found = settings === undefined ? (name ?? id) : (id ?? settings.id ?? settings.name);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** Stands in for `query`: an agent from the call to the end of its process and of its messages. The query stays what it is. */
import { startedWith } from '../../config/started-with.ts';
import { likeFunction, wrapMethod } from '../../hooks/wrap-method.ts';
import type { Activity, Recorder } from '../../recording/types.ts';
import { errorTypeOf } from '../../semconv/error-type.ts';
import type { ObserverContext } from '../observer.ts';
import { OffSwitch } from '../off-switch.ts';
import { Messages } from './messages.ts';
import { QueryEnd } from './query-end.ts';

const NAME = 'claude-agent-sdk';
/** The agent of a session that names none. */
const MAIN_AGENT = 'claude';
const TELEMETRY = 'CLAUDE_CODE_ENABLE_TELEMETRY';

type Query = (...args: unknown[]) => unknown;

interface Options {
  readonly agent?: unknown;
  readonly env?: Readonly<Record<string, unknown>>;
}

/** In the place of the SDK's function. undefined for what is none. */
export function watchedQuery(context: ObserverContext, given: unknown): unknown {
  if (typeof given !== 'function') return undefined;
  const original = given as Query;
  const gate = new OffSwitch(NAME, context);
  return likeFunction(original, (...args: unknown[]) => {
    const recorder = context.recorder();
    const started = recorder === undefined ? undefined : gate.safely(() => start(context, recorder, args));
    if (recorder === undefined || started === undefined) return original(...args);
    const { activity, messages, end } = started;
    let query: unknown;
    try {
      // Its process, and what the program does for it (hooks, permissions, tools of its own), start here.
      query = recorder.within(activity.frame, () => original(...args));
    } catch (error) {
      activity.end({ errorType: errorTypeOf(error) });
      throw error;
    }
    gate.safely(() => followMessages(query, { gate, messages, end }));
    return query;
  });
}

interface Started {
  readonly activity: Activity;
  readonly messages: Messages;
  readonly end: QueryEnd;
}

function start({ settings }: ObserverContext, recorder: Recorder, [parameters]: unknown[]): Started {
  const { agent, env } = (parameters as { options?: Options } | undefined)?.options ?? {};
  const name = typeof agent === 'string' && agent !== '' ? agent : MAIN_AGENT;
  // Else its telemetry tells its tools and sub-agents.
  const isSilent = !settings.agents && !isSet((env ?? startedWith)[TELEMETRY]);
  const end = new QueryEnd();
  const activity = recorder.startAgent(name, undefined, end.process);
  const messages = new Messages({ recorder, activity, isSilent, process: end.process });
  end.onEnd = (result) => {
    messages.close();
    activity.end({ ...result, errorType: messages.errorType ?? result.errorType });
  };
  return { activity, messages, end };
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}

/** The generator behind the query is what `for await` and its own `next` both read. */
function followMessages(query: unknown, { gate, messages, end }: { gate: OffSwitch } & Omit<Started, 'activity'>): void {
  const reader = (query as AsyncIterable<unknown>)[Symbol.asyncIterator]() as object;
  wrapMethod(reader, 'next', (next, self, args) => {
    end.isRead = true;
    const step = Reflect.apply(next, self, args);
    if (!(step instanceof Promise)) return step;
    return step.then(
      (result: unknown) => {
        const { done, value } = result as IteratorResult<unknown, unknown>;
        gate.safely(() => (done === true ? end.finished() : messages.read(value)));
        return result;
      },
      (error: unknown) => {
        gate.safely(() => end.finished(errorTypeOf(error)));
        throw error;
      },
    );
  });
  for (const [target, name] of [
    [reader, 'return'],
    [reader, 'throw'],
    [query as object, 'close'],
  ] as const) {
    wrapMethod(target, name, (method, self, args) => {
      gate.safely(() => end.finished());
      return Reflect.apply(method, self, args);
    });
  }
}

/** Where a task hangs, told to the thread or process that works on it in a member of the pool's own message. */
import type { ObserverContext } from './observer.ts';

/** Pools read the members that they know, and hand none of the others to the app. */
const KEY = 'swarmscope.carrier.1';

export type Carrier = Readonly<Record<string, string>>;

/** A copy of `message` that tells the carrier; `message` itself where there is none. */
export function withCarrier(message: unknown, carrier: Carrier | undefined): unknown {
  if (typeof message !== 'object' || message === null || carrier?.['TRACEPARENT'] === undefined) return message;
  return { ...message, [KEY]: carrier };
}

/** Runs `fn` below what one of `messages` tells of; where none does, as it is. */
export function runCarried<T>(context: ObserverContext, messages: readonly unknown[], fn: () => T): T {
  const carrier = messages.map(carrierIn).find((each) => each !== undefined);
  const recorder = carrier === undefined ? undefined : context.recorder();
  const frame = carrier === undefined ? undefined : recorder?.frameOfCarrier(carrier);
  return recorder === undefined || frame === undefined ? fn() : recorder.within(frame, fn);
}

function carrierIn(message: unknown): Carrier | undefined {
  const carrier: unknown = typeof message === 'object' && message !== null ? Reflect.get(message, KEY) : undefined;
  return typeof carrier === 'object' && carrier !== null ? (carrier as Carrier) : undefined;
}

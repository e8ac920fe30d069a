// What tests use to run real programs against real servers. Decoding what a sink received is in received.ts.
export { closeAtEnd } from './close-at-end.ts';
export { ensureBuilt, requireBuilt } from './ensure-built.ts';
export { outline } from './outline.ts';
export { expectTrace, printSpan, type ExpectedSpan, type ExpectedValue } from './expect-trace.ts';
export { fakeClock, setClock } from './fake-clock.ts';
export { everyMisbehaviour, startMisbehaving, type Misbehaving, type Misbehaviour } from './misbehaving.ts';
export { startModels, type Models } from './models.ts';
export { missingNeed, testWith, type NeedName } from './needs.ts';
export { commandFile, dist, preloadFile, repository } from './paths.ts';
export {
  freshFolder,
  runProgram,
  startProgram,
  type Preload,
  type ProgramOptions,
  type ProgramResult,
  type RunningProgram,
} from './run-program.ts';
export { startRedis, type Redis } from './redis.ts';
export { startSink, type Sink, type SinkBehaviour, type SinkRequest } from './sink.ts';
export { expectSame, runTwice, type Twice, type TwiceOptions } from './twice.ts';
export { INHERITED_OPTION, outsideTrace, toldIn } from './inherited.ts';

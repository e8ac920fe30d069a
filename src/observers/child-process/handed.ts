/** What one launch is handed: the variables that it gains, as far as they fit and its Node can bear them. */
import type { Settings } from '../../config/settings/index.ts';
import { startedWith } from '../../config/started-with.ts';
import type { ChildLaunch } from '../../hooks/child-process/index.ts';
import { programName, type Classified } from '../../programs/classify.ts';
import { optionsOfEnvFile } from './env-file.ts';
import { thatFit } from './environment-room.ts';
import { childEnvironment } from './environment.ts';
import { preloadOption } from './inherited-preload.ts';
import { oldNodeOf } from './old-node.ts';
import type { PreloadCopy } from './preload-copy.ts';

export interface HandingOn {
  readonly copy: PreloadCopy | undefined;
  readonly carrier: Readonly<Record<string, string>>;
  readonly run: Readonly<Record<string, string>>;
  readonly agentName: string | undefined;
  readonly isInTask?: boolean;
  readonly settings: Settings;
}

export interface Handed {
  readonly environment: Readonly<Record<string, string>>;
  /** Its NODE_OPTIONS lead to the preload. */
  readonly isPreloaded: boolean;
  /** Some of it did not fit beside what the child has. */
  readonly isCut: boolean;
  /** The version of the Node that it runs, where that is too old for the preload. */
  readonly oldNode: string | undefined;
}

export function environmentOf(launch: ChildLaunch, { copy, run, ...more }: HandingOn): Handed {
  const preload = copy === undefined ? undefined : optionOf(copy, run['SWARMSCOPE_RUN_DIR'] ?? '');
  const oldNode = oldNodeOf(launch);
  const wanted = childEnvironment({
    theirs: launch.environment,
    started: startedWith,
    run,
    preload,
    isOldNode: oldNode !== undefined,
    envFileOptions: optionsOfEnvFile(launch, isNode(launch)),
    ...more,
  });
  const environment = thatFit(wanted, { environment: launch.environment, words: [launch.file, ...launch.args] });
  const options = environment['NODE_OPTIONS'] ?? launch.environment['NODE_OPTIONS'] ?? '';
  return {
    environment,
    isPreloaded: preload !== undefined && options.includes(preload),
    isCut: Object.keys(environment).length < Object.keys(wanted).length,
    oldNode,
  };
}

/** What works behind shells and wrappers is one Node. */
export function isNodeProgram({ executable }: Pick<Classified, 'executable'>): boolean {
  return /^node(?:js)?$/.test(executable);
}

/** The launch is that of Node itself, and not of a shell or wrapper around it. */
export function isNode({ file }: Pick<ChildLaunch, 'file'>): boolean {
  return isNodeProgram({ executable: programName(file) });
}

const options = new Map<string, string>();

/** It is made once for the folder of the run: to encode it takes longer than all else about a launch. */
function optionOf(copy: PreloadCopy, runFolder: string): string {
  let option = options.get(runFolder);
  if (option === undefined) options.set(runFolder, (option = preloadOption(copy, runFolder)));
  return option;
}

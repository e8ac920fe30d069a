/** Turns a git command and its helpers into an operation, which carries names and no path, argument or message. */
import { basename, resolve } from 'node:path';
import type { GitOperation } from '../../recording/types.ts';
import type { Attributes } from '../../semconv/telemetry.ts';
import {
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_PROCESS_EXECUTABLE_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_SWARMSCOPE_GIT_CONFLICT_COUNT,
  ATTR_SWARMSCOPE_GIT_MERGE_RESULT,
  ATTR_SWARMSCOPE_GIT_OPERATION_NAME,
  ATTR_SWARMSCOPE_GIT_REMOTE_NAME,
  ATTR_SWARMSCOPE_GIT_WORKTREE_NAME,
  ATTR_VCS_REF_BASE_NAME,
  ATTR_VCS_REF_HEAD_NAME,
  ATTR_VCS_REPOSITORY_NAME,
} from '../../semconv/index.ts';
import type { SettledCommand } from './command-tree.ts';
import { operationValue, parseArguments, type ParsedArguments } from './operations.ts';
import { gitErrorType } from './outcome.ts';
import { refusalsIn, type ConflictWatch } from './conflicts.ts';
import type { LockWatch } from './locks.ts';
import type { ReadRepository, RepositoryFacts } from './repository.ts';

export interface GitFacts {
  readonly repository: ReadRepository;
  readonly conflictOf: ConflictWatch['conflictOf'];
  readonly isLocked: LockWatch['isLocked'];
}

export function toOperation({ command, helpers }: SettledCommand, facts: GitFacts): GitOperation {
  const parsed = describe({ command, helpers });
  const { operation } = parsed;
  const startTime = command.startTime ?? 0;
  const endTime = startTime + (command.elapsedMs ?? Math.max(0, (command.lastTime ?? startTime) - startTime));
  const conflict = facts.conflictOf({ command, helpers });
  // What a helper survived did not end its command.
  const failed = [command, ...helpers.filter(({ exitCode, name }) => exitCode !== 0 && !upkeep.has(name ?? ''))];
  const errorType = gitErrorType({
    ...parsed,
    exitCode: command.exitCode,
    signal: command.signal,
    errors: failed.flatMap(({ errors }) => errors),
    isConflict: conflict !== undefined,
    isLocked: facts.isLocked({ command, helpers: failed }),
    isHookFailed: [command, ...helpers].flatMap(refusalsIn).some(({ childClass }) => childClass === 'hook'),
    hasSent: helpers.some(({ name }) => name === 'pack-objects'),
  });
  const worktree = command.worktree ?? helpers.find((helper) => helper.worktree !== undefined)?.worktree;
  const conflictCount = conflict?.count;
  return {
    operation,
    startTime,
    endTime,
    pid: command.pid,
    exitCode: command.exitCode,
    errorType,
    traceparent:
      command.environment['TRACEPARENT'] ??
      helpers.find((helper) => helper.environment['TRACEPARENT'] !== undefined)?.environment['TRACEPARENT'],
    conflictCount,
    attributes: {
      [ATTR_PROCESS_EXECUTABLE_NAME]: 'git',
      [ATTR_SWARMSCOPE_GIT_OPERATION_NAME]: operationValue(operation),
      ...places(parsed, worktree === undefined ? undefined : facts.repository(worktree), worktree),
      ...remote(parsed),
      ...agentIn([command, ...helpers]),
      [ATTR_SWARMSCOPE_GIT_MERGE_RESULT]: conflict === undefined ? mergeResult(parsed, command) : 'conflict',
      [ATTR_SWARMSCOPE_GIT_CONFLICT_COUNT]: conflictCount,
    },
  };
}

/** The session of the agent that ran it, and for Codex the call of its tool: so git belongs to an agent that hands on no place. */
function agentIn(commands: readonly { readonly environment: Readonly<Record<string, string>> }[]): Attributes {
  const first = (...variables: readonly string[]): string | undefined => {
    const found = commands.flatMap(({ environment }) => variables.map((variable) => environment[variable] ?? ''));
    return found.find((id) => /^[\w.:-]{1,128}$/.test(id));
  };
  return {
    // Codex within Claude inherits both.
    [ATTR_GEN_AI_CONVERSATION_ID]: first('CODEX_THREAD_ID', 'CLAUDE_CODE_SESSION_ID'),
    [ATTR_GEN_AI_TOOL_CALL_ID]: first('CODEX_TOOL_CALL_ID'),
  };
}

/** What git does after a command, whose end says nothing about it. */
const upkeep: ReadonlySet<string> = new Set(['maintenance', 'gc']);

/** An alias is the command that it stands for. A shell alias is `alias`: the git commands in it report themselves. */
function describe({ command, helpers }: SettledCommand): ParsedArguments {
  if (command.isShellAlias) return { operation: 'alias', positionals: [], options: new Map() };
  if (command.aliasArgv === undefined) return parseArguments(command.argv, command.name);
  const target = helpers.find((helper) => helper.name !== undefined && helper.parentSid === command.sid);
  return target === undefined ? parseArguments(command.aliasArgv) : parseArguments(target.argv, target.name);
}

function mergeResult({ operation, options }: ParsedArguments, command: SettledCommand['command']): string | undefined {
  if (operation !== 'merge' || command.exitCode !== 0 || options.has('--abort') || options.has('--quit')) return undefined;
  if (command.didMerge) return 'merged';
  return command.didUnpack ? 'fast_forward' : 'up_to_date';
}

/** `text` if it is a short name, without anything that could be a URL, an absolute path or a control character. */
function name(text: string | undefined): string | undefined {
  return text !== undefined && /^[\w@+#=][\w@+#=./-]{0,199}$/.test(text) && !/@\{|^[0-9a-f]{40}/.test(text) ? text : undefined;
}

function places(
  { operation, positionals, options }: ParsedArguments,
  facts: RepositoryFacts | undefined,
  worktree: string | undefined,
): Attributes {
  const target = operation === 'worktree add' || operation === 'worktree remove' ? positionals[0] : undefined;
  const created = options.get('-b') ?? options.get('-B') ?? options.get('-c') ?? options.get('-C') ?? options.get('--create');
  const isBranching = operation === 'checkout' || operation === 'switch' || operation === 'worktree add';
  // `worktree add path` without a branch creates one that is called like the folder.
  const added = operation === 'worktree add' ? (created ?? positionals[1] ?? basename(target ?? '')) : undefined;
  const based =
    operation === 'merge' || operation === 'rebase' || operation === 'cherry-pick'
      ? positionals[0]
      : operation === 'worktree add' && created !== undefined
        ? positionals[1]
        : undefined;
  return {
    [ATTR_VCS_REPOSITORY_NAME]: facts?.name,
    [ATTR_SWARMSCOPE_GIT_WORKTREE_NAME]:
      target !== undefined ? basename(resolve(target)) : worktree === undefined ? undefined : basename(worktree),
    [ATTR_VCS_REF_HEAD_NAME]:
      operation === 'worktree remove'
        ? undefined
        : (name(added) ?? (isBranching ? name(created) : undefined) ?? (operation === 'worktree add' ? undefined : facts?.branch)),
    [ATTR_VCS_REF_BASE_NAME]: name(based),
  };
}

const remoteOperations = new Set([
  'clone',
  'fetch',
  'pull',
  'push',
  'ls-remote',
  'remote add',
  'remote set-url',
  'remote update',
  'submodule add',
]);

/** The remote by its name or by the host of its URL, never by the credentials or the path in it. */
function remote({ operation, positionals, options }: ParsedArguments): Attributes {
  if (!remoteOperations.has(operation)) return {};
  const url = positionals.find((word) => /^(https?|ssh|git|ftps?):\/\//.test(word));
  const first = operation === 'clone' ? (options.get('--origin') ?? options.get('-o')) : positionals[0];
  const server = url !== undefined && URL.canParse(url) ? new URL(url) : undefined;
  return {
    [ATTR_SWARMSCOPE_GIT_REMOTE_NAME]: first !== undefined && /^[A-Za-z0-9_][\w.-]{0,99}$/.test(first) ? first : undefined,
    [ATTR_SERVER_ADDRESS]: server?.hostname === '' ? undefined : server?.hostname,
    [ATTR_SERVER_PORT]: server === undefined || server.port === '' ? undefined : Number(server.port),
  };
}

/** The tree of git processes: commands that somebody ran come out, with git's own helpers merged into them. */
import { housekeeping, isUserChild } from './operations.ts';
import type { GitCommand } from './trace2-parser.ts';

export interface SettledCommand {
  command: GitCommand;
  /** The helpers that git started under it, in the order in which they were first seen. */
  helpers: readonly GitCommand[];
}

export interface CommandTree {
  add(command: GitCommand): void;
  /** Commands that ended since the last call, in order of their start. */
  settle(): SettledCommand[];
  /** Commands that are running and were not returned by an earlier call. */
  started(): GitCommand[];
  /** Helpers merged into their commands so far. */
  readonly folded: number;
  /** Processes that have not ended. */
  readonly running: number;
  /** Processes forgotten because too many were open. */
  readonly dropped: number;
}

/** Git processes kept open at a time, of some hundred bytes. Protects memory from processes whose end is never seen. */
const maxOpen = 20_000;

export function createCommandTree(): CommandTree {
  const open = new Set<GitCommand>();
  const bySid = new Map<string, GitCommand>();
  const helpersOf = new Map<GitCommand, GitCommand[]>();
  const announced = new WeakSet<GitCommand>();
  let folded = 0;
  let dropped = 0;

  /** The command above this process that somebody ran; undefined for housekeeping whose parent is no longer known. */
  function ownerOf(command: GitCommand): GitCommand | undefined {
    let at = command;
    // A session id names all ancestors, so that its length bounds the depth.
    for (let depth = 0; depth < 50; depth += 1) {
      if (at.parentSid === undefined) return at;
      const parent = bySid.get(at.parentSid);
      if (parent === undefined)
        return housekeeping.has(at.name ?? '') || /^git-remote-|[/\\]git-core[/\\]/.test(at.argv[0] ?? '') ? undefined : at;
      if (isUsers(parent, at)) return at;
      at = parent;
    }
    return undefined;
  }

  function index(): void {
    for (const command of open) if (command.sid !== '') bySid.set(command.sid, command);
  }

  return {
    get folded() {
      return folded;
    },
    get running() {
      return open.size;
    },
    get dropped() {
      return dropped;
    },
    add(command) {
      if (open.size >= maxOpen) dropped += 1;
      else open.add(command);
    },
    settle() {
      index();
      const done: GitCommand[] = [];
      for (const command of open) {
        if (!command.isEnded) continue;
        if (command.sid === '' || command.startTime === undefined) {
          open.delete(command);
          continue;
        }
        const owner = ownerOf(command);
        if (owner === command) done.push(command);
        else {
          folded += 1;
          open.delete(command);
          if (owner !== undefined && open.has(owner)) helpersOf.set(owner, keep(helpersOf.get(owner) ?? [], command));
        }
      }
      const settled = done.map((command) => ({ command, helpers: helpersOf.get(command) ?? [] }));
      for (const command of done) open.delete(command);
      forget();
      return settled.sort((a, b) => (a.command.startTime ?? 0) - (b.command.startTime ?? 0));
    },
    started() {
      index();
      const running = [...open].filter(
        (command) =>
          !command.isEnded &&
          !announced.has(command) &&
          command.name !== undefined &&
          command.startTime !== undefined &&
          ownerOf(command) === command,
      );
      for (const command of running) announced.add(command);
      return running;
    },
  };

  /** A parent is remembered as long as any process of its tree is open, since more children may come. */
  function forget(): void {
    const living = new Set<string>();
    for (const { sid } of open) living.add(sid.split('/')[0] as string);
    for (const [sid, command] of bySid) {
      if (living.has(sid.split('/')[0] as string)) continue;
      bySid.delete(sid);
      helpersOf.delete(command);
    }
  }
}

/** Helpers kept of one command: the failed ones say why it failed. */
const maxHelpers = 32;

function keep(helpers: GitCommand[], helper: GitCommand): GitCommand[] {
  const kept = [...helpers, helper];
  if (kept.length > maxHelpers)
    kept.splice(
      Math.max(
        0,
        kept.findIndex(({ exitCode }) => exitCode === 0),
      ),
      1,
    );
  return kept;
}

/** A child is the user's own when it began while its parent ran a hook, a shell alias, an editor or a text of the user. */
function isUsers(parent: GitCommand, child: GitCommand): boolean {
  const time = child.startTime ?? 0;
  return parent.children.some((each) => isUserChild(parent, each) && each.startTime <= time && time <= (each.endTime ?? Infinity));
}

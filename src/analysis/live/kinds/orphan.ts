/** Processes that go on after the agent, or the program, that started them has ended. */
import { duration } from '../../numbers.ts';
import type { LiveRule } from '../detector.ts';
import type { Claim, LeftProcess } from '../types.ts';

/** Programs that stay on purpose, for whoever comes next. */
const STAYS =
  /^(?:gpg-agent|ssh-agent|dbus-daemon|watchman|tmux|screen|docker.*|containerd.*|podman|adb|java|bazel|buck2?|sccache|ccache|git|fsmonitor.*|nix-daemon|turbo|nx|ollama)$/i;

export const orphan: LiveRule = {
  kind: 'orphan',
  watch: ({ value: threshold }) => ({
    claims: ({ nowMs, around }) =>
      around.left
        .filter((left) => isOrphan(left) && nowMs - left.starterEndMs >= threshold)
        .map(({ pid, startMs, executable, agentName, starter, starterEndMs, place }): Claim => {
          const ms = nowMs - starterEndMs;
          return {
            id: `orphan:${pid}/${Math.round(startMs)}`,
            text: `${agentName ?? executable} (process ${pid}) goes on ${duration(ms)} after ${starter}, which started it, has ended`,
            action: `End process ${pid} if nobody needs it: an agent goes on spending.`,
            sinceMs: starterEndMs,
            value: ms,
            threshold,
            where: { agent: agentName, pid },
            evidence: place === undefined ? [] : [place],
          };
        }),
  }),
};

/** Any other program may leave servers behind on purpose; an agent that nobody waits for is none. */
function isOrphan({ agentName, executable, isStarterAgent }: LeftProcess): boolean {
  return agentName !== undefined || (isStarterAgent && !STAYS.test(executable));
}

/** Alerts on agents as processes: those that give no sign. */
import * as names from '../../semconv/index.ts';
import { inRule, queries } from '../query.ts';
import type { AlertGroup } from './alert.ts';

const q5 = queries(inRule('5m'));
/** Answers and builds take minutes; what gives no sign for longer is worth a look. */
const SILENT_S = 600;

const silent = (values: string): Record<string, string> => ({
  [`${names.METRIC_SWARMSCOPE_AGENT_SILENT_TIME.prometheus}{service_name="s",gen_ai_agent_name="claude"}`]: values,
});

export const agents: AlertGroup = {
  name: 'swarmscope-agents',
  alerts: [
    {
      name: 'SwarmAgentSilent',
      expr: `${q5.max(names.METRIC_SWARMSCOPE_AGENT_SILENT_TIME, { by: ['service_name', names.ATTR_GEN_AI_AGENT_NAME] })} > ${SILENT_S}`,
      for: '1m',
      severity: 'warning',
      resource: 'agents',
      summary: 'An agent {{ $labels.gen_ai_agent_name }} of {{ $labels.service_name }} gives no sign',
      description: 'For {{ $value | humanizeDuration }} it and all that it started passed no bytes, used no CPU and started nothing.',
      board: 'swarmscope-agents',
      runbook: {
        meaning: 'An agent that `swarmscope run` started hangs, or waits for something that takes very long. Its slot is lost until then.',
        causes: [
          'It asks its terminal something, and no human is there.',
          'A provider that does not answer, and no timeout.',
          'A child that waits for input, for a lock or for the agent itself.',
          'Somebody stopped it (SIGSTOP, Ctrl-Z).',
        ],
        look: [
          'The status line of the run: which agent, and the child that it waits for.',
          'Agents and hand-offs: silent agents, by name.',
          'The report of the run: Trouble says which agent in which worktree, since when, and on what it waited.',
        ],
        act: [
          'End that process; the rest of the swarm goes on.',
          'Start agents with their flags for unattended use, and with a timeout: `timeout 30m claude -p ...`.',
        ],
      },
      cases: [
        { title: 'an agent without a sign for half an hour', series: silent('0+60x30'), at: '20m', fires: true },
        { title: 'an agent that goes on every five minutes', series: silent('0+60x5 0+60x5 0+60x5 0+60x5'), at: '20m', fires: false },
      ],
    },
  ],
};

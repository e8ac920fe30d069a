/** What can be measured: parts of `npm run bench`, each a function or a script of this folder. */
import { measureCalls } from './call.ts';
import { measureChildren } from './child.ts';
import type { Field } from './contenders.ts';
import { BURST_SPANS, measureBurst } from './export.ts';
import { measureGateway } from './gateway.ts';
import { measureInstructions } from './instructions.ts';
import type { Measured } from './rounds.ts';
import { measureScan } from './scan.ts';
import { measureManagers, measureStartUp } from './start-up.ts';
import { measureWire } from './wire.ts';

export interface Bench {
  /** The folder of our bundles. */
  readonly dist: string;
  readonly rounds: number;
  readonly isQuick: boolean;
  readonly field: Field;
  /** One line of what is left out or otherwise than one thinks. */
  readonly tell: (line: string) => void;
}

export interface Part {
  readonly about: string;
  /** The peers take part. */
  readonly hasPeers?: boolean;
  measure(bench: Bench): Promise<Measured>;
}

/** Those that run when none is named, in this order; their names are the words of the command line. */
export const parts: Readonly<Record<string, Part>> = {
  'start-up': {
    about: 'CPU of starting a program that records nothing',
    measure: ({ dist, rounds, field, tell }) => measureStartUp(dist, rounds, field, tell),
    hasPeers: true,
  },
  managers: {
    about: 'CPU of `npm`, `pnpm`, `yarn --version` that inherit the preload',
    measure: ({ dist, rounds, tell }) => measureManagers(dist, rounds, tell),
  },
  instructions: {
    about: 'instructions of starting a program, by perf or valgrind',
    measure: ({ dist, isQuick, tell }) => measureInstructions(dist, isQuick ? 1 : 3, tell),
  },
  calls: {
    about: 'CPU of LLM calls through the real client: alone, at 32, streamed, large',
    measure: ({ rounds, isQuick, field, tell }) => measureCalls(field, { rounds, isQuick, tell }),
    hasPeers: true,
  },
  wire: {
    about: 'CPU of a call, a chunk and a frame without a client, against a hand-written span',
    measure: async ({ dist, rounds }) => ({ figures: await measureWire(dist, rounds), comparisons: [] }),
  },
  children: {
    about: 'CPU that a parent spends for a child process',
    measure: ({ rounds, field, tell }) => measureChildren(rounds, field, tell),
    hasPeers: true,
  },
  burst: {
    about: 'a burst of 200,000 spans through our queue and the stock one',
    measure: ({ rounds, isQuick }) => measureBurst(isQuick ? 1 : Math.min(rounds, 5), isQuick ? BURST_SPANS / 4 : BURST_SPANS),
  },
  gateway: {
    about: 'what the gateway adds to a call',
    measure: async ({ dist, rounds }) => ({ figures: await measureGateway(dist, rounds), comparisons: [] }),
  },
  scan: {
    about: 'a look at the processes of a run',
    measure: async () => ({ figures: await measureScan(), comparisons: [] }),
  },
};

/** Run when they are named: they print figures of their own, which have no gate. */
export const scripts: Readonly<Record<string, string>> = {
  analysis: 'the report of a stored run',
  collector: 'what one core of the collector takes; needs the programs of the stack',
  events: 'an event, the store of a run, a budget',
  'gateway-http2': 'HTTP/2 to providers',
  receiver: 'an answer of the receiver after the commit',
  soak: 'an hour of a busy swarm',
  top: 'a refresh of `swarmscope top`',
  view: 'the local view while a run goes on',
};

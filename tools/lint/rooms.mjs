// The rooms of the house: one row a room, read by .dependency-cruiser.mjs.
const openTelemetry = 'node_modules/@opentelemetry/';
const otelApi = 'node_modules/@opentelemetry/api/';

/** One row per room, as in the table of rooms: `may` names rooms (or files in them), `packages` what may come from npm at run time. */
export const rooms = [
  { room: 'semconv', may: [], packages: [], why: 'The words stand alone, so that both halves can share them.' },
  { room: 'config', may: ['semconv'], packages: [], why: 'Settings are read before anything else is loaded.' },
  {
    room: 'protocols',
    may: ['semconv', 'config'],
    packages: [],
    why: "Bytes in, facts out: the same readers serve a user's program and a proxy.",
  },
  {
    room: 'pricing',
    may: ['semconv', 'config'],
    packages: [],
    why: 'Prices are data, ours or in files of the user; both halves use them.',
  },
  {
    room: 'otlp',
    may: ['semconv', 'config'],
    packages: [],
    why: 'Both halves write and read the wire by the same code, so it may know neither of them, and no SDK.',
  },
  {
    room: 'machine',
    may: ['semconv', 'config'],
    packages: ['node_modules/systeminformation/'],
    why: 'Readings without a meaning: gauges, metrics and the process tree ask for the same numbers.',
  },
  {
    room: 'programs',
    may: ['semconv', 'config'],
    packages: [],
    why: 'Which program a command line runs is asked by the recording half and by the process tree alike.',
  },
  {
    room: 'hooks',
    may: ['config'],
    packages: [],
    why: 'A hook says that something happened, never what it means; it loads in every process.',
  },
  {
    room: 'api',
    may: ['config', 'semconv', 'hooks', 'machine', 'recording', 'runtime'],
    packages: [],
    why: 'What programs call by hand: verbs that hand on to the recorder where there is one, and only call the function where there is none.',
  },
  {
    room: 'recording',
    may: ['config', 'semconv', 'pricing'],
    packages: [otelApi],
    why: 'The verbs are given the assembly; they never load the SDK.',
  },
  {
    room: 'scheduling',
    may: ['recording', 'config', 'semconv'],
    packages: [],
    why: 'What queues have in common is told by plain callbacks; which library they belong to is known to its observer.',
  },
  {
    room: 'observers',
    may: ['hooks', 'recording', 'scheduling', 'protocols', 'programs', 'config', 'semconv'],
    packages: [],
    why: 'An observer translates facts into verbs, and the library it watches is the copy of the app.',
  },
  {
    room: 'gauges',
    may: ['recording', 'machine', 'config', 'semconv'],
    packages: [otelApi],
    why: 'A gauge reads what recording knows; who observed it is none of its business.',
  },
  { room: 'root', may: ['recording', 'config', 'semconv', 'machine'], packages: [], why: 'Its duties are handed in by the assembly.' },
  {
    room: 'sdk',
    may: ['config', 'semconv', 'pricing', 'otlp', 'programs', 'hooks', 'recording', 'observers', 'gauges', 'root', 'machine'],
    packages: [openTelemetry],
    why: 'The assembly is the one place that knows the SDK, and nothing of the reading half.',
  },
  {
    room: 'processes',
    may: ['machine', 'programs', 'config', 'semconv'],
    packages: [],
    why: 'What is seen of a process from outside is the same for every language; who makes spans of it is handed in.',
  },
  { room: 'analysis', may: ['semconv', 'pricing'], packages: [], why: 'Answers are pure functions over plain data.' },
  {
    room: 'viewer',
    may: ['analysis', 'otlp', 'semconv', 'config'],
    packages: [],
    why: 'The halves meet as OTLP bytes only, so that a collector and the embedded receiver are interchangeable.',
  },
  {
    room: 'viewer/web',
    may: ['viewer/wire', 'analysis', 'semconv'],
    packages: ['node_modules/preact/', 'node_modules/@preact/signals/', 'node_modules/@preact/signals-core/'],
    why: 'The page runs in a browser: it is told by the messages of the wire, and prints what others computed.',
  },
  {
    room: 'gateway',
    may: ['protocols', 'config', 'semconv'],
    packages: [],
    why: 'It is in the path of the calls of other programs: it is given a recorder, and knows nothing of how one works.',
  },
  {
    room: 'sessions',
    may: ['config', 'semconv', 'pricing'],
    packages: [],
    why: "Files that other programs wrote are read, and nobody's telemetry: what they say is joined with it by those who have both.",
  },
  { room: 'grafana', may: ['semconv'], packages: ['@grafana/grafana-foundation-sdk'], why: 'Panels are made of names.' },
  {
    room: 'cli',
    may: [
      'config',
      'pricing',
      'otlp',
      'machine',
      'programs',
      'processes',
      'analysis',
      'viewer',
      'gateway',
      'sessions',
      'grafana',
      'sdk/supervisor',
      'observers/catalogue',
    ],
    packages: [],
    why: 'The commands run in our process and start the recording half by its one entry.',
  },
];

// The floors of the house as rules: which room may import which, and why. tools/check-floors.ts runs them.
import { rooms } from './tools/lint/rooms.mjs';

const recordingHalf = ['hooks', 'recording', 'scheduling', 'observers', 'gauges', 'root', 'sdk'];
const openTelemetry = 'node_modules/@opentelemetry/';
const anyPackage = 'node_modules/';

const own = (room) => `^src/${room}/`;
/** A folder of a room that has a row of its own. */
const nested = (room) => {
  const inside = rooms.filter((each) => each.room.startsWith(`${room}/`)).map((each) => own(each.room));
  return inside.length === 0 ? {} : { pathNot: inside };
};
/** A room, or a file: in a room, or beside them. */
const allowed = (name) => `^src/${name}(\\.ts$|/)`;

const mayImport = rooms.map(({ room, may, why }) => ({
  name: `${room}-may-import`,
  comment: `${why} It may import ${may.length === 0 ? 'no other room' : may.join(', ')}.`,
  severity: 'error',
  from: { path: own(room) },
  to: { path: '^src/', pathNot: [own(room), '^src/globals\\.d\\.ts$', ...may.map(allowed)] },
}));

const mayLoad = rooms.map(({ room, packages, why }) => ({
  name: `${room}-may-load`,
  comment: `${why} At run time it may load ${packages.length === 0 ? 'no package' : `${packages.map((one) => one.replace('node_modules/', '')).join(', ')} only`}.`,
  severity: 'error',
  from: { path: own(room), ...nested(room) },
  to: { path: anyPackage, ...(packages.length === 0 ? {} : { pathNot: packages }) },
}));

/** `name`, the rooms that are looked from, what must not be reachable by any chain of imports, and the reason. */
const reach = [
  [
    'no-opentelemetry',
    ['semconv', 'config', 'pricing', 'protocols', 'otlp', 'machine', 'programs', 'hooks', 'analysis', 'gateway', 'sessions'],
    openTelemetry,
    'This room loads in processes that never record; one import of OpenTelemetry costs them more than the whole preload may.',
  ],
  [
    'no-sdk-in-recording',
    ['recording', 'scheduling', 'observers', 'gauges', 'root'],
    '^src/sdk/|node_modules/@opentelemetry/(?!api/)',
    'The SDK comes with the first span (assembly.cjs); reaching it from here would load it with the recorder.',
  ],
  [
    'no-reading-half-in-recording',
    recordingHalf,
    '^src/(processes|analysis|viewer|sessions|gateway|grafana|cli)/',
    "The recording half runs in the user's program and stays tiny; the halves meet as OTLP bytes.",
  ],
  [
    'no-recording-half-in-reading',
    ['processes', 'analysis', 'viewer', 'gateway', 'grafana', 'sessions'],
    `^src/(${recordingHalf.join('|')})/`,
    'The reading half must read what any OTLP sender wrote, not what it could share with ours in memory.',
  ],
  [
    'no-observers-below',
    ['hooks', 'recording', 'scheduling', 'gauges', 'root'],
    '^src/observers/',
    'Observers call the verbs; nothing that they call may know them.',
  ],
].map(([name, from, to, comment]) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^src/(${from.join('|')})/` },
  to: { path: to, reachable: true },
}));

const pageIsAlone = {
  name: 'page-is-alone',
  comment: 'The page is a bundle of its own, dist/view.html, which the server reads as a file: what both need is told in viewer/wire.ts.',
  severity: 'error',
  from: { path: '^src/', pathNot: own('viewer/web') },
  to: { path: own('viewer/web') },
};

/** What holds for what is left after the types are stripped. */
export const runtimeRules = [
  ...mayImport,
  ...mayLoad,
  ...reach,
  {
    name: 'doors-arm-only',
    comment:
      'The doors and what arms the hooks load recorder.cjs, assembly.cjs and prices.cjs as files, late; a process that records nothing must not pay for them.',
    severity: 'error',
    from: { path: '^src/(api/|[^/]+\\.ts$)' },
    to: { path: `^src/(recording|sdk|gauges|root|pricing|otlp|analysis|viewer|grafana|cli)/|${anyPackage}`, reachable: true },
  },
  {
    name: 'machine-metrics-are-loaded-late',
    comment:
      'Only the root of a run measures its machine, after a while: machine.cjs is loaded as a file, and nothing else may bring its packages along.',
    severity: 'error',
    from: { path: '^src/(?!sdk/machine-metrics/|machine/gpu/system-program)' },
    to: { path: '^src/sdk/machine-metrics/|node_modules/(@opentelemetry/instrumentation|systeminformation)' },
  },
  {
    name: 'gpu-readers-are-loaded-late',
    comment:
      'Only the root of a run reads GPUs, and only where there is a driver: gpu.cjs is loaded as a file, and nothing else may bring its readers along.',
    severity: 'error',
    from: { path: '^src/(?!machine/gpu/)' },
    to: { path: '^src/machine/gpu/' },
  },
  {
    name: 'machine-metrics-may-import',
    comment: 'A bundle of its own, which knows nothing of swarms: it may import semconv and machine.',
    severity: 'error',
    from: { path: '^src/sdk/machine-metrics/' },
    to: { path: '^src/(?!sdk/machine-metrics/|semconv/|machine/)' },
  },
  {
    name: 'observers-not-sideways',
    comment: 'A library to watch is one folder; two observers that know each other can not be switched off one by one.',
    severity: 'error',
    from: { path: '^src/observers/([^/]+)/' },
    to: { path: '^src/observers/[^/]+/', pathNot: '^src/observers/$1/', reachable: true },
  },
  {
    name: 'lazy-is-loaded-late',
    comment:
      'The catalogue is read by the commands too, and armed in every process: the lazy half of an observer is loaded as a part of observers.cjs, by nobody else.',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: '^src/observers/[^/]+/lazy\\.ts$' },
  },
  {
    name: 'analysis-no-io',
    comment: 'An answer must be the same for a stored run, a test and a browser: no file, no clock of the machine, no network.',
    severity: 'error',
    from: { path: own('analysis') },
    to: { dependencyTypes: ['core'] },
  },
  pageIsAlone,
  {
    name: 'page-no-node',
    comment: 'A browser has no modules of Node.',
    severity: 'error',
    from: { path: own('viewer/web') },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'protocols-no-io',
    comment: 'A protocol reads what it is handed: no file, no network, no timer. `node:buffer` is how it sees that bytes are ASCII.',
    severity: 'error',
    from: { path: own('protocols') },
    to: { dependencyTypes: ['core'], pathNot: '^(node:)?buffer$' },
  },
  {
    name: 'no-circles',
    comment: 'Two files that need each other are one file, or hide a third.',
    severity: 'error',
    from: { path: '^src/' },
    to: { circular: true },
  },
  {
    name: 'no-tools-in-src',
    comment: 'What is shipped must not lean on what only this repository has.',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: '^(test|tools|bench|examples)/' },
  },
  {
    name: 'no-unresolvable',
    comment: 'An import that leads nowhere hides every rule behind it.',
    severity: 'error',
    from: { path: '^src/' },
    to: { couldNotResolve: true },
  },
];

/** What holds for `import type` as well: types cross where values may. Types of packages are free (they cost nothing). */
export const typeRules = [
  ...mayImport,
  pageIsAlone,
  {
    name: 'no-circles',
    comment: 'Two files whose types need each other can only be read together: what both need belongs into a third.',
    severity: 'error',
    from: { path: '^src/' },
    to: { circular: true },
  },
  {
    name: 'analysis-types',
    comment: 'Answers are about plain data, not about OpenTelemetry objects.',
    severity: 'error',
    from: { path: own('analysis') },
    to: { path: anyPackage },
  },
  {
    name: 'otlp-types',
    comment: "The encoders take plain data; a span of OpenTelemetry's SDK has that shape without being named.",
    severity: 'error',
    from: { path: own('otlp') },
    to: { path: openTelemetry },
  },
  {
    name: 'hooks-types',
    comment: 'Hooks know no telemetry and no AI library, not even as a type.',
    severity: 'error',
    from: { path: own('hooks') },
    to: { path: `${anyPackage}(?!@types/node)` },
  },
];

/** Where and how dependency-cruiser looks. */
export const options = {
  doNotFollow: { path: anyPackage },
  exclude: { path: '^src/[^/]+/generated/.*\\.json$' },
  moduleSystems: ['es6', 'cjs'],
  enhancedResolveOptions: {
    exportsFields: ['exports'],
    conditionNames: ['import', 'node', 'default'],
    extensions: ['.ts', '.tsx', '.mts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
  },
};

// As its documentation sets it up; the bench stands in for its agent.
const { createRequire } = require('node:module');

createRequire(`${process.env.BENCH_PEER}/program.cjs`)('dd-trace').init({
  url: process.env.BENCH_URL,
  flushInterval: 100,
  startupLogs: false,
  telemetry: { enabled: false },
  remoteConfig: { enabled: false },
});

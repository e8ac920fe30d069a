/** Loaded before the preload: its clock is SLEPT_MS behind until the program says that time passes. As on a machine that slept. */
const { performance } = require('node:perf_hooks');
const now = performance.now.bind(performance);
let behindMs = Number(process.env.SLEPT_MS ?? 0);
performance.now = () => now() - behindMs;
globalThis.timePasses = () => {
  behindMs = 0;
};

/** Keeps Node's notes about experimental features of its own (node:sqlite) off our users' terminals; all other warnings are shown. */
export function quietExperimentalWarnings(): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning') process.stderr.write(`${warning.name}: ${warning.message}\n`);
  });
}

// Stops `npm start` and `npm test` on a Node that is too old for swarmscope, and says what to do. Plain JavaScript: it must run on any Node.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 15)) {
  console.error(
    [
      `swarmscope needs Node 22.15 or newer, and this is ${process.version} (${process.execPath}).`,
      'The right Node comes with the development dependencies, but its install script has not run. Do one of these:',
      '  npm ci && npm rebuild node      # let the package "node" fetch its binary (package.json allows this script)',
      '  install Node 22.15 or newer, then run the same command again',
    ].join('\n'),
  );
  process.exit(1);
}

// The plainest of ES modules.
console.log('plain', process.argv.length, process.execArgv.filter((word) => word.startsWith('--import')).length);

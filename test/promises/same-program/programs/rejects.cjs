// Ends by a rejection that nobody handles.
require('node:fs').promises.readFile('/nonexistent');

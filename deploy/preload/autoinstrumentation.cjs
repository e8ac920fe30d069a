// The file that the OpenTelemetry Operator puts into NODE_OPTIONS; in the image it is called autoinstrumentation.js and lies beside the preload.
require('./register.cjs');

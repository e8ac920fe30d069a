/** From the dialects to the generated parts of otel-collector.yaml: read what is counted, write the statements, put them between their marks. */
export { readCounting } from './counting.ts';
export { renderRegions } from './regions.ts';
export { replaceRegion } from './markers.ts';

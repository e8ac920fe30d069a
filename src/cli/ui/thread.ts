/** The thread of the local view: its bundle is loaded by nothing but `new Worker`. */
import { serveAnswers } from '../../viewer/view/thread.ts';
import { renderReport } from '../report/index.ts';

serveAnswers({ version: __SWARMSCOPE_VERSION__, textOf: (report) => renderReport(report) });

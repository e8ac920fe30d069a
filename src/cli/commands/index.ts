/** The catalogue of commands, in the order of the help: the parser, the help and the check of the docs read it. */
import type { Commands } from '../command.ts';
import { diff } from './diff.ts';
import { doctor } from './doctor.ts';
import { events } from './events.ts';
import { gateway } from './gateway.ts';
import { help } from './help.ts';
import { prices } from './prices.ts';
import { report } from './report.ts';
import { review } from './review.ts';
import { run } from './run.ts';
import { runs } from './runs.ts';
import { snapshot } from './snapshot.ts';
import { top } from './top.ts';
import { ui } from './ui.ts';
import { version } from './version.ts';

export const commands: Commands = { run, top, ui, report, diff, review, runs, events, snapshot, gateway, prices, doctor, help, version };

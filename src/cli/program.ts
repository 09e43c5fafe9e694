// Builds all commands of `releve`, each with its context and where it writes.
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { progressOn, say } from '../system/terminal.ts';
import { auditCommand, writeTo } from './admin/audit.ts';
import { checkCommand } from './admin/check.ts';
import { keyCommand } from './admin/key.ts';
import { tokenCommand } from './admin/token.ts';
import { contextFor } from './command-context.ts';
import { holdCommand } from './connectors/hold.ts';
import { publishCommand } from './connectors/publish.ts';
import { demoCommand } from './daemon/demo.ts';
import { lettersCommand } from './daemon/letters.ts';
import { planCommand } from './daemon/plan.ts';
import { remindCommand } from './daemon/remind.ts';
import { runCommand } from './daemon/run.ts';
import { simulatorCommand } from './daemon/simulator.ts';
import { maintenanceCommand } from './monitoring/maintenance.ts';
import { probeCommand } from './monitoring/probe.ts';
import { taskCommand } from './monitoring/task.ts';
import { discoverCommand } from './registry/discover.ts';
import { importCommand } from './registry/import.ts';
import { listCommand } from './registry/list.ts';
import { setCommand } from './registry/set.ts';
import { showCommand } from './registry/show.ts';
import { announceCommand } from './rotation/announce.ts';
import { enrolCommand } from './rotation/enrol.ts';
import { submitCommand } from './rotation/submit.ts';
import { verifyCommand } from './rotation/verify.ts';
import { withdrawCommand } from './rotation/withdraw.ts';
import { systemClock } from './runtime.ts';
import { isConfirmed, readList, readSecret } from './terminal/hidden-prompt.ts';

/** The user who gives the command, for the history; a uid without a name (a container's) has its number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

const who = userName();
const inContext = contextFor(who);
const terminal = { input: process.stdin, output: process.stderr };
const io = {
  write: say,
  now: systemClock.now,
  who,
  progress: progressOn(process.stderr),
  secret: (question: string) => readSecret(question, terminal),
  list: async () => readList(process.stdin),
  confirmed: (question: string) => isConfirmed(question, terminal),
  aside: (text: string) => process.stderr.write(`${text}\n`),
  terminal: process.stdout.isTTY === true,
  writeAll: (pieces: AsyncIterable<string>) => writeTo(process.stdout, pieces),
};

/** All commands, new each time. */
export function allCommands(): Command[] {
  return [
    importCommand(inContext, io),
    listCommand(inContext, io),
    showCommand(inContext, io),
    setCommand(inContext, io),
    planCommand(),
    remindCommand(),
    lettersCommand(inContext, io),
    enrolCommand(inContext, io),
    announceCommand(inContext, io),
    submitCommand(inContext, io),
    verifyCommand(inContext, io),
    publishCommand(inContext, io),
    withdrawCommand(inContext, io),
    holdCommand(inContext, io),
    probeCommand(inContext, io),
    discoverCommand(inContext, io),
    maintenanceCommand(inContext, io),
    taskCommand(inContext, io),
    keyCommand(inContext, io),
    tokenCommand(inContext, io),
    auditCommand(inContext, io),
    checkCommand(),
    runCommand(),
    demoCommand(),
    simulatorCommand(),
  ];
}

// Every command of `releve`, each with what it needs of the house and of its surroundings.
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { registryHouse } from '../composition/daemon.ts';
import {
  agentsOver,
  closuresOver,
  healthStates,
  openBooks,
  openKeepers,
  proberOver,
} from '../composition/operator-actions.ts';
import { auditCommand, writeTo } from './admin/audit.ts';
import { checkCommand } from './admin/check.ts';
import { keyCommand } from './admin/key.ts';
import { tokenCommand } from './admin/token.ts';
import type { InAgentHouse } from './agent-context.ts';
import type { InHouse } from './command-context.ts';
import { holdCommand } from './connectors/hold.ts';
import { publishCommand } from './connectors/publish.ts';
import { demoCommand } from './daemon/demo.ts';
import { lettersCommand } from './daemon/letters.ts';
import { planCommand } from './daemon/plan.ts';
import { remindCommand } from './daemon/remind.ts';
import { runCommand } from './daemon/run.ts';
import { simulatorCommand } from './daemon/simulator.ts';
import { type InKeeperHouse, keeperHouse } from './keeper-context.ts';
import { type InClosureHouse, maintenanceCommand } from './monitoring/maintenance.ts';
import { type InProbeHouse, probeCommand } from './monitoring/probe.ts';
import { discoverCommand } from './registry/discover.ts';
import { importCommand } from './registry/import.ts';
import { type InListHouse, listCommand } from './registry/list.ts';
import { setCommand } from './registry/set.ts';
import { type InShowHouse, showCommand } from './registry/show.ts';
import { announceCommand } from './rotation/announce.ts';
import { submitCommand } from './rotation/submit.ts';
import { verifyCommand } from './rotation/verify.ts';
import { withdrawCommand } from './rotation/withdraw.ts';
import { daemonRuns, say, systemClock, withHandover, withHouse } from './runtime.ts';
import { isConfirmed, readSecret } from './terminal/hidden-prompt.ts';
import { progressOn } from './terminal/progress.ts';

/** Whoever gives the command, for the history; a uid without a name (a container's) has its number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

const who = userName();
const inHouse: InHouse = (work, opening) => withHouse((parts) => work(registryHouse(parts)), opening);
const inShowHouse: InShowHouse = (work) =>
  withHouse((parts) => work({ ...registryHouse(parts), books: openBooks(parts) }));
const inListHouse: InListHouse = (work) =>
  withHouse((parts) => work({ ...registryHouse(parts), healthStates: () => healthStates(parts) }));
const inAgentHouse: InAgentHouse = (work) =>
  withHandover((parts, handover) =>
    work({ agents: agentsOver(parts, handover, who), daemonRuns: () => daemonRuns(parts.config) }),
  );
const inProbeHouse: InProbeHouse = (work) =>
  withHandover((parts, handover) =>
    work({
      ...registryHouse(parts),
      agents: agentsOver(parts, handover, who),
      prober: proberOver(parts, handover),
      daemonRuns: () => daemonRuns(parts.config),
    }),
  );
const inClosureHouse: InClosureHouse = (work, opening) =>
  withHouse((parts) => work({ closures: closuresOver(parts, systemClock, who) }), opening);
const inKeeperHouse: InKeeperHouse = (work, opening) =>
  withHouse((parts) => work(keeperHouse(parts, openKeepers(parts, process.env, systemClock, who))), opening);
const terminal = { input: process.stdin, output: process.stderr };
const around = {
  write: say,
  now: systemClock.now,
  who,
  progress: progressOn(process.stderr),
  secret: (question: string) => readSecret(question, terminal),
  confirmed: (question: string) => isConfirmed(question, terminal),
  aside: (text: string) => process.stderr.write(`${text}\n`),
  terminal: process.stdout.isTTY === true,
  writeAll: (pieces: AsyncIterable<string>) => writeTo(process.stdout, pieces),
};

/** All commands, new each time. */
export function everyCommand(): Command[] {
  return [
    importCommand(inHouse, around),
    listCommand(inListHouse, around),
    showCommand(inShowHouse, around),
    setCommand(inHouse, around),
    planCommand(),
    remindCommand(),
    lettersCommand(),
    announceCommand(inAgentHouse, around),
    submitCommand(inAgentHouse, around),
    verifyCommand(inAgentHouse, around),
    publishCommand(inAgentHouse, around),
    withdrawCommand(inAgentHouse, around),
    holdCommand(inAgentHouse, around),
    probeCommand(inProbeHouse, around),
    discoverCommand(inProbeHouse, around),
    maintenanceCommand(inClosureHouse, around),
    keyCommand(inKeeperHouse, around),
    tokenCommand(inKeeperHouse, around),
    auditCommand(inKeeperHouse, around),
    checkCommand(),
    runCommand(),
    demoCommand(),
    simulatorCommand(),
  ];
}

// Every command of `releve`, each with what it needs of the house and of its surroundings.
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { registryHouse } from '../daemon.ts';
import {
  agentsOver,
  closuresOver,
  healthStates,
  openBooks,
  openKeepers,
  proberOver,
} from '../daemon-agents.ts';
import { progressOn } from '../host/progress.ts';
import type { InAgentHouse } from './agent-house.ts';
import { announceCommand } from './announce.ts';
import { auditCommand, writeTo } from './audit.ts';
import { checkCommand } from './check.ts';
import { demoCommand } from './demo.ts';
import { discoverCommand } from './discover.ts';
import { isConfirmed, readSecret } from './hidden-prompt.ts';
import { holdCommand } from './hold.ts';
import type { InHouse } from './house.ts';
import { importCommand } from './import.ts';
import { type InKeeperHouse, keeperHouse } from './keeper-house.ts';
import { keyCommand } from './key.ts';
import { lettersCommand } from './letters.ts';
import { type InListHouse, listCommand } from './list.ts';
import { type InClosureHouse, maintenanceCommand } from './maintenance.ts';
import { planCommand } from './plan.ts';
import { type InProbeHouse, probeCommand } from './probe.ts';
import { publishCommand } from './publish.ts';
import { remindCommand } from './remind.ts';
import { runCommand } from './run.ts';
import { daemonRuns, say, systemClock, withHandover, withHouse } from './session.ts';
import { setCommand } from './set.ts';
import { type InShowHouse, showCommand } from './show.ts';
import { simulatorCommand } from './simulator.ts';
import { submitCommand } from './submit.ts';
import { tokenCommand } from './token.ts';
import { verifyCommand } from './verify.ts';
import { withdrawCommand } from './withdraw.ts';

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

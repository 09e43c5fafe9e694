// Every command of `releve`, each with what it needs of the house and of its surroundings.
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { registryContext } from '../composition/daemon.ts';
import {
  closuresOver,
  healthStates,
  openAggregateReader,
  openSecurityAdmin,
  operatorActionsOver,
  proberOver,
} from '../composition/operator-actions.ts';
import { auditCommand, writeTo } from './admin/audit.ts';
import { checkCommand } from './admin/check.ts';
import { keyCommand } from './admin/key.ts';
import { tokenCommand } from './admin/token.ts';
import type { InOperatorContext } from './agent-context.ts';
import type { InRegistryContext } from './command-context.ts';
import { holdCommand } from './connectors/hold.ts';
import { publishCommand } from './connectors/publish.ts';
import { demoCommand } from './daemon/demo.ts';
import { lettersCommand } from './daemon/letters.ts';
import { planCommand } from './daemon/plan.ts';
import { remindCommand } from './daemon/remind.ts';
import { runCommand } from './daemon/run.ts';
import { simulatorCommand } from './daemon/simulator.ts';
import { type InSecurityContext, securityContext } from './keeper-context.ts';
import { type InClosureContext, maintenanceCommand } from './monitoring/maintenance.ts';
import { type InProbeContext, probeCommand } from './monitoring/probe.ts';
import { discoverCommand } from './registry/discover.ts';
import { importCommand } from './registry/import.ts';
import { type InListContext, listCommand } from './registry/list.ts';
import { setCommand } from './registry/set.ts';
import { type InShowContext, showCommand } from './registry/show.ts';
import { announceCommand } from './rotation/announce.ts';
import { submitCommand } from './rotation/submit.ts';
import { verifyCommand } from './rotation/verify.ts';
import { withdrawCommand } from './rotation/withdraw.ts';
import { daemonRuns, say, systemClock, withContext, withRotationContext } from './runtime.ts';
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
const inRegistryContext: InRegistryContext = (work, opening) =>
  withContext((parts) => work(registryContext(parts)), opening);
const inShowContext: InShowContext = (work) =>
  withContext((parts) => work({ ...registryContext(parts), books: openAggregateReader(parts) }));
const inListContext: InListContext = (work) =>
  withContext((parts) => work({ ...registryContext(parts), healthStates: () => healthStates(parts) }));
const inOperatorContext: InOperatorContext = (work) =>
  withRotationContext((parts, handover) =>
    work({ agents: operatorActionsOver(parts, handover, who), daemonRuns: () => daemonRuns(parts.config) }),
  );
const inProbeContext: InProbeContext = (work) =>
  withRotationContext((parts, handover) =>
    work({
      ...registryContext(parts),
      agents: operatorActionsOver(parts, handover, who),
      prober: proberOver(parts, handover),
      daemonRuns: () => daemonRuns(parts.config),
    }),
  );
const inClosureContext: InClosureContext = (work, opening) =>
  withContext((parts) => work({ closures: closuresOver(parts, systemClock, who) }), opening);
const inSecurityContext: InSecurityContext = (work, opening) =>
  withContext(
    (parts) => work(securityContext(parts, openSecurityAdmin(parts, process.env, systemClock, who))),
    opening,
  );
const terminal = { input: process.stdin, output: process.stderr };
const io = {
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
export function allCommands(): Command[] {
  return [
    importCommand(inRegistryContext, io),
    listCommand(inListContext, io),
    showCommand(inShowContext, io),
    setCommand(inRegistryContext, io),
    planCommand(),
    remindCommand(),
    lettersCommand(),
    announceCommand(inOperatorContext, io),
    submitCommand(inOperatorContext, io),
    verifyCommand(inOperatorContext, io),
    publishCommand(inOperatorContext, io),
    withdrawCommand(inOperatorContext, io),
    holdCommand(inOperatorContext, io),
    probeCommand(inProbeContext, io),
    discoverCommand(inProbeContext, io),
    maintenanceCommand(inClosureContext, io),
    keyCommand(inSecurityContext, io),
    tokenCommand(inSecurityContext, io),
    auditCommand(inSecurityContext, io),
    checkCommand(),
    runCommand(),
    demoCommand(),
    simulatorCommand(),
  ];
}

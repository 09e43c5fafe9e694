// The result of asking about passwords in service as people at the terminal read it, and the exit code that goes with it.

import { accountWords } from '../../content/letters/commands.ts';
import { healthFacts } from '../../content/terminal/account-facts.ts';
import {
  isoTime,
  loginWords,
  nextCheckWords,
  parisTime,
  tableWithin,
} from '../../content/terminal/formats.ts';
import type { NextCheck } from '../../domain/monitoring/next-check.ts';
import { causeLine } from '../../domain/verification/verdict.ts';
import { EXIT } from '../../system/terminal.ts';
import type { ProbeObstacle, ProbeReport } from '../../use-cases/monitoring/prober.ts';
import type { CommandResult } from '../command-context.ts';
import { healthRows, nextWords, rowsTable } from './health-section.ts';

/** `refused`: once, which changes nothing yet; `stopped`: it counts as dead, and everybody who must know has been told. */
export type ReportOutcome = 'works' | 'refused' | 'stopped' | 'no-answer' | 'not-asked';

export function outcomeOfReport({ health, not }: ProbeReport): ReportOutcome {
  if (not !== null || health === null) return 'not-asked';
  // Tries without an answer leave the state as it was.
  if (health.unanswered > 0) return 'no-answer';
  switch (health.state) {
    case 'working':
      return 'works';
    case 'doubtful':
      return 'refused';
    case 'stopped':
      return 'stopped';
    default:
      return 'not-asked';
  }
}

/** One password in service, as it is printed; `goesOn`: a daemon takes care of what is left. */
export function describeReport(one: ProbeReport, { goesOn }: { readonly goesOn: boolean }): CommandResult {
  const outcome = outcomeOfReport(one);
  const { user, health, next } = one;
  const head = outcome === 'not-asked' ? notAskedWords(one) : HEADS[outcome](one, goesOn);
  const rows = health === null ? '' : `\n\n${rowsTable(healthRows(user, health, next))}`;
  return {
    json: reportForPrograms(one),
    text: `${user.login} (${user.environment}): ${head}\n${spentWords(one)}${rows}`,
    exit: outcome === 'works' ? EXIT.ok : EXIT.failed,
    summary: SUMMARIES[outcome],
  };
}

/** What the budget of failures is at now: each refusal is one, and the last one is kept for a person who waits. */
function spentWords({ failures: { lately, allowed } }: ProbeReport): string {
  return `Failures that count now: ${lately} of ${allowed}; a probe that is refused is one more, and never the last.`;
}

const SUMMARIES: Readonly<Record<ReportOutcome, string>> = {
  works: '',
  refused: 'Chorus Pro refuses the password in service',
  stopped: 'Chorus Pro refuses the password in service',
  'no-answer': 'there was no answer about the password in service',
  'not-asked': 'nobody was asked',
};

const HEADS: Readonly<
  Record<Exclude<ReportOutcome, 'not-asked'>, (one: ProbeReport, goesOn: boolean) => string>
> = {
  works: () => 'the password in service works.',
  refused: ({ user, health, next }, goesOn) =>
    `Chorus Pro refuses the password in service (refusal ${health?.refusals}). That proves nothing yet: it is asked about ` +
    `again, and compared with other accounts, before anybody is told. ${again(user, next, goesOn)}`,
  stopped: ({ user }) =>
    'Chorus Pro refuses the password in service, while other accounts work. It was changed, it has expired, or the account ' +
    'is locked or disabled. Its manager is written to; a connector with a holdFile or a hold program is told to hold its calls. ' +
    `releve submit ${accountWords(user)} hands in the new password.`,
  'no-answer': ({ user, health, next }, goesOn) =>
    `no answer about the password in service: ${health?.cause ? causeLine(health.cause) : 'unknown'}. Nothing changes by it. ` +
    again(user, next, goesOn),
};

function again(user: ProbeReport['user'], next: NextCheck, goesOn: boolean): string {
  const words = nextCheckWords(next);
  if (goesOn) return `The daemon asks again ${words}.`;
  const from = next.at === null ? words : `not before ${parisTime(next.at)}`;
  return `No daemon runs here: start releve run, or ask again with releve probe ${accountWords(user)}, ${from}.`;
}

function notAskedWords({ user, not }: ProbeReport): string {
  const { login, environment } = user;
  const account = accountWords(user);
  switch (not?.kind) {
    case 'nothing-in-service':
      return `not asked: no password of ours is in service. releve submit ${account} hands one in.`;
    case 'retired':
      return `not asked: it is retired. releve set ${account} --reinstate brings it back.`;
    case 'off':
      return `not asked: chorus.${environment}.verification is none, so nobody is asked about any password there.`;
    case 'disabled':
      return 'not asked: probe.enabled is false, so nobody is asked about any password in service.';
    case 'in-hand':
      return (
        'not asked: a reset is announced, or a new password is in hand, so the one in service may be dead already. ' +
        `releve verify ${account} tells how the new one stands.`
      );
    case 'busy':
      return `another Relève has been asking for a minute; releve show ${login} tells what came of it.`;
    case 'budget':
      return (
        'not asked: it has had as many refusals lately as it may, and more could lock the account. ' +
        `It may be asked about from ${parisTime(not.from)} on.`
      );
    case 'maybe-locked':
      return (
        'not asked: Chorus Pro refused every password that we hold of it, so the account may be locked. ' +
        `It may be asked about from ${parisTime(not.from)} on. releve verify ${account} tells more.`
      );
    case 'closed':
      return (
        `not asked: ${environment} is known to be closed until ${parisTime(not.closure.to)} (${not.closure.why}). ` +
        `Once it is open: releve maintenance end ${not.closure.id}.`
      );
    case 'out':
      return `not asked: no account of ${environment} gets an answer${not.cause === null ? '' : `; ${causeLine(not.cause)}`}.`;
    default:
      return `another password came into service meanwhile; releve show ${login} tells how it stands.`;
  }
}

function reportForPrograms(one: ProbeReport) {
  const { user, health, next, not } = one;
  return {
    outcome: outcomeOfReport(one),
    login: user.login,
    environment: user.environment,
    notAsked: not === null ? null : not.kind,
    notBefore: isoTime(notBefore(not)),
    failures: one.failures,
    health: health === null ? null : healthFacts(user, health, next),
  };
}

/** From when on it may be asked about (ms); null where that is not known. */
function notBefore(not: ProbeObstacle | null): number | null {
  if (not?.kind === 'budget' || not?.kind === 'maybe-locked') return not.from;
  return not?.kind === 'closed' ? not.closure.to : null;
}

/** Reasons for which nobody expects an answer. */
const AS_WISHED: readonly ProbeObstacle['kind'][] = ['retired', 'off', 'disabled', 'nothing-in-service'];

/** All passwords in service: a table of those that are not known to work, and how many there are of each sort. */
export function describeReports(
  all: readonly ProbeReport[],
  { goesOn, width }: { readonly goesOn: boolean; readonly width?: number | undefined },
): CommandResult {
  const expected = all.filter(({ not }) => not === null || !AS_WISHED.includes(not.kind));
  const troubled = expected.filter((one) => outcomeOfReport(one) !== 'works');
  const counts = Map.groupBy(expected, outcomeOfReport);
  const words = [...counts].map(([outcome, some]) => `${some.length} ${COUNTED[outcome]}`).join(', ');
  const left = all.length - expected.length;
  const head = `${expected.length} password(s) in service${expected.length === 0 ? '' : `: ${words}`}.`;
  const parts = [
    head,
    left === 0 ? '' : `${left} not asked about, as they are retired or the settings do without proofs.`,
    troubled.length === 0 ? '' : `\n${troubledTable(troubled, width)}`,
    troubled.length === 0 || goesOn ? '' : '\nNo daemon runs here: nobody asks again by itself.',
  ];
  return {
    json: {
      inService: expected.length,
      working: expected.length - troubled.length,
      accounts: all.map(reportForPrograms),
    },
    text: parts.filter((part) => part !== '').join('\n'),
    exit: troubled.length === 0 ? EXIT.ok : EXIT.failed,
    summary: `${troubled.length} of ${expected.length} password(s) in service are not known to work`,
  };
}

const COUNTED: Readonly<Record<ReportOutcome, string>> = {
  works: 'work',
  refused: 'refused, to be asked about again',
  stopped: 'refused while others work',
  'no-answer': 'without an answer',
  'not-asked': 'not asked about',
};

function troubledTable(troubled: readonly ProbeReport[], width?: number): string {
  return tableWithin(
    ['login', 'state', 'last worked'],
    troubled.map((one) => [
      loginWords(one.user),
      outcomeOfReport(one),
      parisTime(one.health?.workedAt ?? null),
    ]),
    { width, below: troubled.map(troubleNote) },
  );
}

/** What stands below a password that is not known to work: why, and when it is asked about next. */
function troubleNote({ health, not, next }: ProbeReport): string {
  const why = not !== null ? REASONS[not.kind] : health?.cause ? causeLine(health.cause) : null;
  const from = notBefore(not);
  const asked = from !== null ? parisTime(from) : health === null ? null : nextWords(health, next);
  return [why, asked === null ? null : `next question ${asked}`].filter((part) => part !== null).join('; ');
}

const REASONS: Readonly<Record<ProbeObstacle['kind'], string>> = {
  'nothing-in-service': 'no password of ours is in service',
  retired: 'it is retired',
  off: 'the settings do without proofs there',
  disabled: 'probe.enabled is false',
  'in-hand': 'a new password is on its way',
  replaced: 'another password came into service meanwhile',
  busy: 'another Relève is asking',
  budget: 'as many refusals lately as it may have',
  'maybe-locked': 'every password of it was refused; it may be locked',
  closed: 'the platform is known to be closed',
  out: 'no account of the platform gets an answer',
};

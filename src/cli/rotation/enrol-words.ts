// What became of enrolled passwords, as people at the terminal and programs read it, and the exit code that goes with it.
import { isoTime, parisTime, table } from '../../content/terminal/formats.ts';
import { describeFinding } from '../../domain/submission/finding-sentences.ts';
import { causeLine } from '../../domain/verification/verdict.ts';
import { EXIT } from '../../system/terminal.ts';
import type { EnrolledLine, EnrolmentOutcome } from '../../use-cases/rotation/enrol-list.ts';
import type { CommandResult } from '../command-context.ts';

/** An outcome in the table, and what to do about it; null where nothing is. */
const WORDS: Readonly<Record<EnrolmentOutcome, readonly [said: string, remedy: string | null]>> = {
  enrolled: ['enrolled', null],
  'in-service': ['in service already', null],
  stopped: [
    'refused since',
    'This password is in service, and Chorus Pro refuses it: releve submit LOGIN hands in the new one.',
  ],
  another: [
    'another in service',
    'Another password is in service, and a different one is a renewal: releve submit LOGIN.',
  ],
  'in-hand': [
    'rotation under way',
    'A reset is announced, or a password is being processed; it was not touched: releve show LOGIN.',
  ],
  refused: [
    'refused',
    'Chorus Pro refuses the password. It is not asked again here; if it is right all the same (the account was locked), ' +
      'releve submit LOGIN.',
  ],
  'refused-before': [
    'refused before',
    'Chorus Pro refused the same password earlier; it was not asked again. Look for the right one, or releve submit LOGIN.',
  ],
  'no-answer': ['no answer', 'There was no answer, and nothing was kept: repeat it later.'],
  later: ['not now', 'The account cannot be asked about now, and nothing was kept: repeat it later.'],
  'no-password': ['no password', 'It cannot be the password as it stands; nobody was asked.'],
  'not-asked': [
    'not asked',
    'The run ended before: after three refusals, or three calls without an answer, in a row. Look at those, then repeat it.',
  ],
  unknown: ['unknown login', 'No technical user of this login is known: releve list shows all.'],
  both: ['environment?', 'The login exists in both environments: name production or qualification.'],
  retired: ['retired', 'The technical user is retired: releve set LOGIN --reinstate brings it back.'],
  malformed: ['unreadable', 'The line cannot be read.'],
};

const isInService = ({ outcome }: EnrolledLine) => outcome === 'enrolled' || outcome === 'in-service';

/** All lines as they are printed; `isList`: they came on standard input. */
export function describeEnrolment(
  lines: readonly EnrolledLine[],
  { isList }: { readonly isList: boolean },
): CommandResult {
  const done = lines.filter(isInService);
  const left = lines.filter((one) => !isInService(one));
  const unwritten = done.filter(({ sinks }) => sinks.some(({ state }) => state === 'differs'));
  const parts = [
    table(
      ['line', 'login', 'environment', 'result'],
      lines.map((one) => [one.line, one.login, one.environment, saidOf(one)]),
    ),
    remedies(left),
    sinksText(done, unwritten.length),
    unprovenText(done),
    `${done.length} of ${lines.length} in service. No letter was written; versions, dates and links are as they were.`,
  ];
  return {
    json: { lines: lines.map(lineForPrograms), inService: done.length, left: left.length },
    text: parts.filter((part) => part !== '').join('\n\n'),
    exit: left.length === 0 ? EXIT.ok : exitOf(left, isList),
    summary: `${left.length} of ${lines.length} not in service`,
  };
}

function exitOf([first]: readonly EnrolledLine[], isList: boolean): number {
  if (isList) return EXIT.partlyRefused;
  return first?.outcome === 'no-password' ? EXIT.wrongUse : EXIT.failed;
}

function saidOf({ outcome, until, proven }: EnrolledLine): string {
  const [said] = WORDS[outcome];
  if (outcome === 'later' && until !== null) return `${said}, from ${parisTime(until).slice(11)}`;
  return proven === false ? `${said}, unproven` : said;
}

/** Each kind of line that is left once, with the lines that it is about and what was found of them. */
function remedies(left: readonly EnrolledLine[]): string {
  const kinds = Map.groupBy(left, ({ outcome }) => outcome);
  return [...kinds]
    .map(([outcome, ones]) => [WORDS[outcome][1] ?? '', ...ones.flatMap(detailOf)].join('\n'))
    .join('\n');
}

function detailOf({ line, findings, cause, fault }: EnrolledLine): readonly string[] {
  const seen = [
    ...findings.map((one) => describeFinding(one.code, one)),
    ...(cause === null ? [] : [causeLine(cause)]),
    ...(fault === null ? [] : [fault]),
  ];
  return seen.map((words) => `  line ${line}: ${words}`);
}

function sinksText(done: readonly EnrolledLine[], unwritten: number): string {
  const rows = done.flatMap(({ login, sinks }) =>
    sinks
      .filter(({ state }) => state !== 'holds it' && state !== 'typed in by hand')
      .map(({ sink, state, fault }) => [login, sink, fault ?? state] as const),
  );
  if (rows.length === 0)
    return done.some(({ sinks }) => sinks.length > 0) ? 'Every sink holds what is in service.' : '';
  const how =
    unwritten === 0
      ? ''
      : '\nNothing was written there: releve publish LOGIN does, or the same again with --write.';
  return `Sinks that differed\n${rows.map(([login, sink, held]) => `${login}  ${sink}\n  ${held}`).join('\n')}${how}`;
}

function unprovenText(done: readonly EnrolledLine[]): string {
  const unproven = done.filter(({ proven }) => proven === false).length;
  return unproven === 0
    ? ''
    : `${unproven} taken as received: by the settings of its environment (verification: none) Chorus Pro is not asked.`;
}

function lineForPrograms({ findings, until, ...one }: EnrolledLine) {
  const said = findings.map((one) => ({ ...one, sentence: describeFinding(one.code, one) }));
  return { ...one, until: isoTime(until), findings: said };
}

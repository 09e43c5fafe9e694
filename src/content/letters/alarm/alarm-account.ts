// One account in a letter to the IT service: what is known of it, and the commands to type, complete with its login.
import type { Language } from '../../../domain/account/technical-user.ts';
import type { AlarmFacts, AlarmKind, Block } from '../../../domain/notification/letter.ts';
import { daysBetween } from '../../../domain/shared/calendar.ts';
import { dayInWords, groupedSiret } from '../../../foundation/typography.ts';
import { CAUSE_WORDS } from '../cause-words.ts';
import {
  type AlarmCommand,
  accountCommand,
  CHECK_COMMAND,
  KEY_CHECK_COMMAND,
  setManagerCommand,
} from '../commands.ts';
import { instantInWords, paragraph, platformInWords } from '../typesetting.ts';
import { type AlarmContext, OF_LETTERS } from './alarm-head.ts';

/** The commands for each kind, the most helpful first. */
const COMMANDS: Readonly<Record<AlarmKind, readonly AlarmCommand[]>> = {
  'no-address': ['manager'],
  refused: ['manager'],
  'gave-up': ['manager'],
  rotated: [],
  'password-refused': ['show', 'submit'],
  'both-refused': ['show', 'connector-stopped', 'accept-unverified', 'submit'],
  'not-submitted': ['show'],
  'proof-stuck': ['show', 'verify'],
  'publication-stuck': ['publish'],
  'hold-stuck': ['show'],
  'sink-newer': ['probe', 'publish'],
  'sink-kept': ['probe', 'publish'],
  'item-failed': ['show', 'check'],
  'announcement-over': ['show', 'submit'],
  'choice-missing': ['submit', 'withdraw'],
  entitlement: ['show', 'discover'],
  'vault-shut': ['key-check', 'check'],
  stopped: ['show', 'submit'],
  'works-again': ['show'],
  unanswered: ['show'],
  outage: ['check'],
  'outage-over': [],
};

function commandOf(command: AlarmCommand, { login, environment }: AlarmFacts, language: Language): string {
  if (command === 'manager') return setManagerCommand(login, language);
  if (command === 'key-check') return KEY_CHECK_COMMAND;
  if (command === 'check') return CHECK_COMMAND;
  return accountCommand(command, login, environment ?? null, language);
}

/** The facts of one alarm, then its commands, each on a line of its own. */
export function accountBlocks(kind: AlarmKind, facts: AlarmFacts, context: AlarmContext): Block[] {
  const { words, language } = context;
  const rows = rowsOf(kind, facts, context);
  return [
    ...(rows.length > 0 ? [{ kind: 'facts', rows } as const] : []),
    ...COMMANDS[kind].flatMap((command): Block[] => [
      paragraph(words.commandIntros[command]),
      paragraph(commandOf(command, facts, language)),
    ]),
  ];
}

function rowsOf(
  kind: AlarmKind,
  facts: AlarmFacts,
  { words, language, today }: AlarmContext,
): [string, string][] {
  const ofLetter = OF_LETTERS.has(kind);
  const { labels } = words;
  const { environment, since, workedAt } = facts;
  const rows: [string, string][] = [];
  const add = (label: string, value: string | null | undefined) => {
    if (value !== null && value !== undefined && value !== '') rows.push([label, value]);
  };
  add(labels.structure, facts.structure);
  add(labels.siret, facts.siret === null ? null : groupedSiret(facts.siret));
  add(labels.login, facts.login);
  add(labels.platform, environment === undefined ? null : platformInWords(environment, language));
  add(words.kinds[kind].since ?? labels.since, since === undefined ? null : instantInWords(since, language));
  if (kind === 'stopped')
    add(labels.worked, typeof workedAt === 'number' ? instantInWords(workedAt, language) : words.neverSeen);
  if (kind === 'outage-over') add(labels.over, dayInWords(today, language));
  if (facts.deadline !== null) {
    const day = Temporal.PlainDate.from(facts.deadline);
    add(labels.deadline, words.deadline(daysBetween(today, day), dayInWords(day, language)));
  }
  add(ofLetter ? labels.person : labels.manager, facts.person);
  add(labels.address, facts.address ?? (ofLetter || kind === 'stopped' ? words.noAddress : null));
  add(labels.connector, facts.held === undefined ? null : words.connector[facts.held ? 'held' : 'notHeld']);
  add(
    labels.password,
    facts.kept === undefined ? null : words.refusedPassword[facts.kept ? 'kept' : 'destroyed'],
  );
  add(labels.reply, facts.reply);
  add(labels.cause, facts.cause === undefined ? null : CAUSE_WORDS[language][facts.cause].name);
  add(labels.sink, facts.sink);
  add(labels.unregistered, facts.unregistered);
  add(labels.missing, facts.missing);
  add(labels.detail, facts.detail);
  return rows;
}

// `releve set`: one correction of a technical user, a structure or a person.
import { Command, Option } from 'commander';
import { tableWithin } from '../../content/terminal/formats.ts';
import type { Environment } from '../../domain/account/technical-user.ts';
import { type IsAddress, readAddress, readContact, readContacts } from '../../domain/parsing/address.ts';
import { type ParsedEntry, readReason } from '../../domain/parsing/characters.ts';
import { readDay } from '../../domain/parsing/date.ts';
import { readName } from '../../domain/parsing/name.ts';
import { readPhones } from '../../domain/parsing/phone.ts';
import { readSiret } from '../../domain/parsing/siret.ts';
import type { Correction, CorrectionResult } from '../../domain/registry/registry.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import { optionValue, refusePart, subjectsIn, takenFrom } from '../account-command.ts';
import type { CommandContext, CommandIo, InContext } from '../command-context.ts';
import { environmentChoice } from '../runtime.ts';

/** The options that take a text, which is read afterwards. */
type TextOption = Exclude<keyof Correction, 'language' | 'retire' | 'reinstate' | 'addressWorks'> | 'why';

/** The options as they are typed. */
export interface SetOptions
  extends Partial<Record<TextOption, string>>,
    Pick<Correction, 'language' | 'retire' | 'reinstate' | 'addressWorks'> {
  readonly environment?: Environment;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function setCommand(inContext: InContext, io: CommandIo): Command {
  return new Command('set')
    .description('correct what is known of a technical user, a structure or a person')
    .argument('<subject>', 'a login, a SIRET or a mail address; dates and pauses by whatever names one login')
    .optionsGroup('Of a technical user (LOGIN):')
    .option('--expires <date>', 'the expiry date read on the portal (2027-03-12, 12/03/2027, or none)')
    .option('--changed <date>', 'the day of the last change of password (or none)')
    .option('--validity <duration>', "a validity of its own, such as P1Y; none: the environment's")
    .option('--latest <duration>', "a latest limit of its own, such as P424D; none: the environment's")
    .option('--pause-until <date>', 'its reminders rest until that day, with --why; none: they go on')
    .option('--add-structure <siret>', 'a further structure it serves; with --name when it is not known yet')
    .option('--remove-structure <siret>', 'a further structure it serves no more')
    .option('--retire', 'it is out of use: no letter any more')
    .option('--reinstate', 'it is in use again')
    .addOption(environmentChoice('which one, when the login exists in both'))
    .optionsGroup('Of a structure (SIRET; by LOGIN: of its home structure):')
    .option('--manager <person>', 'hand over to a new principal manager: "Nom <adresse> 03 53 01 00 90"')
    .option('--deputies <people>', 'all deputies: "a@x.fr, Nom <b@x.fr>"; none: nobody')
    .option('--add-deputy <people>', 'one deputy more')
    .option('--remove-deputy <addresses>', 'one deputy less')
    .option('--name <name>', 'its name (of an ADDRESS: the name of the person)')
    .option('--phone <number>', 'its telephone number, or two; none: removed (of an ADDRESS: of the person)')
    .optionsGroup('Of a person (ADDRESS):')
    .option('--email <address>', 'the corrected address')
    .addOption(new Option('--language <language>', 'of the letters').choices(['fr', 'en']))
    .option('--address-works', 'the mail server refused the address, but it works again')
    .optionsGroup('For each:')
    .option('--why <text>', 'the reason, for the history')
    .option('--dry-run', 'say what would change; write nothing')
    .option('--json', 'for programs')
    .action(async (subject: string, options: SetOptions) => {
      await inContext((context) => runSet(subject, options, context, io), 'existing');
    });
}

/** Makes a correction and prints it. Throws CommandError: 2 when an option is wrong, 1 when the subject is not known. */
export async function runSet(
  subject: string,
  options: SetOptions,
  context: Pick<CommandContext, 'correct' | 'findAccount' | 'isAddress'>,
  io: CommandIo,
): Promise<void> {
  const now = io.now();
  const odd: string[] = [];
  const reading = {
    isAddress: context.isAddress,
    today: parisDay(now),
    warn: (text: string) => odd.push(text),
  };
  const correction = correctionOf(options, reading);
  const why = options.why === undefined ? null : optionValue('--why', readReason(options.why));
  const stamp = { at: now.epochMilliseconds, who: `set (${io.who})`, why: why === '' ? null : why };
  if (options.pauseUntil !== undefined && options.pauseUntil.trim() !== 'none' && !why)
    throw new CommandError(EXIT.wrongUse, '--pause-until: say why, with --why "…"');
  const environment = options.environment ?? null;
  const request = { environment, correction, dryRun: options.dryRun === true };
  let corrected: CorrectionResult = { kind: 'unknown' };
  for (const asked of subjectsIn(subject, context.isAddress)) {
    if (corrected.kind === 'unknown')
      corrected = await context.correct({ ...request, subject: asked }, stamp);
  }
  if (corrected.kind === 'unknown') {
    const found = await context.findAccount(subject.trim(), environment);
    if (options.retire === true && options.dryRun !== true) await refusePart(found, io);
    // Written before the changes, which a fault may follow.
    const named = takenFrom(found, options, io);
    corrected = await context.correct(
      { ...request, subject: named.login, environment: named.environment },
      stamp,
    );
  }
  if (corrected.kind === 'unknown') throw new CommandError(EXIT.failed, 'it was removed meanwhile');
  if (corrected.kind === 'wrong') throw new CommandError(EXIT.wrongUse, corrected.message);
  const { changes, kept } = corrected;
  const warnings = [...odd, ...corrected.warnings];
  const done = { ...corrected, warnings };
  io.write(options.json ? `${JSON.stringify({ changes, warnings, kept }, null, 2)}\n` : textOf(done));
}

/** By which rules an option is read, and who hears what is odd about it. */
interface OptionReading {
  readonly isAddress: IsAddress;
  readonly today: Temporal.PlainDate;
  warn(text: string): void;
}

/** Reads what was typed; `none` stays `none` where it takes something away. Throws CommandError. */
function correctionOf(options: SetOptions, { isAddress, today, warn }: OptionReading): Correction {
  const read = <K extends keyof SetOptions, T>(
    key: K,
    reader: (text: string) => ParsedEntry<T>,
  ): { [P in K]?: T } => {
    const typed = options[key];
    if (typeof typed !== 'string') return {};
    const flag = `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return { [key]: optionValue(flag, reader(typed), warn) } as { [P in K]?: T };
  };
  const contacts = (text: string) => readContacts(text, isAddress);
  return {
    ...read(
      'expires',
      orNone((text) => dayText(text)),
    ),
    ...read(
      'changed',
      orNone((text) => notToCome(dayText(text), today)),
    ),
    ...read(
      'pauseUntil',
      orNone((text) => dayText(text)),
    ),
    ...read('validity', orNone(duration)),
    ...read('latest', orNone(duration)),
    ...read('manager', (text) => readContact(text, isAddress, { nameAlone: true })),
    ...read('deputies', (text) =>
      text.trim() === 'none' ? { ok: true, value: [], warning: null } : contacts(text),
    ),
    ...read('addDeputy', contacts),
    ...read('removeDeputy', contacts),
    ...read('addStructure', readSiret),
    ...read('removeStructure', readSiret),
    ...read('name', (text) => notEmpty(readName(text), 'a name is expected')),
    ...read(
      'phone',
      orNone((text) => notEmpty(readPhones(text), 'a telephone number is expected, or none')),
    ),
    ...read('email', (text) => readAddress(text, isAddress)),
    ...(options.language === undefined ? {} : { language: options.language }),
    ...(options.retire ? { retire: true as const } : {}),
    ...(options.reinstate ? { reinstate: true as const } : {}),
    ...(options.addressWorks ? { addressWorks: true as const } : {}),
  };
}

function orNone(reader: (text: string) => ParsedEntry<string>): (text: string) => ParsedEntry<string> {
  return (text) => (text.trim() === 'none' ? { ok: true, value: 'none', warning: null } : reader(text));
}

function notEmpty(entry: ParsedEntry<string>, fault: string): ParsedEntry<string> {
  return entry.ok && entry.value === '' ? { ok: false, fault } : entry;
}

function dayText(text: string): ParsedEntry<string> {
  const entry = readDay(text);
  return entry.ok ? { ...entry, value: entry.value.toString() } : entry;
}

function notToCome(entry: ParsedEntry<string>, today: Temporal.PlainDate): ParsedEntry<string> {
  if (!entry.ok || entry.value <= today.toString()) return entry;
  return { ok: false, fault: `the password cannot have been changed on ${entry.value}: that day is to come` };
}

/** An ISO duration of whole days, months or years, from a day to ten years. */
function duration(text: string): ParsedEntry<string> {
  const fault = `“${text}” is not a validity: P1Y, P13M or P424D is expected, or none`;
  if (!/^P(\d+Y)?(\d+M)?(\d+W)?(\d+D)?$/i.test(text.trim())) return { ok: false, fault };
  try {
    const read = Temporal.Duration.from(text.trim());
    const days = read.total({ unit: 'day', relativeTo: Temporal.PlainDate.from('2026-01-01') });
    return days >= 1 && days <= 3_660
      ? { ok: true, value: read.toString(), warning: null }
      : { ok: false, fault };
  } catch {
    return { ok: false, fault };
  }
}

function textOf({ changes, warnings, kept }: Extract<CorrectionResult, { kind: 'corrected' }>): string {
  const warned = warnings.map((warning) => `Warning: ${warning}\n`).join('');
  if (changes.length === 0) return `${warned}Nothing changed: it is as you say already.\n`;
  const rows = changes.map(({ of, field, old, new: now }) => [
    of,
    field,
    `${old ?? '(nothing)'} → ${now ?? '(nothing)'}`,
  ]);
  const end = kept ? '' : 'Trial run, nothing was written.\n';
  return `${tableWithin(['of', 'field', 'old → new'], rows)}\n${warned}${end}`;
}

// `releve check`: is all as it should be, and if not, what to do; a table for people, JSON for programs.
import { Command } from 'commander';
import { readKeys, readPlatforms, securityAdminOver } from '../../composition/command-parts.ts';
import { mailTransportOf } from '../../composition/letters.ts';
import { isEarlierDatabase, isNoDatabase, type Parts } from '../../composition/parts.ts';
import type { Config } from '../../config/config.ts';
import { faultsForSending } from '../../config/cross-checks.ts';
import { faultLine } from '../../config/layers.ts';
import { readMailSecrets } from '../../config/secrets.ts';
import { type TechnicalUser, usableAddress, workedAfter } from '../../domain/account/technical-user.ts';
import { accountStatusOf } from '../../domain/reminder/account-status.ts';
import { parisDay, ZONE } from '../../domain/shared/calendar.ts';
import { Secret } from '../../domain/shared/secret.ts';
import { oddWords } from '../../foundation/text.ts';
import { hasDataFolder } from '../../system/data-folder.ts';
import { CommandError, columnsOf, EXIT, say, sayJson } from '../../system/terminal.ts';
import { errorReport, openContext, settings, systemClock } from '../runtime.ts';
import { type CheckFinding, fault, findingsTable, look, ok } from './check-finding.ts';
import { webhookFindings } from './check-network.ts';
import { keyFindings, platformFindings, rotationFindings, tokenFindings } from './check-rotation.ts';

export function checkCommand(): Command {
  return new Command('check')
    .description(
      'check settings, data folder, clock, mail server, master keys, sinks, PISTE, door, webhook, addresses and dates',
    )
    .option('--json', 'for programs')
    .action(async (options: { json?: boolean }) => {
      const config = settings();
      const findings = [
        ok('settings', 'read'),
        ...wordFindings(config),
        ...sendingFindings(config),
        folderFinding(config),
        clockFinding(systemClock.now()),
        ...(config.mail.smtp.host === null ? [] : [await mailFinding(config)]),
        ...(await rotationFindings(config)),
        ...(await dataFindings(config)),
      ];
      if (options.json) sayJson(findings);
      else say(findingsTable(findings, columnsOf(process.stdout)));
      const faults = findings.filter((finding) => finding.state === 'fault').length;
      if (faults > 0) throw new CommandError(EXIT.failed, `${faults} fault(s)`);
    });
}

function sendingFindings(config: Config): CheckFinding[] {
  return faultsForSending(config).map((missing) => fault(missing.key, 'not set', faultLine(missing)));
}

/** What people read of the settings and procedures: a file in UTF-8 may hold words that were damaged before. */
function wordFindings({ itService, mail, procedures }: Config): CheckFinding[] {
  const { first, production, qualification } = procedures;
  const texts = {
    'itService.name': itService.name,
    'itService.postalAddress': itService.postalAddress,
    'mail.from.name': mail.from.name,
    'procedures.production': production,
    'procedures.qualification': qualification,
    'procedures.first.production': first.production,
    'procedures.first.qualification': first.qualification,
  };
  return Object.entries(texts).flatMap(([key, text]) => {
    const words = oddWords(typeof text === 'string' ? text : sentencesOf(text).join('\n'));
    if (words.length === 0) return [];
    const shown = `${words.slice(0, SHOWN).join(' ')}${words.length > SHOWN ? ' …' : ''}`;
    return [look(key, `accents look lost: ${shown}`, 'write these words again, and save the file as UTF-8')];
  });
}

/** Every text in a procedure. */
const sentencesOf = (part: unknown): readonly string[] =>
  typeof part === 'string'
    ? [part]
    : typeof part === 'object' && part !== null
      ? Object.values(part).flatMap(sentencesOf)
      : [];

function folderFinding(config: Config): CheckFinding {
  try {
    if (!hasDataFolder(config.data, process.getuid?.() ?? -1)) {
      return look('data folder', `${config.data} is not there yet`, 'releve import FILE.csv makes it');
    }
    return ok('data folder', `${config.data}, closed to others, writable`);
  } catch (error) {
    return fault('data folder', config.data, errorReport(error).message);
  }
}

/** No release of Relève is older: a clock before it is wrong. */
const BUILT = '2026-11-01';

function clockFinding(now: Temporal.Instant): CheckFinding {
  const here = now.toZonedDateTimeISO(ZONE);
  const shown = here.toString({ smallestUnit: 'second', timeZoneName: 'never' });
  // The zone's rules must be known: summer and winter differ by an hour.
  const offsets = ['2027-01-15', '2027-07-15'].map(
    (day) => Temporal.PlainDate.from(day).toZonedDateTime(ZONE).offset,
  );
  if (offsets.join() !== '+01:00,+02:00') {
    return fault(
      'clock',
      `the rules of ${ZONE} are not known (${offsets.join(', ')})`,
      'install a Node.js with full ICU',
    );
  }
  if (here.toPlainDate().toString() < BUILT)
    return fault('clock', shown, 'set the clock (timedatectl set-ntp true)');
  return ok('clock', `${shown} in ${ZONE}`);
}

async function mailFinding(config: Config): Promise<CheckFinding> {
  const { host, port, security } = config.mail.smtp;
  const where = `${host}:${port} (${security})`;
  try {
    const transport = mailTransportOf(
      config,
      readMailSecrets(config, process.env, (text) => new Secret(text)),
    );
    try {
      const answer = await transport.verify();
      return answer.kind === 'ready'
        ? ok('mail server', `${where}: ${answer.reply}`)
        : fault('mail server', `${where}: ${answer.reply}`, MAIL_REMEDY);
    } finally {
      await transport.close();
    }
  } catch (error) {
    return fault('mail server', `${where}: ${errorReport(error).message}`, MAIL_REMEDY);
  }
}

const MAIL_REMEDY = 'see whether it runs, and whether mail.smtp is what it expects';

async function dataFindings(config: Config): Promise<CheckFinding[]> {
  let parts: Parts;
  try {
    parts = await openContext(config, 'unchanged');
  } catch (error) {
    const database = isNoDatabase(error)
      ? look('database', 'none yet', error.message)
      : isEarlierDatabase(error)
        ? look('database', 'of an earlier version, and left so', `${error.message}; run this again then`)
        : fault('database', 'cannot be used', errorReport(error).message);
    const keys = keyFindings(config, readKeys(config, process.env), []);
    return [database, ...keys, ...(await webhookFindings(config, null))];
  }
  try {
    await parts.fleetQueries.proveWritable();
    return [
      ok('database', `${parts.database.engine}, writable`),
      ...logFindings(await parts.database.truncationOwedSince()),
      ...(await sealFindings(parts)),
      ...platformFindings(
        config,
        await readPlatforms(parts, systemClock),
        systemClock.now().epochMilliseconds,
      ),
      ...(await fleetFindings(parts, parisDay(systemClock.now()))),
      await outboxFinding(parts),
      ...(await webhookFindings(config, await parts.webhookOutbox.state())),
    ];
  } catch (error) {
    return [fault('database', 'cannot be written to', errorReport(error).message)];
  } finally {
    await parts.close();
  }
}

/** The log is emptied within seconds; for longer only while somebody else reads the database. */
function logFindings(owedSince: number | null): CheckFinding[] {
  if (owedSince === null) return [];
  const seconds = Math.max(0, Math.floor((systemClock.now().epochMilliseconds - owedSince) / 1000));
  const found = `destroyed passwords, still sealed, may be in the database's log, for ${seconds} s`;
  return [
    look(
      'destroyed passwords',
      found,
      'end the program that reads releve.sqlite (fuser releve.sqlite names it)',
    ),
  ];
}

async function sealFindings(parts: Parts): Promise<CheckFinding[]> {
  const { keys, tokens } = securityAdminOver(parts, process.env, systemClock, 'check');
  return [
    ...keyFindings(parts.config, keys.state(), await keys.list()),
    ...tokenFindings(await tokens.all()),
  ];
}

/** So many names are shown in a line; the list shows them all. */
const SHOWN = 5;

/** Where a login is of qualification, that is said. */
const nameOf = ({ login, environment }: TechnicalUser) =>
  environment === 'production' ? login : `${login} (${environment})`;

/** Who cannot be written to, and whose date is not known or has passed. */
export async function fleetFindings(
  parts: Pick<Parts, 'fleetQueries' | 'rules'>,
  today: Temporal.PlainDate,
): Promise<CheckFinding[]> {
  const unreachable: string[] = [];
  const unknown: string[] = [];
  const [overdue, works]: [string[], string[]] = [[], []];
  let watched = 0;
  for await (const page of parts.fleetQueries.activeUsers()) {
    for (const user of page) {
      watched += 1;
      const { state, expiry } = accountStatusOf(user, today, parts.rules);
      if (usableAddress(user.principal) === null) unreachable.push(nameOf(user));
      if (state === 'unknown') unknown.push(nameOf(user));
      if (state === 'overdue') (workedAfter(user, expiry) === null ? overdue : works).push(nameOf(user));
    }
  }
  if (watched === 0) return [look('technical users', 'none', 'releve import FILE.csv')];
  const some = (logins: readonly string[]) =>
    `${logins.length}: ${logins.slice(0, SHOWN).join(', ')}${logins.length > SHOWN ? ', …' : ''}`;
  const finding = (what: string, logins: readonly string[], todo: string) =>
    logins.length === 0 ? ok(what, 'none') : look(what, some(logins), todo);
  return [
    ok('technical users', String(watched)),
    finding(
      'no usable address',
      unreachable,
      'releve set SIRET --manager "Name <address>", or releve set ADDRESS --address-works',
    ),
    finding('unknown dates', unknown, 'releve set LOGIN --expires DATE (the managers are asked monthly)'),
    finding('overdue', overdue, 'call the manager; releve show LOGIN tells who it is'),
    ...(works.length === 0
      ? []
      : [finding('works past its date', works, 'releve set LOGIN --expires DATE, as the portal shows it')]),
  ];
}

/** A letter that has waited longer than a weekend with a bridge day is stuck, in ms. */
const STUCK_MS = 5 * 86_400_000;

async function outboxFinding(parts: Parts): Promise<CheckFinding> {
  const { waiting, oldestAt } = await parts.fleetQueries.outboxState();
  if (waiting === 0 || oldestAt === null) return ok('outbox', 'empty');
  const age = systemClock.now().epochMilliseconds - oldestAt;
  const found = `${waiting} waiting, the oldest for ${Math.floor(age / 3_600_000)} h`;
  return age > STUCK_MS
    ? fault('outbox', found, 'see the mail server above, and the log')
    : ok('outbox', found);
}

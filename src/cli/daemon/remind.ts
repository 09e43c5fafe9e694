// `releve remind`: sends what is due now, or shows what would leave and why.
import { Command } from 'commander';
import { openReminderWork } from '../../composition/daemon.ts';
import { mailTransportOf, planLetters, reasonToWait } from '../../composition/letters.ts';
import { rotationPartsOver } from '../../composition/rotations.ts';
import { openWebhookWork } from '../../composition/webhook.ts';
import { readWebhookSecrets } from '../../config/webhook-secrets.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import { Secret } from '../../domain/shared/secret.ts';
import { openLog } from '../../system/log.ts';
import { CommandError, columnsOf, EXIT, say, sayJson } from '../../system/terminal.ts';
import type { PlannedLetter } from '../../use-cases/reminders/plan.ts';
import {
  clockOf,
  endSending,
  hiddenNow,
  openContext,
  readyToSend,
  settings,
  stopSignal,
  systemClock,
  withContext,
} from '../runtime.ts';
import { lettersWord, planHead, plannedLetterForPrograms, plannedText } from './plan.ts';

interface Options {
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly now?: string;
}

export function remindCommand(): Command {
  return new Command('remind')
    .description('send what is due now')
    .option('--dry-run', 'show what would leave, and why; write and send nothing')
    .option('--json', 'for programs')
    .addOption(hiddenNow())
    .action(async (options: Options) => {
      if (options.dryRun) return dryRun(options);
      if (options.now !== undefined) throw new CommandError(EXIT.wrongUse, '--now goes with --dry-run only');
      await send(options);
    });
}

async function dryRun(options: Options): Promise<void> {
  const now = clockOf(options.now).now();
  await withContext(async (parts) => {
    const shut = reasonToWait(now, parts);
    const due = (
      await Array.fromAsync(planLetters(parts, { now, until: parisDay(now), worded: true }))
    ).flat();
    const letters = shut === null ? due : [];
    if (options.json) {
      sayJson(letters.map((letter) => ({ ...plannedLetterForPrograms(letter), subject: letter.subject })));
      return;
    }
    if (shut !== null) say(`Nothing would leave now: ${shut}.`);
    else if (letters.length === 0) say('Nothing is due.');
    else {
      const width = columnsOf(process.stdout);
      say([planHead(width), ...letters.map((one) => plannedText(one, width))].join('\n'));
      for (const letter of letters) {
        say(`\n« ${letter.subject ?? 'alarm to the IT service'} »`);
        for (const item of letter.items) say(`  ${whyOf(item, letter, parisDay(now))}`);
      }
      say(`\n${lettersWord(letters.length)} would leave. Nothing was written, nothing was sent.`);
    }
  });
}

/** Why a technical user is in a letter, in one line. */
function whyOf(
  item: PlannedLetter['items'][number],
  { to }: PlannedLetter,
  today: Temporal.PlainDate,
): string {
  if (item.expiresOn === null) return `${item.login}: nobody knows when it expires`;
  const days = today.until(Temporal.PlainDate.from(item.expiresOn), { largestUnit: 'day' }).days;
  const when =
    days >= 0
      ? `expires on ${item.expiresOn}, ${days} day(s) left`
      : `expired on ${item.expiresOn}, ${-days} day(s) ago`;
  // A letter without an addressee is one to deputies while reminders to the manager rest.
  const rests = to.length === 0 ? '; reminders to its manager rest: see releve show' : '';
  return `${item.login}: ${when}; it stands on ${item.step}, which was not told yet${rests}`;
}

async function send(options: Options): Promise<void> {
  const config = settings();
  const secrets = readyToSend(config);
  const webhookSecrets = readWebhookSecrets(config, process.env, (text) => new Secret(text));
  const parts = await openContext(config, 'existing');
  const transport = mailTransportOf(config, secrets);
  const logger = openLog({
    level: options.json ? 'warn' : config.log.level,
    terminal: process.stderr.isTTY === true,
    stream: process.stderr,
  });
  const rotationParts = rotationPartsOver(parts, systemClock, logger);
  const webhook = openWebhookWork(parts, webhookSecrets, { clock: systemClock, logger });
  try {
    // Before the letters: what these tell is kept for it.
    await webhook.round();
    const ticks = openReminderWork({
      ...parts,
      transport,
      clock: systemClock,
      logger,
      letterContext: rotationParts.letterContext,
      tickMs: Number.POSITIVE_INFINITY,
    });
    const ticking = ticks.tick();
    const signal = await Promise.race([ticking.then(() => null), stopSignal()]);
    if (signal !== null) await endSending(ticks, transport);
    const { reviewed, delivered } = await ticking;
    if (signal === null) await webhook.round();
    const shut = reasonToWait(systemClock.now(), parts);
    if (options.json) sayJson({ looked: reviewed, ...delivered, shut });
    else {
      const { sent, later, refused, withdrawn } = delivered;
      say(`sent ${sent}, to try again later ${later}, refused ${refused}, withdrawn ${withdrawn}`);
      if (shut !== null) say(`Letters to people wait: ${shut}.`);
    }
    if (signal !== null) {
      throw new CommandError(
        EXIT.failed,
        `stopped by ${signal}: what is left leaves with the next tick or remind`,
      );
    }
    if (delivered.stopped !== null)
      throw new CommandError(EXIT.failed, `no letter can leave: ${delivered.stopped}`);
  } finally {
    rotationParts.close();
    await transport.close();
    await parts.close();
  }
}

// `releve today`: one screen of what an agent looks at in the morning.
import { styleText } from 'node:util';
import { Command } from 'commander';
import { readToday } from '../../composition/today.ts';
import { isoTime } from '../../content/terminal/formats.ts';
import { handoverOf, type Paint, todayText } from '../../content/terminal/today.ts';
import type { MatterLine, TodayFacts } from '../../content/terminal/today-facts.ts';
import type { TechnicalUser } from '../../domain/account/technical-user.ts';
import { closedBy, conditionOf } from '../../domain/platform/platform.ts';
import { currentHealth } from '../../domain/rotation/rotation.ts';
import { versionOf } from '../../system/terminal.ts';
import type { OutputIo } from '../command-context.ts';
import { clockOf, daemonRuns, hiddenNow, withContext } from '../runtime.ts';

interface TodayOptions {
  readonly json?: boolean;
  readonly now?: string;
}

export function todayCommand(io: Pick<OutputIo, 'write'>): Command {
  return new Command('today')
    .description(
      'show the day on one screen: what is stopped, what is in hand, this week, who does not answer',
    )
    .option('--json', 'for programs')
    .addOption(hiddenNow())
    .action(async (options: TodayOptions) => {
      const clock = clockOf(options.now);
      await withContext(async (parts) => {
        const running = { version: versionOf(), daemonRuns: daemonRuns(parts.config) };
        const facts = await readToday(parts, process.env, clock, running);
        io.write(
          options.json === true
            ? `${JSON.stringify(todayForPrograms(facts), null, 2)}\n`
            : todayText(facts, onTerminal),
        );
      });
    });
}

/** Colours where the terminal has them, and where NO_COLOR does not forbid them. */
const onTerminal: Paint = (how, text) => styleText(STYLES[how], text, { stream: process.stdout });

/** What can be read on a dark and on a light ground: yellow cannot on a light one. */
const STYLES = { bad: ['bold', 'red'], warn: ['bold', 'magenta'], title: 'bold', dim: 'dim' } as const;

/** Instants as ISO texts, days as ISO dates; at most fifty lines of a kind beside their number. Nothing of a password. */
function todayForPrograms(facts: TodayFacts) {
  const { now, accounts, stopped, inHand, week, noAnswer, tasks, service } = facts;
  const { webhook } = service;
  return {
    at: isoTime(now),
    accounts,
    stopped: { count: stopped.count, accounts: stopped.lines.map((one) => matterFor(one, facts)) },
    inHand: { count: inHand.count, accounts: inHand.lines.map((one) => matterFor(one, facts)) },
    thisWeek: { count: week.count, accounts: week.lines.map(dateFor) },
    noAnswer: { count: noAnswer.count, accounts: noAnswer.lines.map(dateFor) },
    unknownDates: facts.unknownDates,
    unreachable: facts.unreachable,
    tasks: {
      count: tasks.count,
      open: tasks.lines.map(({ task, user }) => ({
        number: task.number,
        kind: task.kind,
        since: isoTime(task.since),
        ...accountFor(user),
      })),
    },
    service: {
      version: service.version,
      daemon: { ...service.daemon, startedAt: isoTime(service.daemon.startedAt) },
      platforms: service.platforms.map((one) => ({
        environment: one.environment,
        condition: conditionOf(one),
        failingSince: isoTime(one.failingSince),
        lastSuccessAt: isoTime(one.lastSuccessAt),
        closedUntil: isoTime(closedBy(service.closures, one.environment, now)?.to ?? null),
      })),
      outbox: { waiting: service.outbox.waiting, oldestAt: isoTime(service.outbox.oldestAt) },
      webhook: webhook && {
        ...webhook,
        oldestAt: isoTime(webhook.oldestAt),
        failingSince: isoTime(webhook.failingSince),
      },
      lettersToday: service.letters,
      masterKeys:
        service.keys.kind === 'open' ? { state: 'open' } : { state: 'shut', reason: service.keys.reason },
      unopenedSecrets: service.unopened,
    },
  };
}

function accountFor({ login, environment, home, principal }: TechnicalUser) {
  return {
    login,
    environment,
    siret: home.siret,
    structure: home.name,
    structurePhone: home.phone,
    person: principal?.name ?? null,
    phone: principal?.phone ?? null,
  };
}

function dateFor({ user, status }: TodayFacts['week']['lines'][number]) {
  return {
    ...accountFor(user),
    expiresOn: status.expiry.on?.toString() ?? null,
    daysLeft: status.daysLeft,
    remindersRestUntil: status.restsUntil?.toString() ?? null,
    works:
      user.service === null || user.service.state === 'unasked' ? null : user.service.state === 'working',
  };
}

function matterFor(line: MatterLine, { failuresAllowed }: TodayFacts) {
  const { aggregate, next, letter } = line;
  const one = handoverOf(aggregate);
  const health = currentHealth(aggregate);
  return {
    ...accountFor(aggregate.user),
    health: health?.state ?? null,
    refusedAt: isoTime(health?.refusedAt ?? null),
    workedAt: isoTime(health?.workedAt ?? null),
    handover:
      one === null
        ? null
        : {
            stage: one.stage,
            announcedUntil: isoTime(one.announcedUntil),
            receivedAt: isoTime(one.receivedAt),
            refusals: one.refusals,
            formerWorks: one.currentStillWorks,
          },
    nextCheckAt: isoTime(next.at),
    waits: next.waits,
    failures: { lately: line.failures, allowed: failuresAllowed },
    holds: aggregate.holds.map(({ sink, wanted, applied, appliedAt }) => ({
      sink,
      wanted,
      applied,
      since: isoTime(appliedAt),
    })),
    lastLetter: letter === null ? null : { kind: letter.kind, at: isoTime(letter.at) },
  };
}

// What is seen of the bad day from outside: at the simulator, at the connectors, in the log.

import type { Logger } from '../../src/domain/ports/clock.ts';
import type { Sink } from '../../src/domain/ports/sink.ts';
import type { ChorusEnvironment, ChorusEvent } from '../../src/simulator/chorus-pro/events.ts';
import type { PisteTokens } from '../../src/simulator/chorus-pro/piste.ts';
import type { RequestRecord } from '../../src/simulator/request-log.ts';
import type { FakeSink } from '../fakes/sink.ts';
import type { DayClock } from './bad-day-clock.ts';

/** The name of a fault that answers like a refusal: the directory behind Chorus Pro is out of order. */
export const DIRECTORY = 'directory';

/** Who calls the simulator: our client, or somebody else. */
type Caller = 'us' | 'stranger';

/** A connector told to hold, or to go on. */
interface Held {
  readonly at: number;
  readonly sink: string;
  readonly login: string;
  readonly on: boolean;
}

/** Opens the book of evidence; secrets of the fleet are known to it. */
export function openEvidence(clock: DayClock, fleet: readonly { readonly password: string }[]) {
  const events: (ChorusEvent & { readonly by: Caller })[] = [];
  const requests: (Omit<RequestRecord, 'at'> & { readonly at: number; readonly by: Caller })[] = [];
  const holds: Held[] = [];
  const writes: { readonly sink: string; readonly login: string }[] = [];
  const lines: string[] = [];
  const notes: { readonly at: number; readonly facts: Readonly<Record<string, unknown>> }[] = [];
  const tokens = new Set<string>();
  const passwords = new Set(fleet.map(({ password }) => password));
  let by: Caller = 'us';
  let refusedByAll: (login: string, times: number) => void = () => undefined;
  const note = (level: string) => (facts: Readonly<Record<string, unknown>>, message: string) => {
    notes.push({ at: clock.ms(), facts });
    const shown = (_key: string, value: unknown) => (value instanceof Error ? String(value.stack) : value);
    lines.push(`${clock.now()} ${level} ${message} ${JSON.stringify(facts, shown)}`);
  };
  const logger: Logger = { info: note('info'), warn: note('warn'), error: note('error') };
  return {
    ...{ events, requests, holds, writes, lines, tokens, passwords, logger },
    heard: (event: ChorusEvent) => events.push({ ...event, by }),
    asked: (record: RequestRecord) => {
      requests.push({ ...record, at: Temporal.Instant.from(record.at).epochMilliseconds, by });
      const { login, faults } = record;
      if (login === null || !faults.includes(DIRECTORY)) return;
      const alike = requests.filter((one) => one.login === login && one.faults.includes(DIRECTORY));
      refusedByAll(login, alike.length);
    },
    /** Hears of each refusal by the directory: whose, and how many times by now. */
    onDirectory: (heard: typeof refusedByAll) => {
      refusedByAll = heard;
    },
    /** What happens at the simulator meanwhile is somebody else's doing. */
    asStranger: async (work: () => Promise<void>) => {
      by = 'stranger';
      await work();
      by = 'us';
    },
    keepTokens: (given: Readonly<Record<string, PisteTokens>>) => {
      for (const ports of Object.values(given)) for (const token of ports.list()) tokens.add(token);
    },
    noted: (sink: FakeSink): Sink => ({
      ...sink,
      write: (content) => {
        writes.push({ sink: sink.name, login: content.login });
        return sink.write(content);
      },
      hold: ({ login, ...account }, { on }) => {
        holds.push({ at: clock.ms(), sink: sink.name, login, on });
        return sink.hold({ login, ...account }, { on });
      },
    }),
    /** Instants at which our client was refused an account's login, whatever the cause. */
    failuresOf: (login: string) =>
      [
        ...events.filter((one) => one.kind === 'login-refused' && one.by === 'us' && one.login === login),
        // A fault that answers like a refusal costs as much, for all that we know.
        ...requests.filter((one) => one.faults.includes(DIRECTORY) && one.login === login),
      ]
        .map(({ at }) => at)
        .sort((a, b) => a - b),
    /** How many questions about passwords in service of an environment brought no answer, by our log. */
    unansweredIn: (environment: ChorusEnvironment, from: number, until: number) =>
      notes
        .filter(({ at }) => at >= from && at < until)
        .filter(({ facts }) => facts.probed === 'unanswered' && facts.environment === environment).length,
    /** Instants at which our client had an answer about an account's password. */
    answersOf: (login: string) =>
      events
        .filter((one) => one.kind === 'login-ok' || one.kind === 'login-refused')
        .filter((one) => one.by === 'us' && one.login === login)
        .map(({ at }) => at),
  };
}

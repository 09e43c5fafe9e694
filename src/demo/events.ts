// What happens to passwords in the demo, gathered from where it is seen: the page, the daemon's log, the portal, the connector.

import type { Logger } from '../domain/ports/clock.ts';
import type { ManagerActions } from '../domain/ports/manager-api.ts';
import type { ChorusEvent } from '../simulator/chorus-pro/events.ts';
import type { ConnectorReport } from '../simulator/connector/sample-connector.ts';

/** Something that happened; never a password. */
export type Happening =
  /** The page of a link was opened for the first time. */
  | { readonly kind: 'opened'; readonly login: string }
  | { readonly kind: 'announced'; readonly login: string }
  /** A password came in by the page, or a choice about one that was unclear. */
  | { readonly kind: 'handed-in'; readonly login: string }
  /** It was not taken at once: `as` tells why, `findings` what was noticed. */
  | {
      readonly kind: 'not-taken';
      readonly login: string;
      readonly as: 'wrong' | 'unclear' | 'known' | 'shut';
      readonly findings: readonly string[];
    }
  /** Chorus Pro was asked. */
  | {
      readonly kind: 'judged';
      readonly login: string;
      readonly judged: string;
      readonly cause: string | null;
    }
  | { readonly kind: 'published'; readonly login: string }
  | { readonly kind: 'told'; readonly login: string; readonly hold: boolean }
  | { readonly kind: 'trouble'; readonly words: string }
  /** The demo's PISTE was taken down, or put up again. */
  | { readonly kind: 'piste'; readonly down: boolean }
  | { readonly kind: 'chorus-pro'; readonly event: ChorusEvent }
  | { readonly kind: 'connector'; readonly report: ConnectorReport };

export type Hear = (happening: Happening) => void;

/** The managers' desk, with what is asked of it told. */
export function heardDesk(desk: ManagerActions, hear: Hear): ManagerActions {
  const opened = new Set<string>();
  const visitOf = async (token: string) => {
    const found = await desk.visit(token);
    return found.kind === 'open' ? found.visit : null;
  };
  const handing = async (token: string, hand: () => ReturnType<ManagerActions['submit']>) => {
    const login = (await visitOf(token))?.login ?? null;
    if (login !== null) hear({ kind: 'handed-in', login });
    const handed = await hand();
    if (login === null || handed.kind === 'received' || handed.kind === 'ended') return handed;
    const findings = 'findings' in handed ? handed.findings.map(({ code }) => code) : [];
    hear({ kind: 'not-taken', login, as: handed.kind, findings });
    return handed;
  };
  return {
    visit: async (token) => {
      const found = await desk.visit(token);
      if (found.kind === 'open' && !opened.has(token)) {
        opened.add(token);
        hear({ kind: 'opened', login: found.visit.login });
      }
      return found;
    },
    announce: async (token) => {
      const visit = await visitOf(token);
      // Told before the connector is, and only where an announcement still says something.
      const isNews = visit !== null && ['ready', 'announced', 'refused'].includes(visit.progress.phase);
      if (isNews) hear({ kind: 'announced', login: visit.login });
      return desk.announce(token);
    },
    press: (token) => desk.press(token),
    submit: (token, typed) => handing(token, () => desk.submit(token, typed)),
    choose: (token, choice) => handing(token, () => desk.choose(token, choice)),
  };
}

/** The daemon's log of handovers, heard; `loginOf` names a technical user by its id. */
export function heardJournal(loginOf: (userId: number) => string, hear: Hear): Logger {
  const login = ({ userId }: Readonly<Record<string, unknown>>) => loginOf(Number(userId));
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  return {
    info: (facts, message) => {
      if ('hold' in facts) hear({ kind: 'told', login: login(facts), hold: facts.hold === true });
      else if ('judged' in facts)
        hear({ kind: 'judged', login: login(facts), judged: 'accepted', cause: null });
      else if (message === 'password published') hear({ kind: 'published', login: login(facts) });
    },
    warn: (facts, message) => {
      const judged = text(facts.judged);
      if (judged === null) hear({ kind: 'trouble', words: `${message}: ${text(facts.fault) ?? ''}` });
      else hear({ kind: 'judged', login: login(facts), judged, cause: text(facts.cause) });
    },
    error: (facts, message) => {
      const reason = facts.error instanceof Error ? facts.error.message : (text(facts.fault) ?? '');
      hear({ kind: 'trouble', words: `ERROR ${message}: ${reason}` });
    },
  };
}

// Events about passwords in the demo, collected from the managers' page, the daemon's log, the portal and the connector.
import type { Logger } from '../domain/ports/clock.ts';
import type { ManagerActions } from '../domain/ports/manager-api.ts';
import type { ChorusEvent } from '../simulator/chorus-pro/events.ts';
import type { ConnectorReport } from '../simulator/connector/sample-connector.ts';

/** An event; it never contains a password. */
export type DemoEvent =
  /** The page of a link was opened for the first time. */
  | { readonly kind: 'opened'; readonly login: string }
  | { readonly kind: 'announced'; readonly login: string }
  /** The page received a password, or a choice about an ambiguous one. */
  | { readonly kind: 'submitted'; readonly login: string }
  /** It was not accepted at once: `as` says why, `findings` what was noticed. */
  | {
      readonly kind: 'not-accepted';
      readonly login: string;
      readonly as: 'wrong' | 'unclear' | 'known' | 'shut';
      readonly findings: readonly string[];
    }
  /** Chorus Pro was asked. */
  | {
      readonly kind: 'checked';
      readonly login: string;
      readonly verdict: string;
      readonly cause: string | null;
    }
  | { readonly kind: 'published'; readonly login: string }
  | { readonly kind: 'hold-changed'; readonly login: string; readonly hold: boolean }
  | { readonly kind: 'failure'; readonly words: string }
  /** The demo's PISTE was taken down, or put up again. */
  | { readonly kind: 'piste'; readonly state: 'up' | 'down' }
  | { readonly kind: 'chorus-pro'; readonly event: ChorusEvent }
  | { readonly kind: 'connector'; readonly report: ConnectorReport };

export type EventListener = (event: DemoEvent) => void;

/** Wraps the managers' actions and reports each as an event. */
export function observedActions(actions: ManagerActions, onEvent: EventListener): ManagerActions {
  const opened = new Set<string>();
  const visitOf = async (token: string) => {
    const found = await actions.visit(token);
    return found.kind === 'open' ? found.visit : null;
  };
  const submitting = async (token: string, submit: () => ReturnType<ManagerActions['submit']>) => {
    const login = (await visitOf(token))?.login ?? null;
    if (login !== null) onEvent({ kind: 'submitted', login });
    const result = await submit();
    if (login === null || result.kind === 'received' || result.kind === 'ended') return result;
    const findings = 'findings' in result ? result.findings.map(({ code }) => code) : [];
    onEvent({ kind: 'not-accepted', login, as: result.kind, findings });
    return result;
  };
  return {
    visit: async (token) => {
      const found = await actions.visit(token);
      if (found.kind === 'open' && !opened.has(token)) {
        opened.add(token);
        onEvent({ kind: 'opened', login: found.visit.login });
      }
      return found;
    },
    announce: async (token) => {
      const visit = await visitOf(token);
      // Reported before the connector is told to hold, and only in phases in which an announcement has an effect.
      const isNews = visit !== null && ['ready', 'announced', 'refused'].includes(visit.progress.phase);
      if (isNews) onEvent({ kind: 'announced', login: visit.login });
      return actions.announce(token);
    },
    retryNow: (token) => actions.retryNow(token),
    giveDate: (token, typed) => actions.giveDate(token, typed),
    answer: (token, typed) => actions.answer(token, typed),
    submit: (token, typed) => submitting(token, () => actions.submit(token, typed)),
    choose: (token, choice) => submitting(token, () => actions.choose(token, choice)),
  };
}

/** The daemon's log of rotations, turned into events; `loginOf` gives a technical user's login by its id. */
export function observedLogger(loginOf: (userId: number) => string, onEvent: EventListener): Logger {
  const login = ({ userId }: Readonly<Record<string, unknown>>) => loginOf(Number(userId));
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  return {
    info: (facts, message) => {
      if ('hold' in facts) onEvent({ kind: 'hold-changed', login: login(facts), hold: facts.hold === true });
      else if ('judged' in facts)
        onEvent({ kind: 'checked', login: login(facts), verdict: 'accepted', cause: null });
      else if (message === 'password published') onEvent({ kind: 'published', login: login(facts) });
    },
    warn: (facts, message) => {
      const verdict = text(facts.judged);
      if (verdict === null) onEvent({ kind: 'failure', words: `${message}: ${text(facts.fault) ?? ''}` });
      else onEvent({ kind: 'checked', login: login(facts), verdict, cause: text(facts.cause) });
    },
    error: (facts, message) => {
      const reason = facts.error instanceof Error ? facts.error.message : (text(facts.fault) ?? '');
      onEvent({ kind: 'failure', words: `ERROR ${message}: ${reason}` });
    },
  };
}

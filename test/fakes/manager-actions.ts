// Actions of memory for managers and tools: they show and answer what they are told to, and write down every change asked of them.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { PortalProcedure } from '../../src/domain/notification/letter.ts';
import type { TypedAnswer } from '../../src/domain/parsing/answer.ts';
import type {
  AnnounceResult,
  AnswerResult,
  Choice,
  DateResult,
  LinkEnd,
  ManagerActions,
  RotationProgress,
  SubmissionResult,
  Visit,
} from '../../src/domain/ports/manager-api.ts';
import type { ToolActions, ToolSubmission } from '../../src/domain/ports/tool-api.ts';
import type { TypedSubmission } from '../../src/domain/submission/submission.ts';
import type { AccountReads } from '../../src/use-cases/registry/account-reads.ts';

/** The first link: 256 bits, as a real one. */
export const TOKEN = 'q1Zx7Yk2RrT0wVbN8mHc5JdL3sFgA6uEpXo9iQyWt_M';
/** The link of a further manager, who has a technical user of his own. */
export const tokenOf = (manager: number) => `${TOKEN}-${manager}`;

/** The manager that a link belongs to; 0 for the first one, null for a link that was never ours. */
function managerOf(token: string): number | null {
  if (token === TOKEN) return 0;
  const further = token.startsWith(`${TOKEN}-`) ? Number(token.slice(TOKEN.length + 1)) : 0;
  return further > 0 ? further : null;
}

/** The only tool there is: its token is of before there were purposes. */
export const TOOL_TOKEN = 'tool-3f0c7a5b9d2e';

/** Nothing in hand yet. */
export const READY: RotationProgress = {
  phase: 'ready',
  published: false,
  readBack: true,
  proven: false,
  refusals: 0,
  cause: null,
  currentStillWorks: null,
  bothRefused: false,
  heldBefore: false,
  retryRequestedAt: null,
  receivedAt: null,
  nextTryAt: null,
  waits: null,
  findings: [],
  canClean: false,
  lengths: null,
  oddDate: null,
  expiry: null,
};

/** A way through the portal as it is delivered. */
export function procedureOf(name: string): PortalProcedure {
  return parse(readFileSync(new URL(`../../config/procedures/${name}.yaml`, import.meta.url), 'utf8'));
}

/** A visit with plausible facts. */
export const VISIT: Visit = {
  language: 'fr',
  login: 'TECH_1_25900096600020@cpro.fr',
  environment: 'production',
  home: { siret: '25900096600020', name: 'Commune de Bavilliers' },
  further: [{ siret: '26900012300017', name: 'CCAS de Bavilliers' }],
  itService: {
    name: 'Service informatique du SIAGEP',
    email: 'service.informatique@siagep.example',
    phone: '03 84 57 65 40',
    postalAddress: '1 avenue de la Gare, 90000 Belfort',
  },
  procedure: procedureOf('current'),
  progress: READY,
  stopped: false,
  answered: null,
  asksDate: false,
  isFirst: false,
};

/** One thing that was asked and would change something. */
type Change =
  | { readonly kind: 'announce' | 'retry-now' }
  | { readonly kind: 'submit'; readonly typed: TypedSubmission }
  | { readonly kind: 'choose'; readonly choice: Choice }
  | { readonly kind: 'give-date'; readonly date: string }
  | { readonly kind: 'answer'; readonly typed: TypedAnswer }
  | { readonly kind: 'tool-submit'; readonly tool: string; readonly submission: ToolSubmission }
  | {
      readonly kind: 'adopt';
      readonly login: string;
      readonly environment: string | null;
      readonly version: number;
    }
  | {
      readonly kind: 'refused';
      readonly tool: string;
      readonly login: string;
      readonly environment: string | null;
    };

/** Fake actions and the strings to pull them by. */
export interface FakeActions {
  readonly link: ManagerActions;
  readonly tools: ToolActions;
  /** Nothing is to be read. */
  readonly accounts: AccountReads;
  /** Every change that was asked for, in order. */
  readonly changes: readonly Change[];
  /** How often the link was looked up. */
  reads(): number;
  /** What a visit shows from now on, or why the link is ended. */
  shows(visit: Partial<Visit> | LinkEnd, as?: 'open' | 'done'): void;
  /** What is answered from now on. */
  announces(announced: AnnounceResult): void;
  answers(handed: SubmissionResult | 'unknown-login' | Error): void;
  adopts(outcome: Awaited<ReturnType<ToolActions['adopt']>>): void;
  dates(outcome: DateResult): void;
  takes(outcome: AnswerResult): void;
  reports(outcome: Awaited<ReturnType<ToolActions['refused']>>): void;
}

/** A password received and being proven. */
export const RECEIVED: SubmissionResult = {
  kind: 'received',
  rotationId: '0199f3c2',
  progress: { ...READY, phase: 'proving', receivedAt: 0 },
};

/** Fake actions with one open link and one tool. */
export function fakeActions(): FakeActions {
  const changes: Change[] = [];
  let reads = 0;
  let shown: Visit | LinkEnd = VISIT;
  let shownAs: 'open' | 'done' = 'open';
  let dated: DateResult = { kind: 'known' };
  let given: AnswerResult = { kind: 'ended', why: 'unknown' };
  let announced: AnnounceResult = { kind: 'announced', until: 0 };
  let answer: SubmissionResult | 'unknown-login' | Error = RECEIVED;
  let reported: Awaited<ReturnType<ToolActions['refused']>> = { kind: 'none' };
  let outcome: Awaited<ReturnType<ToolActions['adopt']>> = 'adopted';
  const ended = (token: string): LinkEnd | null =>
    managerOf(token) === null ? 'unknown' : typeof shown === 'string' ? shown : null;
  const handed = (token: string, change: Change): SubmissionResult => {
    const why = ended(token);
    if (why !== null) return { kind: 'ended', why };
    changes.push(change);
    if (answer instanceof Error) throw answer;
    if (answer === 'unknown-login') throw new Error('only tools name a login');
    return answer;
  };
  return {
    changes,
    reads: () => reads,
    shows: (visit, as = 'open') => {
      shownAs = as;
      shown = typeof visit === 'string' ? visit : { ...VISIT, ...visit };
    },
    announces: (next) => {
      announced = next;
    },
    answers: (next) => {
      answer = next;
    },
    adopts: (next) => {
      outcome = next;
    },
    dates: (next) => {
      dated = next;
    },
    takes: (next) => {
      given = next;
    },
    reports: (next) => {
      reported = next;
    },
    link: {
      visit: async (token) => {
        reads += 1;
        const manager = managerOf(token);
        if (manager === null) return { kind: 'ended', why: 'unknown' };
        if (typeof shown === 'string') return { kind: 'ended', why: shown };
        const login = manager === 0 ? shown.login : `TECH_${manager}_25900096600020@cpro.fr`;
        return { kind: shownAs, visit: { ...shown, login } };
      },
      announce: async (token) => {
        const why = ended(token);
        if (why !== null) return { kind: 'ended', why };
        changes.push({ kind: 'announce' });
        return announced;
      },
      submit: async (token, typed) => handed(token, { kind: 'submit', typed }),
      retryNow: async (token) => handed(token, { kind: 'retry-now' }),
      choose: async (token, choice) => handed(token, { kind: 'choose', choice }),
      giveDate: async (token, typed) => {
        const why = ended(token);
        if (why !== null) return { kind: 'ended', why };
        changes.push({ kind: 'give-date', date: typed });
        return dated;
      },
      answer: async (token, typed) => {
        const why = ended(token);
        if (why !== null) return { kind: 'ended', why };
        changes.push({ kind: 'answer', typed });
        return given;
      },
    },
    accounts: {
      accounts: async () => ({ accounts: [], next: null }),
      account: async () => null,
      tasks: async () => ({ tasks: [], next: null }),
    },
    tools: {
      known: async (token) =>
        token === TOOL_TOKEN
          ? { name: 'gestion-technique', purpose: null, logins: null, environment: null }
          : null,
      submit: async (tool, submission) => {
        changes.push({ kind: 'tool-submit', tool, submission });
        if (answer instanceof Error) throw answer;
        return answer === 'unknown-login' ? { kind: 'unknown-login' } : answer;
      },
      adopt: async (_tool, account, report) => {
        changes.push({ kind: 'adopt', ...account, ...report });
        return outcome;
      },
      refused: async (tool, login, environment) => {
        changes.push({ kind: 'refused', tool, login, environment });
        return reported;
      },
    },
  };
}

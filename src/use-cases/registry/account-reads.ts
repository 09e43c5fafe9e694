// What a tool may read over the API: accounts and open tasks, as far as its token goes; the facts are those of `releve list`, `show` and
// `task`.
//
// Invariant: nothing of a password, no evidence, no letter, link or token is among them.

import { taskTitle } from '../../content/letters/digest/task-list.ts';
import {
  answerForPrograms,
  datesForPrograms,
  handoverForPrograms,
  healthForPrograms,
  taskFacts,
} from '../../content/terminal/account-facts.ts';
import { isoTime } from '../../content/terminal/formats.ts';
import type { Environment, Person, TechnicalUser } from '../../domain/account/technical-user.ts';
import { type ApiTool, withinGrant } from '../../domain/registry/api-token.ts';
import { accountStatusOf } from '../../domain/reminder/account-status.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import { nextChecksOf } from '../rotation/next-checks.ts';
import { nowOf, type RotationPorts } from '../rotation/rotation-ports.ts';
import type { TaskActions } from '../tasks/tasks.ts';
import { accountLines, type ListSource, type ServiceStates } from './account-list.ts';

/** Accounts, or tasks, in one page. */
const PAGE = 200;

export interface ReadParts {
  readonly ports: Pick<RotationPorts, 'rotations' | 'platforms' | 'rules' | 'clock'>;
  readonly listRules: ListSource['rules'];
  readonly states: ServiceStates;
  readonly tasks: Pick<TaskActions, 'list'>;
  /** Technical users of a login, in either environment. */
  usersOf(login: string): Promise<readonly TechnicalUser[]>;
  /** Those in use that a token is for, with ids greater than `id`, in rising order. */
  usersAfter(
    grant: Pick<ApiTool, 'logins' | 'environment'>,
    after: { readonly id: number; readonly limit: number },
  ): Promise<readonly TechnicalUser[]>;
}

export type AccountReads = ReturnType<typeof openAccountReads>;

export function openAccountReads(parts: ReadParts) {
  const { ports, states } = parts;
  const linesOf = async (users: readonly TechnicalUser[]) => {
    const matters = new Map(
      (await states.openMatters(users.map(({ id }) => id))).map((one) => [one.userId, one]),
    );
    const today = parisDay(ports.clock.now());
    return accountLines({ states, rules: parts.listRules }, users, matters, today);
  };
  return {
    /** A page of the accounts in use; `next` is given for `after` where there are more. */
    accounts: async (tool: ApiTool, after: number) => {
      const users = await parts.usersAfter(tool, { id: after, limit: PAGE + 1 });
      const page = pageOf(users, ({ id }) => id);
      return { accounts: await linesOf(page.items), next: page.next };
    },
    /** Null where there is no such technical user, or one in each environment and none was named. */
    account: async (login: string, environment: Environment | null) => {
      const users = (await parts.usersOf(login)).filter(
        (user) => environment === null || user.environment === environment,
      );
      const [user, ...others] = users;
      if (user === undefined || others.length > 0) return null;
      const [line] = await linesOf([user]);
      const facts = await factsOf(parts, user);
      return line === undefined || facts === null ? null : { ...line, ...facts };
    },
    /** A page of the open tasks, oldest first. */
    tasks: async (tool: ApiTool, after: number) => {
      const open = (await parts.tasks.list({ done: false })).filter(
        ({ task, user }) =>
          task.number > after && withinGrant(tool, user.login, user.environment)?.login === user.login,
      );
      const page = pageOf(open, ({ task }) => task.number);
      return {
        tasks: page.items.map((one) => ({ ...taskFacts(one), title: taskTitle(one, 'en') })),
        next: page.next,
      };
    },
  };
}

function pageOf<T>(found: readonly T[], keyOf: (one: T) => number) {
  const items = found.slice(0, PAGE);
  const last = items.at(-1);
  return { items, next: found.length > PAGE && last !== undefined ? keyOf(last) : null };
}

/** What `releve show` knows of an account beyond its line in the list; null where it is not known any more. */
async function factsOf({ ports, listRules }: ReadParts, user: TechnicalUser) {
  const aggregate = await ports.rotations.aggregate(user.id);
  if (aggregate === null) return null;
  const next = await nextChecksOf(ports, aggregate);
  const status = accountStatusOf(user, parisDay(ports.clock.now()), listRules);
  const { budget } = ports.rules;
  return {
    ...datesForPrograms({ user, status }, listRules),
    structurePhone: user.home.phone,
    further: user.further,
    principal: user.principal === null ? null : personFacts(user.principal),
    secondaries: user.secondaries.map(personFacts),
    answered: answerForPrograms(user),
    inService: withoutEvidence(healthForPrograms(aggregate, next.inService)),
    handovers: handoverForPrograms(aggregate, { budget, next: next.candidate, now: nowOf(ports) }),
  };
}

/** What was seen on the wire stays on this machine. */
function withoutEvidence(health: ReturnType<typeof healthForPrograms>) {
  if (health === null) return null;
  const { evidence: _, ...facts } = health;
  return facts;
}

function personFacts({ name, email, language, phone, dead }: Person) {
  return {
    name,
    email,
    language,
    phone,
    addressRefusedAt: isoTime(dead?.since ?? null),
  };
}

// The actions of IT tools: submit a password, and report the version that a connector uses.
import type { Environment, TechnicalUser } from '../../domain/account/technical-user.ts';
import { adopt } from '../../domain/monitoring/adoption.ts';
import { reportRefused } from '../../domain/monitoring/probe-claim.ts';
import type { ApiTokens } from '../../domain/ports/links.ts';
import type { ToolActions } from '../../domain/ports/tool-api.ts';
import { follow } from './manager-actions.ts';
import type { ManagerParts } from './manager-link.ts';
import { nowOf } from './rotation-ports.ts';
import { submit } from './submit.ts';

export interface ToolParts extends Pick<ManagerParts, 'ports' | 'validity' | 'patience' | 'wait'> {
  readonly tools: ApiTokens;
  /** Technical users of a login, in either environment. */
  usersOf(login: string): Promise<readonly TechnicalUser[]>;
}

export function openToolActions(parts: ToolParts): ToolActions {
  const { ports, tools } = parts;
  return {
    known: (token) => tools.find(ports.vault.hashOf(token)),
    submit: async (tool, { login, environment, typed, choice }) => {
      const user = await only(parts, login, environment);
      if (user === null) return { kind: 'unknown-login' };
      const actor = { channel: 'api', by: tool } as const;
      const submission = { ...actor, typed, choice, changedOn: null, keepUnclear: false, claimsCheck: true };
      return follow(parts, user, await submit(ports, user, submission));
    },
    adopt: async (tool, { login, environment }, report) => {
      const user = await only(parts, login, environment);
      if (user === null) return 'unknown-login';
      return ports.rotations.update(user.id, (aggregate) =>
        adopt(aggregate, { ...report, who: tool }, ports.rules, nowOf(ports)),
      );
    },
    refused: async (tool, login, environment) => {
      const user = await only(parts, login, environment);
      if (user === null) return { kind: 'unknown-login' };
      return ports.rotations.update(user.id, (aggregate) =>
        reportRefused(aggregate, tool, ports.rules, nowOf(ports)),
      );
    },
  };
}

async function only(
  { usersOf }: ToolParts,
  login: string,
  environment: Environment | null,
): Promise<TechnicalUser | null> {
  const users = (await usersOf(login)).filter(
    (user) => environment === null || user.environment === environment,
  );
  const [user, ...others] = users;
  return user === undefined || user.retired || others.length > 0 ? null : user;
}

// What IT tools can do with a token: hand in a password, and say which version a connector uses.

import type { Environment } from '../../domain/account/expiry.ts';
import type { Watched } from '../../domain/account/technical-user.ts';
import { reportRefused } from '../../domain/monitoring/probe-claim.ts';
import type { ToolDesk } from '../../domain/ports/manager-api.ts';
import type { Tools } from '../../domain/ports/world-handover.ts';
import { adopt } from '../../domain/rotation/publication.ts';
import { type DeskParts, follow } from './manager-actions.ts';
import { nowOf } from './rotation-ports.ts';
import { submit } from './submit.ts';

export interface ToolDeskParts extends Pick<DeskParts, 'world' | 'validity' | 'patience' | 'wait'> {
  readonly tools: Tools;
  /** Technical users of a login, in either environment. */
  usersOf(login: string): Promise<readonly Watched[]>;
}

export function openToolDesk(parts: ToolDeskParts): ToolDesk {
  const { world, tools } = parts;
  return {
    known: (token) => tools.nameOf(world.vault.hashOf(token)),
    submit: async (tool, { login, environment, typed, choice }) => {
      const user = await only(parts, login, environment);
      if (user === null) return { kind: 'unknown-login' };
      const bringer = { channel: 'api', by: tool } as const;
      const submission = { ...bringer, typed, choice, changedOn: null, keepUnclear: false, asks: true };
      return follow(parts, user, await submit(world, user, submission));
    },
    adopt: async (tool, login, environment, version) => {
      const user = await only(parts, login, environment);
      if (user === null) return 'unknown-login';
      const done = await world.rotations.turn(user.id, (book) => adopt(book, version, tool, nowOf(world)));
      return done ? 'adopted' : 'other-version';
    },
    refused: async (tool, login, environment) => {
      const user = await only(parts, login, environment);
      if (user === null) return { kind: 'unknown-login' };
      return world.rotations.turn(user.id, (book) => reportRefused(book, tool, world.rules, nowOf(world)));
    },
  };
}

async function only(
  { usersOf }: ToolDeskParts,
  login: string,
  environment: Environment | null,
): Promise<Watched | null> {
  const users = (await usersOf(login)).filter(
    (user) => environment === null || user.environment === environment,
  );
  const [user, ...others] = users;
  return user === undefined || user.retired || others.length > 0 ? null : user;
}

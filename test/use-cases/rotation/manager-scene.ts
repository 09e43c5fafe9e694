// A manager's link in a world: the actions behind it, and the secret part of a fresh one, as a letter carries it.
import { openLetterContext } from '../../../src/use-cases/reminders/letter-context.ts';
import { openManagerActions } from '../../../src/use-cases/rotation/manager-actions.ts';
import type { ManagerParts } from '../../../src/use-cases/rotation/manager-link.ts';
import { SENDER } from '../../content/letters/sample-facts.ts';
import { DAY } from '../../fakes/clock.ts';
import { rulesWith } from '../../fakes/rules.ts';
import type { World } from '../../rig/world.ts';

/** How long a link lasts. */
export const LASTS = 120 * DAY;

/** `world` is asked for each time: tests open a new one. */
export function managerScene(world: () => World) {
  const parts = (): ManagerParts => ({
    ports: world().ports,
    links: world().links,
    sender: SENDER,
    validity: world().validity,
    calendar: rulesWith().calendar,
    patience: 5_000,
    wait: (ms) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref()),
  });
  return {
    parts,
    actions: () => openManagerActions(parts()),
    /** `isFirst`: as a letter carries it that asks for the first password. */
    freshToken: async ({ isFirst = false } = {}): Promise<string> => {
      const { links, clock, vault, ports } = world();
      const letters = openLetterContext({
        ...{ links, clock, vault },
        rotations: ports.rotations,
        seals: ports.seals,
        origin: 'https://releve.example',
        lasts: LASTS,
      });
      const to = { address: 'maire@example.test', name: 'Madame Maire', field: 'to', personId: 1 } as const;
      const user = await world().user();
      const id = `letter-${world().now()}`;
      const of = { userId: user.id, login: user.login, version: user.version };
      const item = { ...of, id, deadline: null, step: null, first: isFirst };
      const link = await letters.linkFor(user, to, { id, kind: 'link', language: 'fr', items: [item] });
      const [, token] = /^https:\/\/releve\.example\/m\/([\w-]{43})$/.exec(link ?? '') ?? [];
      if (token === undefined) throw new Error('no link could be made');
      return token;
    },
  };
}

// What letters need of rotations: whether a link can be offered, and a new one for each letter.
import type { Clock } from '../../domain/ports/clock.ts';
import type { Links } from '../../domain/ports/links.ts';
import type { LetterContext } from '../../domain/ports/reminders.ts';
import type { Rotations } from '../../domain/ports/rotations.ts';
import type { SealedSecrets, Vault } from '../../domain/ports/vault.ts';
import { vaultFault } from '../rotation/rotation-ports.ts';
import { asksFirst } from './send-link.ts';

export interface LinkParts {
  readonly links: Links;
  readonly rotations: Rotations;
  readonly vault: Vault;
  readonly seals: Pick<SealedSecrets, 'fingerprintKey'>;
  readonly clock: Clock;
  /** The address of the managers' page, without a path. */
  readonly origin: string;
  /** How long a link can be used, in ms. */
  readonly lasts: number;
}

/** Offers links only while a password can be received: without a master key letters give the telephone number alone. */
export function openLetterContext(parts: LinkParts): LetterContext {
  const { links, rotations, vault, clock, origin, lasts } = parts;
  return {
    aggregate: (userId) => rotations.aggregate(userId),
    canLink: async () => (await vaultFault(parts)) === null,
    asksFirst: (userId) => links.asksFirst(userId, clock.now().epochMilliseconds),
    linkFor: async (user, recipient, letter) => {
      if ((await vaultFault(parts)) !== null) return null;
      const { token, hash } = vault.newToken();
      const issuedAt = clock.now().epochMilliseconds;
      const { address, name: person } = recipient;
      const { id: userId, version } = user;
      const { id: letterId, language } = letter;
      const of = { userId, version, isFirst: asksFirst(letter), letterId, language, address, person };
      await links.issue([{ ...of, hash, issuedAt, until: issuedAt + lasts }]);
      return `${origin}/m/${token}`;
    },
  };
}

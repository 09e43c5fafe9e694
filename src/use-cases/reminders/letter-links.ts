// The links of letters: made just before a letter leaves, so that no link ever lies in the database.

import type { Vault } from '../../domain/ports/vault.ts';
import type { Clock, LetterContext } from '../../domain/ports/world.ts';
import type { Links, Rotations, SealedSecrets } from '../../domain/ports/world-handover.ts';
import { vaultFault } from '../rotation/rotation-ports.ts';

/** What links are made of. */
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

/** Offers links as long as a password could be received: without a master key letters name the telephone alone. */
export function openLetterContext(parts: LinkParts): LetterContext {
  const { links, rotations, vault, clock, origin, lasts } = parts;
  return {
    aggregate: (userId) => rotations.aggregate(userId),
    linkFor: async (user, letterId, reader, language) => {
      if ((await vaultFault(parts)) !== null) return null;
      const { token, hash } = vault.newToken();
      const issuedAt = clock.now().epochMilliseconds;
      const { address, name: person } = reader;
      const { id: userId, version } = user;
      await links.issue([
        { hash, userId, version, letterId, address, person, language, issuedAt, until: issuedAt + lasts },
      ]);
      return `${origin}/m/${token}`;
    },
  };
}

// How to renew a password on one portal and hand it over: the steps, from the announcement to the last click.
import type { Environment } from '../../domain/account/expiry.ts';
import type { Language, Structure } from '../../domain/account/technical-user.ts';
import type { Block, SenderProfile } from '../../domain/notification/letter.ts';
import { portalSteps } from './portal-steps.ts';
import { RENEW_WORDS } from './renew-words.ts';

/** An account to renew; its link, when there is one, is the way to hand the new password over. */
export interface Renewable {
  readonly login: string;
  readonly home: Structure;
  readonly link: string | null;
}

/** The steps to renew accounts of one environment; at least one. */
export function renewSteps(
  environment: Environment,
  accounts: readonly Renewable[],
  sender: SenderProfile,
  language: Language,
): Block[] {
  const words = RENEW_WORDS[language];
  const service = sender.itService;
  const { title, door, renew } = sender.procedures[environment];
  const bare = accounts.filter(({ link }) => link === null);
  const linked = bare.length < accounts.length;
  const allLinked = bare.length === 0;
  const items = [
    linked ? words.announceStep : words.warnStep(service),
    ...portalSteps([...door[language], ...renew[language]], accounts, language),
    linked ? words.linkStep : words.handOverStep(service),
  ];
  if (linked && !allLinked) {
    items.push(
      words.bareStep(
        bare.map(({ login }) => login),
        service,
      ),
    );
  }
  if (accounts.length > 1) items.push(allLinked ? words.againWithLinks : words.againStep);
  return [
    { kind: 'notice', text: linked ? words.announceFirst(service) : words.warnFirst },
    { kind: 'paragraph', text: words.path(title[language]) },
    { kind: 'steps', items },
    { kind: 'notice', text: allLinked ? words.nobodyElseLinked : words.nobodyElse },
  ];
}

// All facts in the order they are looked at: what costs no account first, odd calls last, then what all answers have in common.
import type { Fact } from './fact.ts';
import { CLOSING_FACTS, WORLD_FACTS } from './facts-all-answers.ts';
import { ANSWER_FACTS } from './facts-answers.ts';
import { ADDRESS_FACTS, BEARER_FACTS } from './facts-gateway.ts';
import { LOGIN_FACTS } from './facts-login.ts';
import { SEARCH_FACTS } from './facts-search.ts';
import { TOKEN_FACTS } from './facts-token.ts';

export const FACTS: readonly Fact[] = [
  ...TOKEN_FACTS,
  ...BEARER_FACTS,
  ...LOGIN_FACTS,
  ...ANSWER_FACTS,
  ...SEARCH_FACTS,
  ...ADDRESS_FACTS,
  ...WORLD_FACTS,
  ...CLOSING_FACTS,
];

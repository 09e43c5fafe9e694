// Facts of the gateway in front of Chorus Pro: what it says to calls with a bad token, to unknown addresses and to other methods.
import { randomBytes } from 'node:crypto';
import type { Answer } from './bare-http.ts';
import type { Caller } from './caller.ts';
import type { Fact, Seen } from './fact.ts';
import { HEALTH, NOWHERE, RATES } from './paths.ts';
import { told } from './shape.ts';

const challengeOf = ({ headers }: Answer) => headers['www-authenticate'] ?? '';
const names = (answer: Answer, realm: string, error: string) =>
  new RegExp(`realm="${realm}"`).test(challengeOf(answer)) &&
  new RegExp(`error="${error}"`).test(challengeOf(answer));

const anonymous = (caller: Caller) =>
  caller.withoutAccount('no Authorization', { path: RATES }, { Authorization: null });
const nowhere = (caller: Caller) => caller.asAccount('unknown address', { path: NOWHERE });

const isClientFault = ({ status }: Answer) => status >= 400 && status < 500;
const seenOf = (answer: Answer, holds: boolean): Seen => ({ holds, seen: told(answer) });

/** Facts about the token that a call bears. */
export const BEARER_FACTS: readonly Fact[] = [
  {
    mark: 'sure',
    paragraph: '2.3',
    says: 'a call without Authorization gets a 400 of the DefaultRealm, not a 401',
    expected: '400 · realm="DefaultRealm", error="invalid_request"',
    async look(caller) {
      const answer = await anonymous(caller);
      return seenOf(answer, answer.status === 400 && names(answer, 'DefaultRealm', 'invalid_request'));
    },
  },
  {
    mark: 'sure',
    paragraph: '2.3',
    says: 'a malformed Authorization gets the same 400',
    expected: '400 · realm="DefaultRealm", error="invalid_request"',
    async look(caller) {
      const answer = await caller.withoutAccount(
        'malformed Authorization',
        { path: RATES },
        { Authorization: 'Bearer' },
      );
      return seenOf(answer, answer.status === 400 && names(answer, 'DefaultRealm', 'invalid_request'));
    },
  },
  {
    mark: 'likely',
    paragraph: '2.3',
    says: 'a token that nobody was given gets a 401 of the DefaultRealm',
    expected: '401 · realm="DefaultRealm", error="invalid_token"',
    async look(caller) {
      const Authorization = `Bearer ${randomBytes(40).toString('base64url')}`;
      const answer = await caller.withoutAccount('made-up token', { path: RATES }, { Authorization });
      return seenOf(answer, answer.status === 401 && names(answer, 'DefaultRealm', 'invalid_token'));
    },
  },
];

/** Facts about addresses and methods; the account goes along, so that nothing but the address is at fault. */
export const ADDRESS_FACTS: readonly Fact[] = [
  {
    mark: 'sure',
    paragraph: '2.3',
    says: 'an address that is not declared is forbidden, not absent',
    expected: '403',
    async look(caller) {
      const answer = await nowhere(caller);
      return seenOf(answer, answer.status === 403);
    },
  },
  {
    mark: 'likely',
    paragraph: '2.3',
    says: 'that 403 has an empty body',
    expected: 'empty body',
    async look(caller) {
      const answer = await nowhere(caller);
      return seenOf(answer, answer.status === 403 && answer.body.length === 0);
    },
  },
  {
    mark: 'unknown',
    paragraph: '1.1',
    says: 'an operation answers to POST only: GET is refused',
    expected: 'a status of 4xx',
    async look(caller) {
      const answer = await caller.asAccount('rates by GET', { path: RATES, method: 'GET' });
      return seenOf(answer, isClientFault(answer));
    },
  },
  {
    mark: 'unknown',
    paragraph: '1.1',
    says: 'the health check answers to GET only: POST is refused',
    expected: 'a status of 4xx',
    async look(caller) {
      const answer = await caller.asAccount('health by POST', { path: HEALTH });
      return seenOf(answer, isClientFault(answer));
    },
  },
  {
    mark: 'likely',
    paragraph: '2.2',
    says: 'a body that is not declared as JSON is an unsupported format',
    expected: '415',
    async look(caller) {
      const answer = await caller.asAccount('rates as XML', { path: RATES, type: 'application/xml' });
      return seenOf(answer, answer.status === 415);
    },
  },
];

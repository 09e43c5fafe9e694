// Facts of login and password: how a refusal looks, when it comes, and in which form they are accepted.
import type { Answer } from './bare-http.ts';
import type { Caller } from './caller.ts';
import type { Fact, Seen } from './fact.ts';
import { HEALTH, RATES } from './paths.ts';
import { told } from './shape.ts';

const seenOf = (answer: Answer, holds: boolean): Seen => ({ holds, seen: told(answer) });
const stranger = (caller: Caller) => caller.asStranger('stranger', { path: RATES });

/** The one refusal that is about login and password. */
const isLoginRefused = ({ status, headers }: Answer) =>
  status === 401 &&
  /realm="PISTE"/.test(headers['www-authenticate'] ?? '') &&
  /login or password/.test(headers['www-authenticate'] ?? '');

const REFUSAL = '401 · Bearer realm="PISTE", …, "login or password incorrects"';

/** Facts that cost one refusal each, of a login that nobody has. */
const REFUSAL_FACTS: readonly Fact[] = [
  {
    mark: 'sure',
    paragraph: '2.3',
    says: 'an unknown login gets a 401 of the realm PISTE, and the reason stands in its header',
    expected: REFUSAL,
    async look(caller) {
      const answer = await stranger(caller);
      return seenOf(answer, isLoginRefused(answer));
    },
  },
  {
    mark: 'likely',
    paragraph: '6.2',
    says: 'that 401 has an empty body',
    expected: 'empty body',
    async look(caller) {
      const answer = await stranger(caller);
      return seenOf(answer, answer.status === 401 && answer.body.length === 0);
    },
  },
  {
    mark: 'likely',
    paragraph: '2.3',
    says: 'the 401 comes before the body is looked at',
    expected: REFUSAL,
    async look(caller) {
      const answer = await caller.asStranger('stranger with a broken body', {
        path: RATES,
        body: '{"broken',
      });
      return seenOf(answer, isLoginRefused(answer));
    },
  },
  {
    mark: 'unknown',
    paragraph: '4',
    says: 'the health check does not look at login and password',
    expected: '200',
    async look(caller) {
      const answer = await caller.asStranger('stranger asks for health', { path: HEALTH, method: 'GET' });
      return seenOf(answer, answer.status === 200);
    },
  },
  {
    mark: 'likely',
    paragraph: '2.1',
    says: 'a call without cpro-account is refused as an unknown login is',
    expected: REFUSAL,
    async look(caller) {
      const answer = await caller.withoutAccount('no account', { path: RATES });
      return seenOf(answer, isLoginRefused(answer));
    },
  },
];

const FORM_FACTS: readonly Fact[] = [
  {
    mark: 'sure',
    paragraph: '2.3',
    says: 'a wrong password of a known login is refused as an unknown login is',
    expected: REFUSAL,
    needs: 'spare account',
    async look(caller) {
      const answer = await caller.asAccount('rates with a wrong password', { path: RATES }, 'wrong password');
      return seenOf(answer, isLoginRefused(answer));
    },
  },
  {
    mark: 'sure',
    paragraph: '2.1',
    says: 'cpro-account is padded base64 of login:password in UTF-8, with no "Basic " before it',
    expected: '200',
    async look(caller) {
      const answer = await caller.asAccount('rates', { path: RATES });
      return seenOf(answer, answer.status === 200);
    },
  },
  {
    mark: 'unknown',
    paragraph: '2.1',
    says: 'with "Basic " before it, it is not believed',
    expected: '401',
    needs: 'spare account',
    async look(caller) {
      const answer = await caller.asAccount('rates with a prefix', { path: RATES }, 'prefixed');
      return seenOf(answer, answer.status === 401);
    },
  },
  {
    mark: 'unknown',
    paragraph: '2.1',
    says: 'without its padding, it is not believed',
    expected: '401',
    needs: 'spare account',
    async look(caller) {
      if (!caller.needsPadding()) return { holds: null, seen: 'this account needs no padding' };
      const answer = await caller.asAccount('rates without padding', { path: RATES }, 'unpadded');
      return seenOf(answer, answer.status === 401);
    },
  },
];

export const LOGIN_FACTS: readonly Fact[] = [...REFUSAL_FACTS, ...FORM_FACTS];

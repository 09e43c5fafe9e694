// Facts of PISTE's token call: what a token looks like and how long it lives, and how wrong credentials are answered.
import { randomUUID } from 'node:crypto';
import type { Answer } from './bare-http.ts';
import type { Caller } from './caller.ts';
import type { Fact, Seen } from './fact.ts';
import { HEALTH } from './paths.ts';
import { bodyShape, fieldsOf, told } from './shape.ts';

/** What was told of an answer, and whether it is as it should be. */
const seenOf = (answer: Answer, holds: boolean): Seen => ({ holds, seen: told(answer) });

const unknownClient = (caller: Caller) => caller.askToken('unknown client', { client_id: randomUUID() });
const wrongSecret = (caller: Caller) => caller.askToken('wrong secret', { client_secret: randomUUID() });

export const TOKEN_FACTS: readonly Fact[] = [
  {
    mark: 'sure',
    paragraph: '1.2',
    says: 'a form with the client credentials gets a bearer token in JSON',
    expected: '200 with access_token, token_type Bearer, expires_in and scope openid',
    async look(caller) {
      const answer = await caller.askToken('right');
      const { access_token: token, token_type: type, scope } = fieldsOf(answer) ?? {};
      const isToken = typeof token === 'string' && /^[\x21-\x7e]+$/.test(token);
      return seenOf(answer, answer.status === 200 && isToken && type === 'Bearer' && scope === 'openid');
    },
  },
  {
    mark: 'sure',
    paragraph: '1.2',
    says: 'a token lives for an hour, told as a number of seconds',
    expected: 'expires_in 3600',
    async look(caller) {
      const life = fieldsOf(await caller.askToken('right'))?.expires_in;
      return { holds: life === 3600, seen: `expires_in ${typeof life} ${Number(life)}` };
    },
  },
  {
    mark: 'sure',
    paragraph: '1.2',
    says: 'a token is opaque, and some 54 characters long',
    expected: '40 to 70 characters, and no JWT',
    async look(caller) {
      const token = await caller.token();
      const holds = token.length >= 40 && token.length <= 70 && token.split('.').length !== 3;
      return { holds, seen: `${token.length} characters in ${token.split('.').length} part(s)` };
    },
  },
  {
    mark: 'sure',
    paragraph: '1.2',
    says: 'no refresh token comes with it',
    expected: 'no refresh_token',
    async look(caller) {
      const fields = fieldsOf(await caller.askToken('right'));
      return {
        holds: fields !== null && !('refresh_token' in fields),
        seen: Object.keys(fields ?? {}).join(', '),
      };
    },
  },
  {
    mark: 'sure',
    paragraph: '1.2',
    says: 'the scope is not enforced: a form without it gets a token too',
    expected: '200 with access_token',
    async look(caller) {
      const answer = await caller.askToken('no scope', { scope: null });
      return seenOf(answer, answer.status === 200 && typeof fieldsOf(answer)?.access_token === 'string');
    },
  },
  {
    mark: 'unknown',
    paragraph: '1.2',
    says: 'a second token does not end the first: two programs may share one application',
    expected: 'a call with the first token is still let in',
    async look(caller) {
      await caller.token();
      await caller.askToken('no scope', { scope: null });
      const answer = await caller.withoutAccount('first token after the second', {
        path: HEALTH,
        method: 'GET',
      });
      return seenOf(
        answer,
        !/DefaultRealm/.test(answer.headers['www-authenticate'] ?? '') && answer.status < 500,
      );
    },
  },
  {
    mark: 'sure',
    paragraph: '1.3',
    says: 'an unknown client gets a 400 that says invalid_client',
    expected: '400 with error invalid_client',
    async look(caller) {
      const answer = await unknownClient(caller);
      return seenOf(answer, answer.status === 400 && fieldsOf(answer)?.error === 'invalid_client');
    },
  },
  {
    mark: 'sure',
    paragraph: '1.3',
    says: 'a wrong secret gets the same answer as an unknown client, byte for byte',
    expected: '400 with error invalid_client, the same bytes',
    async look(caller) {
      const [unknown, wrong] = [await unknownClient(caller), await wrongSecret(caller)];
      const isSame = unknown.status === wrong.status && unknown.body.equals(wrong.body);
      const isTold = wrong.status === 400 && fieldsOf(wrong)?.error === 'invalid_client';
      const seen = `${wrong.status} · ${bodyShape(wrong)} · ${isSame ? 'the same bytes' : 'not the same'}`;
      return { holds: isSame && isTold, seen };
    },
  },
];

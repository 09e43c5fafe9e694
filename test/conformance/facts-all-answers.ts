// Facts about all answers of a run, and about the two environments; checked last.
import type { Answer } from './bare-http.ts';
import type { Caller } from './caller.ts';
import type { Fact } from './fact.ts';
import { RATES } from './paths.ts';
import { fieldsOf, jsonOf, told } from './shape.ts';

/** Successes of operations: the health check has no codeRetour, and refusals of the gateway have no JSON. */
const operations = (caller: Caller): readonly Answer[] =>
  caller
    .heard()
    .filter((answer) => answer.status === 200 && !('statusCodeValue' in (fieldsOf(answer) ?? {})));

const NONE = { holds: null, seen: 'no operation succeeded' } as const;

export const CLOSING_FACTS: readonly Fact[] = [
  {
    mark: 'sure',
    paragraph: '2.4',
    says: 'every answer of an operation carries codeRetour, a whole number, and libelle, a text',
    expected: 'all of them',
    look: async (caller) => {
      const answers = operations(caller);
      if (answers.length === 0) return NONE;
      const whole = answers.filter((answer) => {
        const { codeRetour, libelle } = fieldsOf(answer) ?? {};
        return Number.isInteger(codeRetour) && typeof libelle === 'string';
      });
      return { holds: whole.length === answers.length, seen: `${whole.length} of ${answers.length}` };
    },
  },
  {
    mark: 'likely',
    paragraph: '2.1',
    says: 'answers of operations are declared as JSON, and are JSON in UTF-8',
    expected: 'application/json',
    look: async (caller) => {
      const answers = operations(caller);
      if (answers.length === 0) return NONE;
      const types = new Set(answers.map(({ headers }) => headers['content-type'] ?? 'no type'));
      const isJson = [...types].every((type) => /^application\/json\s*(;|$)/i.test(type));
      const isRead = answers.every((answer) => jsonOf(answer) !== undefined);
      return {
        holds: isJson && isRead,
        seen: `${[...types].join(', ')}; ${isRead ? 'read' : 'not all read'}`,
      };
    },
  },
  {
    mark: 'unknown',
    paragraph: '6.1',
    says: 'no answer tells of a quota before it is used up',
    expected: 'no header that names a limit, a quota or a rate',
    look: async (caller) => {
      const names = [...new Set(caller.heard().flatMap(({ headers }) => Object.keys(headers)))];
      const found = names.filter((name) => /limit|quota|\brate\b/.test(name));
      return { holds: names.length > 0 && found.length === 0, seen: found.join(', ') || 'none' };
    },
  },
];

export const WORLD_FACTS: readonly Fact[] = [
  {
    mark: 'likely',
    paragraph: '7',
    says: 'the two worlds know nothing of each other: the token of one is unknown in the other',
    expected: '401 · realm="DefaultRealm", error="invalid_token"',
    needs: 'other world',
    look: async (caller) => {
      const answer = await caller.inOtherWorld('token in the other world', { path: RATES });
      const challenge = answer.headers['www-authenticate'] ?? '';
      const holds =
        answer.status === 401 && /DefaultRealm/.test(challenge) && /invalid_token/.test(challenge);
      return { holds, seen: told(answer) };
    },
  },
];

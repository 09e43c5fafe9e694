// Evidence from the text of a server: short, on one line, without the secrets of the account.
import { describe, expect, it } from 'vitest';
import { openAccountHeaders } from '../../../src/adapters/chorus-pro/application.ts';
import type { CallPriority } from '../../../src/adapters/chorus-pro/call-governor.ts';
import { evidenceText } from '../../../src/adapters/chorus-pro/read-answer.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { redactorOf } from '../../../src/foundation/redact.ts';

describe('the text of evidence', () => {
  it('is the first 200 bytes on one line, cut at whole characters', () => {
    const show = evidenceText(redactorOf([]));
    expect(show('a\r\n\tb\u0000c\u202ed')).toBe('a bc d');
    expect(show('x'.repeat(300))).toBe('x'.repeat(200));
    expect(show(`x${'é'.repeat(300)}`)).toBe(`x${'é'.repeat(99)}`);
    expect(show(`x${'😀'.repeat(300)}`)).toBe(`x${'😀'.repeat(49)}`);
  });

  it('holds no account, however its login and its password are sent together', () => {
    // Of a length that base64 does not cut at the colon.
    const [login, password] = ['TECH_12@cpro.fr', `Zq7"</é+ '_9&`];
    const call = openAccountHeaders(new Secret('client-secret'));
    const { toEvidence: shown } = call(
      new Secret('a-token'),
      login,
      new Secret(password),
      {} as CallPriority,
    );
    const pair = `${login}:${password}`;
    for (const coding of ['base64', 'base64url', 'hex', 'utf8'] as const) {
      const echo = Buffer.from(pair).toString(coding);
      const text = shown(`cpro-account: ${echo}, ${encodeURIComponent(echo)}, ${JSON.stringify(echo)}`);
      expect(text).toMatch(/^cpro-account: •+, •+, "•+"$/);
    }
    expect(shown('a-token of client-secret')).toBe('•••••• of ••••••');
  });
});

// Placeholders in double braces: which facts a template may name, and how they are filled in.
import type { Publishable, SinkAccount } from '../../domain/rotation/sink-content.ts';
import { SinkFault } from './settings.ts';

/** The names that a template may use. */
export const NAMES = [
  'login',
  'password',
  'version',
  'environment',
  'siret',
  'structure',
  'changedOn',
  'expiresOn',
] as const;
type Name = (typeof NAMES)[number];

/** The value of one name as text; throws SinkFault when there is none: a file must not have a blank in the place of a fact. */
function textOf(name: string, content: Publishable): string {
  if (!(NAMES as readonly string[]).includes(name)) {
    throw new SinkFault(`the template names {{${name}}}, which is not one of ${NAMES.join(', ')}`);
  }
  const known = name as Name;
  const value = known === 'password' ? content.password.reveal() : content[known];
  if (value === null || value === '') {
    throw new SinkFault(
      `{{${name}}} has no value for ${content.login}: record it, or take it out of the template`,
    );
  }
  return String(value);
}

/** Fills a template; `escaped` escapes a value. Throws SinkFault. */
export function fill(
  template: string,
  content: Publishable,
  escaped: (value: string, name: string) => string,
): string {
  return template.replaceAll(/\{\{([^{}]*)\}\}/g, (_, name: string) => escaped(textOf(name, content), name));
}

/** Fills {{login}} and {{siret}}; anything else is a fault. */
export function fillName(pattern: string, account: SinkAccount): string {
  return pattern.replaceAll(/\{\{([^{}]*)\}\}/g, (_, name: string) => {
    if (name !== 'login' && name !== 'siret') {
      throw new SinkFault(`${pattern} names {{${name}}}: only {{login}} and {{siret}} may stand there`);
    }
    return account[name];
  });
}

/** The same for a path: a value that could lead out of its folder is a fault; it is never sanitised by guessing. */
export function fillPath(pattern: string, account: SinkAccount): string {
  for (const value of [account.login, account.siret]) {
    if (value === '' || /[/\\\p{Cc}\p{Cs}]|\.\.|^\./u.test(value)) {
      throw new SinkFault(
        `${JSON.stringify(value)} cannot be part of a file name: give this account a sink with a path that does not name it`,
      );
    }
  }
  return fillName(pattern, account);
}

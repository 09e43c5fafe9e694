// One English sentence for each finding, for the command line and the tools' API: what was seen, and what would be right.
import type { FindingCode, SubmissionFinding } from './submission.ts';

const SENTENCES: Readonly<Record<FindingCode, string>> = {
  'surrounding-blanks':
    'There are blanks before or after the password; hand it in without them, unless they belong to it.',
  'line-breaks': 'There are line breaks in or around the password; it is one line on the portal.',
  'no-break-spaces':
    'There are no-break or other special spaces in or around the password; the portal makes passwords without any.',
  'inner-blanks': 'There are blanks inside the password; the portal makes passwords without any.',
  'invisible-characters':
    'There are characters in the password that cannot be seen; copy it again from the portal, or take it without them.',
  'curly-quotes':
    'There are typographic quotes in the password, or quotes around it; the portal writes straight ones, and none around.',
  'login-and-password-block':
    'The login was handed in together with the password; only the password belongs here.',
  labelled: 'There are other words around the password, such as a label; only the password belongs here.',
  doubled: 'The password was pasted twice or more; it belongs here once.',
  markup:
    'There are signs of formatting around or in the password, such as asterisks, backslashes or HTML codes; the portal shows it without them.',
  'too-short':
    'The password has {count} characters, as if a part of it was not copied; the portal makes 12 to 14.',
  longer: 'The password has {count} characters, as if more than it was copied; the portal makes 12 to 14.',
  'unusual-characters':
    'There are accented letters or other characters in the password that the portal does not use; compare it with the portal.',
  empty: 'There is no password; copy it from the red frame on the portal.',
  'is-login': 'This is a login, not a password; copy the password from the red frame on the portal.',
  'label-alone': 'This is a label, not a password; copy the password from the red frame on the portal.',
  'is-date': 'This is a date, not a password; copy the password from the red frame on the portal.',
  'is-address': 'This is a mail address, not a password; copy the password from the red frame on the portal.',
  'is-link':
    'This is the address of a page, not a password; copy the password from the red frame on the portal.',
  'is-number': 'This is the number of a structure (SIREN or SIRET), not a password.',
  'is-mask':
    'These are the signs that hide a password, not the password; show it on the portal, then copy it.',
  'other-account': 'This is the password of another account of the same manager: {account}.',
  'is-other-field':
    'This is the content of another field, or the name or the SIRET of the structure, not a password.',
  'too-long': 'This is far too long for a password; hand in the password alone (12 to 14 characters).',
  'control-characters':
    'There are control characters in the password, so it was not copied as text; copy it again from the portal.',
  'other-login': 'This is the login of another technical user; hand in the password of the one named here.',
  'login-malformed':
    'This is not a login of Chorus Pro; one such as TECH_1_25900096600020@cpro.fr is expected.',
  'expiry-malformed': 'The expiry date cannot be read; DD/MM/YYYY or YYYY-MM-DD is expected.',
  'expiry-past':
    'The expiry date is not in the future; the date of the new password, as the portal shows it now, is expected.',
  'expiry-too-far': 'The expiry date is more than three years ahead; look at the year again.',
};

/** What a sentence about a finding may name. */
type Named = Pick<SubmissionFinding, 'count' | 'account'>;

/** One sentence that never contains a word of what was submitted. */
export function describeFinding(code: FindingCode, named: Named = {}): string {
  return filledFinding(SENTENCES[code], named);
}

/** A sentence in any language with its count of characters and its account filled in. */
export function filledFinding(sentence: string, { count, account }: Named): string {
  const other = account === undefined ? '' : `${account.structure}, ${account.login}`;
  const platform = account?.environment === 'qualification' ? ' (qualification)' : '';
  return sentence.replaceAll('{count}', String(count ?? '?')).replaceAll('{account}', () => other + platform);
}

// What is said about causes, held together: each reader has a sentence for each cause, and no two causes share one.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CAUSE_WORDS } from '../../../src/content/letters/cause-words.ts';
import { type StateName, stateOf } from '../../../src/content/page/page-state.ts';
import { type Cause, causeLine } from '../../../src/domain/verification/verdict.ts';
import { frenchSpacing } from '../../../src/foundation/typography.ts';
import { READY } from '../../fakes/manager-actions.ts';
import { LANGUAGES } from './sample-facts.ts';

/** What the manager's page says while a password waits, by cause: whose matter it is, no more. */
const PAGE: Readonly<Record<Cause, StateName>> = {
  'password-refused': 'not-yet',
  'not-entitled': 'not-entitled',
  'application-not-allowed': 'our-fault',
  'token-refused': 'our-fault',
  quota: 'chorus-pro-away',
  'chorus-pro-down': 'chorus-pro-away',
  'piste-down': 'chorus-pro-away',
  network: 'chorus-pro-away',
  'our-clock': 'our-fault',
  unreadable: 'our-fault',
  'not-configured': 'our-fault',
  'vault-shut': 'our-fault',
};
const CAUSES = Object.keys(PAGE) as Cause[];

const twice = (texts: readonly string[]) => texts.filter((text, at) => texts.indexOf(text) !== at);

describe.each(LANGUAGES)('the sentences for the IT service (%s)', (language) => {
  const words = CAUSE_WORDS[language];

  it.each(['name', 'meaning', 'action'] as const)('give each cause a %s of its own', (part) => {
    const texts = CAUSES.map((cause) => words[cause][part]);
    expect(texts.filter((text) => text.trim() === '')).toEqual([]);
    expect(twice(texts)).toEqual([]);
  });

  it('are sentences where sentences are due, and a few words where a table needs them', () => {
    for (const { name, meaning, action } of Object.values(words)) {
      expect(name).toMatch(/^[^.:;]{4,45}$/);
      for (const text of [meaning, action]) expect(text).toMatch(/^\p{Lu}.*\.$/u);
    }
  });
});

it('are set as French wants it, once the letter is typeset', () => {
  for (const { name, meaning, action } of Object.values(CAUSE_WORDS.fr)) {
    const set = frenchSpacing(`${name} ${meaning} ${action}`);
    expect(set).not.toMatch(/ [:;!?»]|« |[^\s\u00A0\u202F][;!?](?=\s)|["“”]/);
  }
});

describe('the line for log and terminal', () => {
  it('is one phrase for each cause, and its own', () => {
    const lines = CAUSES.map(causeLine);
    expect(twice(lines)).toEqual([]);
    expect(twice(lines.map((line) => line.split(';')[0] ?? ''))).toEqual([]);
    for (const line of lines) expect(line).toMatch(/^[^\n]{20,250}[^.\s]$/);
  });
});

describe('the manager’s page', () => {
  it.each(CAUSES)('says whose matter it is: %s', (cause) => {
    const refusals = cause === 'password-refused' ? 1 : 0;
    expect(stateOf({ ...READY, phase: 'proving', receivedAt: 0, cause, refusals })).toBe(PAGE[cause]);
  });
});

describe('VERDICTS.md', () => {
  const text = readFileSync(new URL('../../../docs/VERDICTS.md', import.meta.url), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));

  it('has a row for each cause, under the name that letters give it', () => {
    const named = CAUSES.map((cause) => `| \`${cause}\`, ${CAUSE_WORDS.en[cause].name} |`);
    expect(rows.map((row) => `${row.split(' | ')[0]} |`).toSorted()).toEqual(named.toSorted());
  });
});

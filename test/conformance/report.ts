// What a run saw, as a table to read and to send back: facts, marks, expectations and shapes, and no value of an account.
import type { Row } from './fact.ts';

const VERDICTS = { true: 'as expected', false: 'DIFFERENT', null: 'nothing to look at' } as const;

/** One line of a table's cell. */
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim();

/** The rows as a table in Markdown; `unasked` are facts that this run could not ask for. */
export function reportOf(rows: readonly Row[], unasked: readonly string[]): string {
  const lines = rows.map(({ mark, paragraph, says, expected, holds, seen }) => {
    const verdict = VERDICTS[`${holds}`];
    return `| §${paragraph} | ${mark} | ${cell(says)} | ${verdict} | ${cell(expected)} | ${cell(seen)} |`;
  });
  const count = (wanted: boolean | null) => rows.filter(({ holds }) => holds === wanted).length;
  return [
    `${rows.length} facts: ${count(true)} as expected, ${count(false)} different, ${count(null)} with nothing to look at.`,
    '',
    '| § | Mark | Fact | | Expected | Seen |',
    '|---|---|---|---|---|---|',
    ...lines,
    ...(unasked.length === 0 ? [] : ['', 'Not asked in this run:', '', ...unasked.map((one) => `- ${one}`)]),
    '',
  ].join('\n');
}

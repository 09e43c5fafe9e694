// The parts of a dossier that `releve show` prints beside its facts: letters, managers, history.
import { indented, type TableFit, tableWithin } from '../../content/terminal/formats.ts';
import { stepName } from '../../domain/notification/letter.ts';
import type { HistoryEntry, LetterRecord, Mandate } from '../../domain/registry/registry.ts';
import { contactText } from '../../domain/registry/registry-draft.ts';
import { parisDay } from '../../domain/shared/calendar.ts';

/** The day of an instant (ms) in Paris. */
export const day = (instant: number) => parisDay(Temporal.Instant.fromEpochMilliseconds(instant)).toString();

export function phoned(text: string, phone: string | null): string {
  return phone === null ? text : `${text}, telephone ${phone}`;
}

export function letterStep({ step }: Pick<LetterRecord, 'step'>): string {
  return step === null ? 'unknown' : stepName({ offset: step });
}

export function lettersText(letters: readonly LetterRecord[], fit: TableFit): string {
  return section('Letters', ['day', 'step', 'outcome', 'to'], letters.flatMap(letterRows), fit);
}

/** What the server answered to a letter that it took is the same each time, and says nothing. */
const letterRows = (letter: LetterRecord) =>
  letter.deliveries.map(({ address, state, reply }) => [
    letter.on,
    // Letters about a password in service are on no step of the ladder.
    letter.step === null ? letter.kind : letterStep(letter),
    state,
    state === 'sent' || reply === null ? address : `${address}\n${reply}`,
  ]);

export function managersText(mandates: readonly Mandate[], fit: TableFit): string {
  // A column only when it has something to say.
  const isOne = new Set(mandates.map(({ siret }) => siret)).size === 1;
  const isOver = mandates.some(({ until }) => until !== null);
  const rows = mandates.map(({ siret, role, name, email, phone, dead, since, until }) => {
    const who = phoned(contactText({ name, email }), phone);
    const refused = dead === null ? '' : `\nrefused since ${day(dead.since)}: ${dead.reason}`;
    const days = [day(since), ...(isOver ? [until === null ? '' : day(until)] : [])];
    return [...(isOne ? [] : [siret]), role, ...days, `${who}${refused}`];
  });
  const head = [...(isOne ? [] : ['SIRET']), 'role', 'since', ...(isOver ? ['until'] : []), 'who'];
  return section('Managers', head, rows, fit);
}

/** The history: what was changed at once, for one reason, stands together, by what it is about. */
export function historyText(history: readonly HistoryEntry[], fit: TableFit): string {
  if (history.length === 0) return '';
  const headOf = ({ at, who, why }: HistoryEntry) => `${day(at)}  ${who}${why === null ? '' : `: ${why}`}`;
  const lines: string[] = [];
  let [head, about] = ['', ''];
  for (const entry of history) {
    if (headOf(entry) !== head) {
      head = headOf(entry);
      about = '';
      lines.push(...indented(head, fit.width, ''));
    }
    if (entry.of !== about) {
      about = entry.of;
      lines.push(...indented(about, fit.width, '  '));
    }
    const change = `${entry.old ?? '(nothing)'} → ${entry.new ?? '(nothing)'}`;
    lines.push(tableWithin([], [[`    ${entry.field.padEnd(19)}`, change]], fit));
  }
  return `History\n${lines.join('\n')}`;
}

function section(
  title: string,
  head: readonly string[],
  rows: readonly (readonly (string | null)[])[],
  fit: TableFit,
): string {
  return rows.length === 0 ? '' : `${title}\n${tableWithin(head, rows, fit)}`;
}

// What a manager types under the link without a secret: a day as people write it, a line that steers nothing, never a password.
import { describe, expect, it } from 'vitest';
import { readAnswer, type TypedAnswer } from '../../../src/domain/parsing/answer.ts';

/** A Monday. */
const TODAY = Temporal.PlainDate.from('2027-03-01');
const read = (typed: TypedAnswer) => readAnswer(typed, TODAY);
const said = (text: string) => read({ kind: 'successor', text });

describe('a day', () => {
  it.each([
    ['2027-03-10', '2027-03-10'],
    ['10/03/2027', '2027-03-10'],
    [' le mercredi 10 mars 2027 ', '2027-03-10'],
    ['01/03/2027', '2027-03-01'],
    ['2028-03-01', '2028-03-01'],
  ])('is read as people write it: %s', (typed, day) => {
    expect(read({ kind: 'will-do', day: typed })).toEqual({ kind: 'will-do', day, text: null });
    expect(read({ kind: 'away', day: typed })).toEqual({ kind: 'away', day, text: null });
  });

  it.each([
    ['', 'day-malformed'],
    ['bientôt', 'day-malformed'],
    ['31/02/2027', 'day-malformed'],
    [`${' '.repeat(50_000)}x${' '.repeat(50_000)}`, 'day-malformed'],
    ['28/02/2027', 'day-past'],
    ['02/03/2028', 'day-too-far'],
  ])('is refused: %.20s', (typed, code) => {
    expect(read({ kind: 'will-do', day: typed })).toBe(code);
  });
});

describe('a text', () => {
  it('is one line, without anything that cannot be seen', () => {
    const typed = ' Mme\tÉlise\r\n\u2028Neuf\u0007\u001b[31m \u202e\u200f\u2066(mairie)\u200b\ud800 ';
    expect(said(typed)).toEqual({
      kind: 'successor',
      day: null,
      text: 'Mme Élise Neuf [31m (mairie)\ufffd',
    });
  });

  it.each(['', ' \n\t ', '\u202e\u200b'])('is missing where nothing can be seen: %j', (text) => {
    expect(said(text)).toBe('text-missing');
    expect(read({ kind: 'call-back', text })).toEqual({ kind: 'call-back', day: null, text: null });
  });

  it('has at most 200 characters, as people count them', () => {
    expect(said('😀'.repeat(200))).toMatchObject({ text: '😀'.repeat(200) });
    expect(said('😀'.repeat(201))).toBe('text-too-long');
    expect(said(`${'x'.repeat(200)}${' '.repeat(100_000)}`)).toMatchObject({ text: 'x'.repeat(200) });
  });

  it('is never one that holds what looks like a password', () => {
    expect(said('le mot de passe est kK2(made_Up[9')).toBe('text-secret');
    expect(read({ kind: 'call-back', text: 'kK2(made_Up[9z' })).toBe('text-secret');
    const text = 'M. Neuf <Neuf.1@delle.fr>, 03.84.57.65.85';
    expect(said(text)).toMatchObject({ text });
  });

  it.each([
    ...['mdp:%', 'mdp=%', '«%»', '« % »', '(%)', '"%"', '%.', '%, merci', '**%**', '->%', 'TECH_1/%', '‘%’'],
    ...[
      'TECH_1_25900096600020@cpro.fr/%',
      'mot de passe:%!',
      '%%',
      'Mme Élise Neuf;%;03.84.57.65.85',
      '\u200b%\u2060',
    ],
  ])('is never one that holds a password within a word: %s', (shape) => {
    expect(said(shape.replaceAll('%', 'kK2(made_Up[9'))).toBe('text-secret');
  });

  it.each([
    'M. Neuf <Neuf.1@delle.fr>,03.84.57.65.85',
    'Mme Dupont:06.12.34.56.78',
    'Tél.0384576585',
    'Jean-Pierre.Dupont2@mairie.fr;+33 3 84 57 65 85',
    'avant 14h30/Mardi',
    'M.Neuf(0384576585)',
    'Mme D’Arc-06.12.34.56.78 poste 24',
  ])('may name people and numbers without blanks: %s', (text) => {
    expect(said(text)).toMatchObject({ text });
  });
});

it('a reset that is done needs nothing more', () => {
  expect(read({ kind: 'done-already' })).toEqual({ kind: 'done-already', day: null, text: null });
});

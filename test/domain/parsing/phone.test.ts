import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readContact, readContacts } from '../../../src/domain/parsing/address.ts';
import { readPhones } from '../../../src/domain/parsing/phone.ts';
import { atNight } from '../../rig/at-night.ts';

const HERE = '03 53 01 12 34';
const MOBILE = '06 39 98 12 34';

test.each([
  ['', ''],
  ['  ', ''],
  ['0353011234', HERE],
  ['03.53.01.12.34', HERE],
  ['03-53-01-12-34', HERE],
  ['03\u201153\u201101\u201112\u201134', HERE],
  ['03/53/01/12/34', HERE],
  ['03\u00a053\u202f01 12\t34'.replace('\t', '\u2009'), HERE],
  ['0 353 011 234', HERE],
  ['(03) 53 01 12 34', HERE],
  ['+33 3 53 01 12 34', HERE],
  [' +33353011234', HERE],
  ['+33 (0)3 53 01 12 34', HERE],
  ['(+33) 3 53 01 12 34', HERE],
  ['+330353011234', HERE],
  ['0033 3 53 01 12 34', HERE],
  ['00 33 (0) 3 53 01 12 34', HERE],
  ["'0353011234", HERE],
  ["'+33353011234", HERE],
  ['\u202a+33\u00a03\u00a053\u00a001\u00a012\u00a034\u202c', HERE],
  ['tel:+33353011234', HERE],
  ['Tél. : 03 53 01 12 34', HERE],
  ['Téléphone 03 53 01 12 34', HERE],
  ['0262 12 34 56', '02 62 12 34 56'],
  ['03 53 01 12 34 poste 12', `${HERE} poste 12`],
  ['03 53 01 12 34, poste 12', `${HERE} poste 12`],
  ['03.53.01.12.34 (poste : 12)', `${HERE} poste 12`],
  ['03 53 01 12 34 ext. 4012', `${HERE} poste 4012`],
  ['0353011234p12', `${HERE} poste 12`],
  ['+41 32 420 00 00', '+41 32 420 00 00'],
  ['0041 (0)32-420.00.00', '+41 32 420 00 00'],
  ['(+41) 32 420 00 00', '+41 32 420 00 00'],
  ['+262 262 12 34 56', '+262 262 12 34 56'],
  ['+4132420 poste 3', '+4132420 poste 3'],
  ['03 53 01 12 34, 06 39 98 12 34', `${HERE}, ${MOBILE}`],
  ['03 53 01 12 34 ; 0639981234', `${HERE}, ${MOBILE}`],
  ['03 53 01 12 34 ou 06 39 98 12 34', `${HERE}, ${MOBILE}`],
  ['03.53.01.12.34 / 06.39.98.12.34', `${HERE}, ${MOBILE}`],
  ['03 53 01 12 34 - 06 39 98 12 34', `${HERE}, ${MOBILE}`],
  ['03 53 01 12 34, 0353011234', HERE],
  ['06 39 98 12 34, +41 32 420 00 00 poste 7', `${MOBILE}, +41 32 420 00 00 poste 7`],
])('%j is read as %j', (typed, number) => {
  expect(readPhones(typed)).toEqual({ ok: true, value: number, warning: null });
});

test.each([
  ['353011234', HERE],
  ['3 53 01 12 34', HERE],
  ['353011234,0', HERE],
  ['353011234.00', HERE],
  ['33353011234', HERE],
  ['639981234, 0353011234', `${MOBILE}, ${HERE}`],
])('what a spreadsheet made of a number, %j, is completed with a warning', (typed, number) => {
  const read = readPhones(typed);
  expect(read).toMatchObject({ ok: true, value: number });
  expect(read.ok && read.warning).toMatch(/was read as 0[36] .*leading zero.*column as text/);
});

test.each([
  ['3,53E+08', /rounded.*type the number again/],
  ['3.53011E+8', /rounded/],
  ['03 53 01 12', /8 digits, a French telephone number has 10: one such as 03 53 01 00 90/],
  ['03 53 01 12 34 5', /11 digits/],
  ['00 53 01 12 34', /not a telephone number/],
  ['3412', /4 digits/],
  ['0353011234 0639981234', /20 digits; write a comma between two/],
  ['03 53 01 12 34, 06 39 98 12 34, 06 39 98 12 35', /holds 3 telephone numbers; at most 2/],
  ['la mairie', /“la mairie” is not a telephone number/],
  ['c.martin@exemple.fr', /not a telephone number/],
  ['03 53 01 12 34 le matin', /not a telephone number/],
  ['03 53 01 12 34, demander Zoé', /“demander Zoé” is not/],
  ['+33 3 53 01 12', /not a telephone number/],
  ['+33 3 53 01 12 34 56', /not a telephone number/],
  ['+41', /not a telephone number/],
  ['+1234567890123456', /not a telephone number/],
  ['03+53011234', /not a telephone number/],
  ['=0353011234', /formula/],
  ['-', /formula/],
  ['+A1', /formula/],
  ['03\n53 01 12 34', /line break/],
  ['03\uFFFD53', /lost when the file was saved/],
  ['1'.repeat(4_001), /at most 4000/],
])('%# %.20s is refused', (typed, says) => {
  const read = readPhones(typed);
  expect(read.ok ? read.value : read.fault).toMatch(says);
  expect(read.ok).toBe(false);
});

describe('whatever is typed', () => {
  const digits = fc.stringMatching(/^[1-9]\d{8}$/);
  const signs = fc.array(fc.constantFrom('', ' ', '.', '-', '\u00a0', '\u202f', '/', ' . '), {
    minLength: 8,
    maxLength: 8,
  });
  const before = fc.constantFrom('0', '+33', '+33 ', '0033 ', '+33 (0)', '(0)', '+33.');

  test('a French number is the same one', () => {
    fc.assert(
      fc.property(digits, signs, before, (nine, between, start) => {
        const typed = start + [...nine].map((digit, at) => digit + (between[at] ?? '')).join('');
        const read = readPhones(typed);
        expect(read.ok && read.value.replaceAll(' ', '')).toBe(`0${nine}`);
        expect(read.ok && read.value).toMatch(/^\d\d( \d\d){4}$/);
      }),
      { numRuns: atNight(20_000, 500) },
    );
  });

  test('what was read is read again as itself, and has nothing else in it', () => {
    const piece = fc.constantFrom(
      ...['0353011234', '+33', '0033', '+41 32 420 00 00', '639981234', '(0)', '03', '53', '12', '3,5E+08'],
      ...[
        ' poste ',
        'ext. ',
        ' ou ',
        'x',
        'Tél. ',
        ', ',
        ';',
        ' / ',
        ' - ',
        '.',
        ' ',
        '(',
        ')',
        '+',
        '0',
        'é',
      ],
    );
    const typed = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(typed, (text) => {
        const read = readPhones(text);
        if (!read.ok) return;
        expect(read.value).toMatch(/^[\d+ ]*( poste \d{1,6})?(, [\d+ ]+( poste \d{1,6})?)?$/);
        expect(readPhones(read.value)).toEqual({ ok: true, value: read.value, warning: null });
      }),
      { numRuns: atNight(100_000, 3_000) },
    );
  });
});

describe('beside a person', () => {
  const isAddress = (text: string) => /^[^@ ]+@[^@ ]+$/.test(text);
  const contact = (text: string) => readContact(text, isAddress, { nameAlone: true });

  test('a number stands after the address, or after a name without one', () => {
    const zoe = { name: 'Zoé', email: 'zoe@a.test', phone: HERE };
    expect(contact('Zoé <zoe@a.test> 03.53.01.12.34')).toMatchObject({ value: zoe });
    expect(contact('Zoé <zoe@a.test>, +33 3 53 01 12 34')).toMatchObject({ value: zoe });
    expect(contact('<zoe@a.test> 0353011234')).toMatchObject({ value: { ...zoe, name: null } });
    const alone = { name: 'Zoé Roux', email: null, phone: `${HERE}, ${MOBILE}` };
    expect(contact('Zoé Roux, 03 53 01 12 34, 06 39 98 12 34')).toMatchObject({ value: alone });
    expect(contact('Zoé Roux +33353011234')).toMatchObject({ value: { name: 'Zoé Roux', phone: HERE } });
  });

  test('digits of a name stay in it, and what follows an address is a number or a fault', () => {
    expect(contact('Maire 2')).toEqual({ ok: true, value: { name: 'Maire 2', email: null }, warning: null });
    expect(contact('Zoé (intérim)')).toMatchObject({ value: { name: 'Zoé (intérim)', email: null } });
    expect(contact('Zoé <zoe@a.test> le matin')).toMatchObject({
      fault: expect.stringMatching(/not a telephone number/),
    });
  });

  test('in a list each person has one', () => {
    const list = (text: string) => readContacts(text, isAddress);
    expect(list('Zoé <zoe@a.test> 353011234; Léa <lea@a.test>, zoe@a.test')).toMatchObject({
      ok: true,
      value: [
        { name: 'Zoé', email: 'zoe@a.test', phone: HERE },
        { name: 'Léa', email: 'lea@a.test' },
      ],
      warning: expect.stringMatching(/leading zero/),
    });
    expect(list('Zoé <zoe@a.test> 0353011234, <ZOE@a.test> 0353011235')).toMatchObject({
      fault: expect.stringMatching(/stands twice, once with 03 53 01 12 34 and once with 03 53 01 12 35/),
    });
  });
});

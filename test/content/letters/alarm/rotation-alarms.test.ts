// What the IT service learns of rotations: the alarms with what to do, and the good news.
import { describe, expect, it } from 'vitest';
import { wordAlarm } from '../../../../src/content/letters/alarm/alarm.ts';
import { CAUSE_WORDS } from '../../../../src/content/letters/cause-words.ts';
import type { AlarmKind } from '../../../../src/domain/notification/letter.ts';
import type { AlarmLetterFacts } from '../../../../src/domain/notification/letter-facts.ts';
import type { Cause } from '../../../../src/domain/verification/verdict.ts';
import { body, plain, stepsOf } from '../reading.ts';
import { LANGUAGES, SENDER } from '../sample-facts.ts';
import { ALARMS, HANDOVER_ALARMS } from '../sample-it.ts';

function alarm(name: string, changes: Partial<AlarmLetterFacts> = {}) {
  const facts = { ...ALARMS, ...HANDOVER_ALARMS }[name];
  if (facts === undefined) throw new Error(`no sample ${name}`);
  return wordAlarm({ ...facts, ...changes }, SENDER);
}

const headings = (letter: ReturnType<typeof alarm>) =>
  letter.blocks.flatMap((block) => (block.kind === 'heading' ? [plain(block.text)] : []));

const ACCOUNT = 'TECH_1_25900096600020@cpro.fr';
const COMMANDS: Partial<Record<AlarmKind, readonly string[]>> = {
  'password-refused': [`releve show ${ACCOUNT}`, `releve submit ${ACCOUNT}`],
  'not-submitted': [`releve show ${ACCOUNT}`],
  'proof-stuck': [`releve show ${ACCOUNT}`, `releve verify ${ACCOUNT}`],
  'publication-stuck': [`releve publish ${ACCOUNT}`],
  'hold-stuck': [`releve show ${ACCOUNT}`],
  'sink-newer': [`releve probe ${ACCOUNT}`, `releve publish ${ACCOUNT}`],
  'sink-kept': [`releve probe ${ACCOUNT}`, `releve publish ${ACCOUNT}`],
  'not-adopted': [`releve show ${ACCOUNT}`, `releve publish ${ACCOUNT}`],
  'item-failed': [`releve show ${ACCOUNT}`, 'releve check'],
  'announcement-over': [`releve show ${ACCOUNT}`, `releve submit ${ACCOUNT}`],
  'choice-missing': [`releve submit ${ACCOUNT}`, `releve withdraw ${ACCOUNT}`],
  entitlement: [`releve show ${ACCOUNT}`, `releve discover ${ACCOUNT}`],
  'vault-shut': ['releve key check', 'releve check'],
  'audit-trail': ['releve audit verify'],
  'webhook-stuck': ['releve webhook test'],
};

describe('an alarm of a handover', () => {
  it.each(Object.entries(COMMANDS))('%s: says what to do, with these commands', (kind, commands) => {
    for (const language of LANGUAGES) {
      const letter = alarm(kind, { language });
      const alone = letter.blocks.flatMap((block) => (block.kind === 'command' ? [block.text] : []));
      expect(alone).toEqual(commands);
      expect(stepsOf(letter)[0]?.length).toBeGreaterThan(0);
      expect(plain(letter.subject)).toMatch(language === 'fr' ? /^Relève, alerte : / : /^Relève, alarm: /);
      expect(JSON.stringify(letter)).not.toMatch(/[{]\w+[}]|undefined|\bnull\b|\bNaN\b|\[object/);
      expect(body(letter)).not.toMatch(/Adresse\naucune|Address\nno address/);
    }
  });

  it('both refused: what its own row says is likelier comes first, in the commands and in the steps', () => {
    const [sample] = HANDOVER_ALARMS['hold-stuck']?.alarms ?? [];
    if (sample === undefined) throw new Error('no sample');
    const letter = (held: boolean) =>
      alarm('hold-stuck', { alarms: [{ kind: 'both-refused', facts: { ...sample.facts, held } }] });
    const second = (held: boolean) =>
      letter(held).blocks.flatMap((one) => (one.kind === 'command' ? [one.text] : []))[1];
    expect([second(true), second(false)]).toEqual([
      `releve submit ${ACCOUNT}`,
      `releve hold ${ACCOUNT} --stopped`,
    ]);
    expect(stepsOf(letter(true))[0]?.[0]).toMatch(/^Demandez au gestionnaire/);
    expect(stepsOf(letter(false))[0]?.[0]).toMatch(/^Arrêtez le connecteur/);
  });

  it('names the structure first, or nobody where it is everybody', () => {
    expect(plain(alarm('publication-stuck').firstLine)).toBe(
      "Commune de Bavilliers : le nouveau mot de passe n'a pas pu être remis au connecteur.",
    );
    expect(alarm('vault-shut').firstLine).toMatch(/^La clé maîtresse manque/);
    expect(alarm('vault-shut').subject).not.toContain('–');
    expect(body(alarm('vault-shut'))).not.toContain('Structure non précisée');
    expect(alarm('vault-shut').blocks.some(({ kind }) => kind === 'facts')).toBe(false);
  });

  it('shows where a password could not be put, and why', () => {
    const text = body(alarm('publication-stuck'));
    expect(text).toContain('Endroit\nkeyring');
    expect(text).toContain('Détail\nthe folder /srv/connector could not be written: ENOSPC');
  });

  it('tells an account of one platform from that of the other, and names it in what can be typed', () => {
    const [choice] = HANDOVER_ALARMS['choice-missing']?.alarms ?? [];
    if (choice === undefined) throw new Error('no sample');
    const facts = { ...choice.facts, environment: 'qualification' } as const;
    const text = body(alarm('choice-missing', { alarms: [{ ...choice, facts }] }));
    expect(text).toContain('Plateforme\nChorus Pro, plateforme de test (qualification)');
    expect(text).toContain(`releve submit ${ACCOUNT} --environment qualification`);
    const news = alarm('rotated', { alarms: [{ kind: 'rotated', facts }] });
    expect(body(news)).toContain(`${ACCOUNT}, Chorus Pro, plateforme de test (qualification)`);
  });

  it('names the structures that are served and not registered, and the reverse', () => {
    const [entitled] = HANDOVER_ALARMS.entitlement?.alarms ?? [];
    if (entitled === undefined) throw new Error('no sample');
    const facts = { ...entitled.facts, unregistered: 'Commune voisine (21900099900019)' };
    const text = body(alarm('entitlement', { alarms: [{ ...entitled, facts }] }));
    expect(text).toContain('Servies, non enregistrées\nCommune voisine (21900099900019)');
    expect(text).toContain('Enregistrées, non servies\n');
  });

  it('speaks of what is wrong now: its deadline stands in the table, not in the first line', () => {
    const [stuck] = HANDOVER_ALARMS['publication-stuck']?.alarms ?? [];
    if (stuck === undefined) throw new Error('no sample');
    const letter = alarm('publication-stuck', {
      alarms: [{ ...stuck, facts: { ...stuck.facts, deadline: '2028-03-12' } }],
    });
    expect(letter.firstLine).not.toContain('2028');
    expect(body(letter)).toContain('À renouveler\navant le dimanche 12 mars 2028');
  });

  const causes = Object.keys(CAUSE_WORDS.fr) as Cause[];
  it.each(causes)('proof-stuck, %s: says what the cause means and what to do next', (cause) => {
    const [stuck] = HANDOVER_ALARMS['proof-stuck']?.alarms ?? [];
    if (stuck === undefined) throw new Error('no sample');
    for (const language of LANGUAGES) {
      const { name, meaning, action } = CAUSE_WORDS[language][cause];
      const alarms = [{ ...stuck, facts: { ...stuck.facts, cause } }];
      const letter = alarm('proof-stuck', { language, alarms });
      expect(body(letter)).toContain(`Cause\n${name}`);
      expect(body(letter)).toContain(meaning);
      expect(stepsOf(letter)[0]?.[0]).toBe(action);
    }
  });

  it('tells the causes of many apart, each once', () => {
    const letter = alarm('proof-stuck-many');
    const [steps = []] = stepsOf(letter);
    expect(steps.filter((step) => step.startsWith('Cause «'))).toHaveLength(2);
    expect(body(letter).match(/Cause constatée/g)).toHaveLength(2);
    expect(plain(letter.firstLine)).toMatch(/: 3 alertes à traiter\.$/);
  });
});

describe('good news', () => {
  it('is calm: one line for each account, and nothing to do', () => {
    const letter = alarm('rotated');
    expect(plain(letter.subject)).toBe('Relève, 1 mot de passe renouvelé : Commune de Bavilliers');
    expect(body(letter)).toContain(
      `Commune de Bavilliers, ${ACCOUNT}, à renouveler avant le dimanche 12 mars 2028`,
    );
    expect(`${letter.subject} ${letter.firstLine} ${body(letter)}`).not.toMatch(
      /alerte|attention|Ce que vous pouvez faire/,
    );
    expect(letter.blocks.some(({ kind }) => kind === 'facts' || kind === 'steps')).toBe(false);
    expect(alarm('rotated', { language: 'en' }).subject).toBe(
      'Relève, 1 password renewed: Commune de Bavilliers',
    );
  });

  it('counts several, and invents no date', () => {
    const letter = alarm('rotated-many');
    expect(plain(letter.subject)).toMatch(
      /^Relève, 2 mots de passe renouvelés : Commune de Bavilliers et Syndicat/,
    );
    expect([...letter.subject].length).toBeLessThanOrEqual(110);
    expect(body(letter)).toContain('TECH_2_25900123400015@cpro.fr (taken as received)');
  });

  it('leaves the first name to the gravest alarm, in whatever order they came', () => {
    const [eau] = HANDOVER_ALARMS['rotated-many']?.alarms.slice(1) ?? [];
    const [stuck] = HANDOVER_ALARMS['publication-stuck']?.alarms ?? [];
    if (eau === undefined || stuck === undefined) throw new Error('no samples');
    const mild = { ...eau, kind: 'entitlement' } as const;
    for (const alarms of [
      [mild, stuck],
      [stuck, mild],
    ]) {
      expect(plain(alarm('rotated', { alarms }).subject)).toMatch(/– Commune de Bavilliers et/);
    }
  });

  it('stands after the alarms, which alone are counted and named', () => {
    const letter = alarm('all-kinds');
    expect(plain(letter.subject)).toMatch(/^Relève : 10 alertes à traiter – /);
    expect(plain(letter.firstLine)).toContain('Par ailleurs, 1 mot de passe a été renouvelé.');
    const shown = headings(letter).filter((heading) => heading !== 'Ce que vous pouvez faire');
    expect(shown).toHaveLength(11);
    expect(shown[0]).toContain('Coffre fermé');
    expect(shown.at(-1)).toBe('Mots de passe renouvelés');
    const one = alarm('refused', {
      alarms: [...(HANDOVER_ALARMS.rotated?.alarms ?? []), ...(ALARMS.refused?.alarms ?? [])],
    });
    expect(plain(one.subject)).toMatch(/^Relève, alerte : courriel refusé/);
    expect(plain(one.firstLine)).toMatch(/avant le vendredi 12 mars 2027\. Par ailleurs, 1 mot de passe/);
    expect(body(one)).toContain("Une personne qui devait être prévenue ne l'a pas été");
    expect(body(one)).not.toContain('le jour même');
  });
});

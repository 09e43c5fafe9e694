// What the IT service learns of passwords in service and of whole platforms: what to do, and when it is over.
import { describe, expect, it } from 'vitest';
import { wordAlarm } from '../../../../src/content/letters/alarm/alarm.ts';
import { alarmInEnglish, alarmInFrench } from '../../../../src/content/letters/alarm/alarm-words.ts';
import { CAUSE_WORDS } from '../../../../src/content/letters/cause-words.ts';
import type { AlarmKind } from '../../../../src/domain/notification/letter.ts';
import type { AlarmLetterFacts } from '../../../../src/domain/notification/letter-facts.ts';
import type { Cause } from '../../../../src/domain/verification/verdict.ts';
import { body, plain, stepsOf } from '../reading.ts';
import { LANGUAGES, SENDER } from '../sample-facts.ts';
import { PROBE_ALARMS } from '../sample-it.ts';

function alarm(name: string, changes: Partial<AlarmLetterFacts> = {}) {
  const facts = PROBE_ALARMS[name];
  if (facts === undefined) throw new Error(`no sample ${name}`);
  return wordAlarm({ ...facts, ...changes }, SENDER);
}

type Letter = ReturnType<typeof alarm>;

const commandsOf = (letter: Letter) =>
  letter.blocks.flatMap((block) => (block.kind === 'command' ? [block.text] : []));
const headingsOf = (letter: Letter) =>
  letter.blocks.flatMap((block) => (block.kind === 'heading' ? [plain(block.text)] : []));
const whole = (letter: Letter) => plain(`${letter.subject}\n${letter.firstLine}\n${body(letter)}`);

/** Every kind there is, and whether something can be done about it; the compiler keeps the list whole. */
const REMEDIED: Readonly<Record<AlarmKind, boolean>> = {
  'no-address': true,
  refused: true,
  'gave-up': true,
  rotated: false,
  'password-refused': true,
  'both-refused': true,
  'not-submitted': true,
  'proof-stuck': true,
  'publication-stuck': true,
  'hold-stuck': true,
  'by-hand': true,
  'stop-by-hand': true,
  'start-by-hand': true,
  'sink-newer': true,
  'sink-kept': true,
  'not-adopted': true,
  'item-failed': true,
  'announcement-over': true,
  'choice-missing': true,
  entitlement: true,
  'vault-shut': true,
  'audit-trail': true,
  'webhook-stuck': true,
  stopped: true,
  'works-again': true,
  unanswered: true,
  outage: true,
  'outage-over': false,
};

describe('every kind of alarm', () => {
  it.each(Object.entries(REMEDIED) as [AlarmKind, boolean][])('%s has its words', (kind, isRemedied) => {
    for (const { kinds } of [alarmInFrench, alarmInEnglish]) {
      const { title, event, meaning, remedy } = kinds[kind];
      for (const words of [title, event, meaning]) expect(words.trim().length).toBeGreaterThan(5);
      expect([...title].length).toBeLessThanOrEqual(60);
      expect(remedy.length > 0).toBe(isRemedied);
      expect(remedy).toHaveLength(alarmInFrench.kinds[kind].remedy.length);
      expect(title).not.toMatch(/[.:]$/);
    }
    expect(alarmInFrench.kinds[kind].meaning).not.toBe(alarmInEnglish.kinds[kind].meaning);
  });
});

describe('an alarm of the probe', () => {
  const ACCOUNT = 'TECH_1_25900096600020@cpro.fr';
  const COMMANDS = {
    stopped: [`releve show ${ACCOUNT}`, `releve submit ${ACCOUNT}`],
    'works-again': [`releve show ${ACCOUNT}`],
    unanswered: [`releve show ${ACCOUNT}`],
    outage: ['releve check'],
    'outage-over': [],
  };

  it.each(Object.entries(COMMANDS))(
    '%s: gives these commands, and leaves nothing unfilled',
    (name, commands) => {
      for (const language of LANGUAGES) {
        const letter = alarm(name, { language });
        expect(commandsOf(letter)).toEqual(commands);
        expect(JSON.stringify(letter)).not.toMatch(/[{]\w+[}]|undefined|\bnull\b|\bNaN\b|\[object/);
        expect(letter.subject).not.toMatch(/\p{Cc}/u);
      }
    },
  );

  it('stopped: says since when, when it last worked, who was written to, and that the connector holds', () => {
    const letter = alarm('stopped');
    expect(plain(letter.subject)).toBe(
      'Relève, alerte : mot de passe en service refusé – Commune de Bavilliers',
    );
    expect(plain(letter.firstLine)).toBe(
      'Commune de Bavilliers : Chorus Pro refuse le mot de passe en service depuis le lundi 1er mars 2027 à 2 h 14.',
    );
    const text = body(letter);
    expect(text).toContain('Refusé depuis\nlundi 1er mars 2027 à 2 h 14');
    expect(text).toContain('Dernier succès\ndimanche 28 février 2027 à 2 h 14');
    expect(text).toContain('Gestionnaire\nAnne Martin\nAdresse\nmairie@bavilliers.example');
    expect(text).toContain(
      'Déjà fait\nconsigne donnée au connecteur de suspendre ses appels ; courriel à Anne Martin pour demander le nouveau mot',
    );
    expect(stepsOf(letter)[0]?.[0]).toMatch(/^Appelez le gestionnaire principal/);
    expect(stepsOf(letter)[0]?.[1]).toMatch(/^Cherchez si un autre programme/);
  });

  it('stopped: says where nobody could be written to, and where it was never seen to work', () => {
    const text = body(alarm('stopped-many'));
    expect(text).toContain('Dernier succès\naucun constaté par nos vérifications');
    expect(text).toContain('Adresse\naucune adresse valable');
    expect(text).toContain('consigne donnée au connecteur de suspendre ses appels ; personne à qui écrire');
    expect(text.match(/Appelez le gestionnaire principal/g)).toHaveLength(1);
  });

  it('names the connectors whose locked job a person must unlock, once, after the other steps', () => {
    for (const kind of ['stopped', 'works-again']) {
      const [one] = PROBE_ALARMS[kind]?.alarms ?? [];
      if (one === undefined) throw new Error('no sample');
      const locking = ['pastell, agglo', 'pastell'];
      const alarms = locking.map((names) => ({ ...one, facts: { ...one.facts, locking: names } }));
      for (const language of LANGUAGES) {
        const steps = stepsOf(alarm(kind, { alarms, language })).flat();
        expect(steps.at(-1)).toContain('(pastell, agglo)');
        expect(steps.at(-1)).toMatch(/déverrouiller|unlock it/);
        expect(steps.filter((step) => /déverrouiller|unlock it/.test(step))).toHaveLength(1);
        expect(stepsOf(alarm(kind, { language })).flat().join(' ')).not.toMatch(/déverrouiller|unlock it/);
      }
    }
  });

  it('shows an instant on the clock of Paris, in winter and in summer', () => {
    const [one] = PROBE_ALARMS.stopped?.alarms ?? [];
    if (one === undefined) throw new Error('no sample');
    const since = Temporal.Instant.from('2027-07-14T22:30:00Z').epochMilliseconds;
    const letter = alarm('stopped', { alarms: [{ ...one, facts: { ...one.facts, since } }] });
    expect(plain(letter.firstLine)).toContain('depuis le jeudi 15 juillet 2027 à 0 h 30.');
  });

  it('unanswered: blames no password, and tells the cause with what to do', () => {
    for (const language of LANGUAGES) {
      const letter = alarm('unanswered', { language });
      const { name, meaning, action } = CAUSE_WORDS[language].unreadable;
      expect(body(letter)).toContain(`Cause\n${plain(name)}`);
      expect(body(letter)).toContain(meaning);
      expect(stepsOf(letter)[0]?.[0]).toBe(plain(action));
      expect(body(letter)).toMatch(
        /Rien ne dit que son mot de passe soit mauvais|Nothing says that its password/,
      );
    }
    expect(plain(alarm('unanswered').firstLine)).toMatch(/depuis le samedi 27 février 2027 à 2 h 14\.$/);
  });
});

describe('an outage', () => {
  it('is told of the platform, names no account, and says what it means', () => {
    const letter = alarm('outage');
    expect(plain(letter.subject)).toBe('Relève, alerte : plus aucune vérification possible – Chorus Pro');
    expect(plain(letter.firstLine)).toBe(
      'Chorus Pro : aucun mot de passe ne peut être vérifié depuis le lundi 1er mars 2027 à 2 h 14.',
    );
    const text = body(letter);
    expect(text).toContain('Plateforme\nChorus Pro\nDepuis\nlundi 1er mars 2027 à 2 h 14\nCause\n');
    expect(text).toContain("attendent sous scellés, et rien n'est perdu");
    expect(text).toContain('Les gestionnaires ne reçoivent aucun courriel');
    expect(whole(letter)).not.toMatch(/Structure|Compte technique|Gestionnaire\n|Adresse\n/);
  });

  const causes = Object.keys(CAUSE_WORDS.fr) as Cause[];
  it.each(causes.filter((cause) => cause !== 'password-refused'))('%s: gives its next action', (cause) => {
    const [one] = PROBE_ALARMS.outage?.alarms ?? [];
    if (one === undefined) throw new Error('no sample');
    for (const language of LANGUAGES) {
      const letter = alarm('outage', { language, alarms: [{ ...one, facts: { ...one.facts, cause } }] });
      expect(stepsOf(letter)[0]?.[0]).toBe(plain(CAUSE_WORDS[language][cause].action));
    }
  });

  it('in which every account is refused tells nobody to renew', () => {
    for (const language of LANGUAGES) {
      const text = whole(alarm('outage-refused', { language }));
      expect(text).toMatch(/son annuaire est en panne|its directory is out of order/);
      expect(text).toMatch(/regarder un compte sur le portail|one account looked at on the portal/);
      expect(text).toMatch(/Personne n'est invité à renouveler|Nobody is told to renew/);
      expect(text).not.toContain(plain(CAUSE_WORDS[language]['password-refused'].action));
      expect(text).not.toContain(plain(CAUSE_WORDS[language]['password-refused'].meaning));
    }
  });

  it('tells the cause of an outage that is over, and no remedy', () => {
    const [over] = PROBE_ALARMS['outage-over']?.alarms ?? [];
    if (over === undefined) throw new Error('no sample');
    const letter = alarm('outage-over', {
      alarms: [{ ...over, facts: { ...over.facts, cause: 'piste-down' } }],
    });
    expect(body(letter)).toContain('Cause\nPISTE indisponible');
    expect(body(letter)).not.toContain('Cause constatée');
    expect(stepsOf(letter)).toEqual([]);
  });

  it('ends with one all-clear: when it began, that it is over, nothing to do', () => {
    const letter = alarm('outage-over');
    expect(plain(letter.subject)).toBe("Relève, fin d'alerte : vérifications rétablies – Chorus Pro");
    expect(body(letter)).toContain(
      'Plateforme\nChorus Pro\nDébut de la panne\nlundi 1er mars 2027 à 2 h 14\nRétablie\nlundi 1er mars 2027 à 8 h 14',
    );
    expect(body(letter)).toContain("il n'y a rien à faire");
    expect(stepsOf(letter)).toEqual([]);
    expect(headingsOf(letter)).toEqual(['Vérifications rétablies']);
    expect(whole(letter)).not.toMatch(/attention|, alerte|alertes/);
    expect(alarm('outage-over', { language: 'en' }).subject).toBe(
      'Relève, all clear: verifications possible again – Chorus Pro',
    );
  });
});

describe('what is over', () => {
  it('is called an all-clear, not an alarm', () => {
    expect(plain(alarm('works-again').subject)).toBe(
      "Relève, fin d'alerte : mot de passe en service de nouveau accepté – Commune de Bavilliers",
    );
    expect(stepsOf(alarm('works-again'))[0]?.[0]).toMatch(/^Cherchez quelle personne ou quel programme/);
    const many = alarm('all-clear');
    expect(plain(many.subject)).toMatch(/^Relève : 2 fins d'alerte – Syndicat intercommunal/);
    expect(plain(many.firstLine)).toMatch(/ : 2 fins d'alerte\.$/);
  });

  it('stands after what needs attention, which alone is counted and named; renewals come last', () => {
    const letter = alarm('all-of-the-probe');
    expect(plain(letter.subject)).toBe('Relève : 3 alertes à traiter – Commune de Bavilliers');
    expect(plain(letter.firstLine)).toBe(
      "Commune de Bavilliers : 3 alertes à traiter. S'y ajoutent 2 fins d'alerte. Par ailleurs, 1 mot de passe a été renouvelé.",
    );
    expect(headingsOf(letter).filter((heading) => heading !== 'Ce que vous pouvez faire')).toEqual([
      'Plus aucune vérification possible',
      'Mot de passe en service refusé',
      'Compte sans réponse de Chorus Pro',
      'Mot de passe en service de nouveau accepté',
      'Vérifications rétablies',
      'Mots de passe renouvelés',
    ]);
  });
});

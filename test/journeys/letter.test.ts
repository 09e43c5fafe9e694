// A date comes near → a letter in a mailbox: the real commands, a real mail server with STARTTLS and login, read back over IMAP.
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ReceivedMail, readMailbox } from '../rig/imap-box.ts';
import { installationVariables, temporaryFolder } from '../rig/installation.ts';
import { type MailServer, startMailServer } from '../rig/mail-server.ts';
import { INSTALLED, releve as runReleve } from '../rig/process.ts';

const PASSWORD = 'smtp-[password]-(7f3a)';

const CSV = `login;siret;structure;date_expiration;date_changement;gestionnaire;courriel;secondaires;langue
TECH_1_21900010000019@cpro.fr;21900010000019;Commune d’Andelnans-lès-Forêts;12/03/2027;;Hélène Dupré;helene.dupre@andelnans.test;secretariat@andelnans.test;fr
TECH_1_21900033200017@cpro.fr;21900033200017;Syndicat des eaux;;10/03/2026;John Smith;john.smith@eaux.test;;en
`;

let mail: MailServer;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let variables: Record<string, string>;
let french: ReceivedMail;

/** Runs `releve` at a time of day in March 2027 (`2027-03-05 09:00:00`, UTC); resolves to what it wrote. */
async function releve(at: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runReleve(args, {
    clock: `${at.replace(' ', 'T')}Z`,
    env: variables,
    // This journey goes by what is installed, not by the run's bundle.
    launcher: INSTALLED,
  });
  if (code !== 0) throw new Error(`releve ${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}

beforeAll(async () => {
  mail = await startMailServer({ submission: { user: 'releve', password: PASSWORD } });
  folder = await temporaryFolder();
  const file = (name: string) => join(folder.path, name);
  await mkdir(file('data'), { mode: 0o700 });
  await writeFile(file('ca.pem'), mail.caPem);
  await writeFile(file('password'), `${PASSWORD}\n`);
  await chmod(file('password'), 0o600);
  await writeFile(file('fleet.csv'), CSV);
  variables = installationVariables(file('data'), mail.submission.port, {
    RELEVE_MAIL_SMTP_SECURITY: 'starttls',
    RELEVE_MAIL_SMTP_USER: 'releve',
    RELEVE_MAIL_SMTP_PASSWORD_FILE: file('password'),
    RELEVE_MAIL_SMTP_CA_FILE: file('ca.pem'),
  });
  await releve('2027-03-05 09:00:00', 'import', file('fleet.csv'));
  await releve('2027-03-05 09:00:00', 'remind');
  await releve('2027-03-05 09:05:00', 'remind');
  await mail.settled();
  const [letter] = await readMailbox(mail, 'helene.dupre@andelnans.test');
  if (letter === undefined) throw new Error('no letter came');
  french = letter;
});

afterAll(async () => {
  await mail?.stop();
  await folder?.remove();
});

/** Words alone: no-break spaces, line ends and marks of layout are one blank. */
const words = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
const withoutTags = (html: string) =>
  words(
    html
      .replaceAll(/<(style|title)[\s\S]*?<\/\1>/g, ' ')
      .replaceAll(/<[^>]+>/g, ' ')
      .replaceAll('&#39;', "'")
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&'),
  );

describe('the letter that a manager finds in the mailbox', () => {
  it('came once to each reader, with the same Message-ID', async () => {
    const readers = ['helene.dupre@andelnans.test', 'secretariat@andelnans.test'];
    for (const reader of readers) {
      const letters = (await readMailbox(mail, reader)).filter(
        ({ messageId }) => messageId === french.messageId,
      );
      expect({ reader, letters: letters.length }).toEqual({ reader, letters: 1 });
    }
    expect(await readMailbox(mail, 'helene.dupre@andelnans.test')).toHaveLength(1);
    const copies = (await readMailbox(mail, 'it@siagep.test')).map(({ messageId }) => messageId);
    expect(copies).not.toContain(french.messageId);
  });

  it('has a head that people and programs can trust', () => {
    expect(french.subject.replaceAll(/\s/g, ' ')).toContain('avant le vendredi 12 mars 2027');
    expect(french.subject).toContain('Andelnans-lès-Forêts');
    expect(french.from).toEqual([{ name: 'Service informatique du SIAGEP', address: 'it@siagep.test' }]);
    expect(french.to).toEqual([{ name: 'Hélène Dupré', address: 'helene.dupre@andelnans.test' }]);
    expect(french.cc.map(({ address }) => address)).toEqual(['secretariat@andelnans.test']);
    expect(french.messageId).toMatch(/^<[0-9a-f]{40}@siagep\.test>$/);
    expect(french.date?.toString()).toMatch(/^2027-03-05T09:00:/);
    expect(french.header('auto-submitted')).toEqual(['auto-generated']);
    expect(french.header('content-language')).toEqual(['fr']);
  });

  it('says who, what and by when, how to do it, what stops, and how to know a true letter', () => {
    const text = words(french.text);
    for (const needed of [
      'Commune d’Andelnans-lès-Forêts',
      '219 000 100 00019',
      'TECH_1_21900010000019@cpro.fr',
      'vendredi 12 mars 2027',
      'portail.dgfip.finances.gouv.fr',
      'Réinitialisation du mot de passe d’un compte technique',
      'Soumettre',
      '03 84 00 00 00',
      'it@siagep.test',
    ]) {
      expect(text.replaceAll("'", '’')).toContain(needed);
    }
    expect(text).not.toMatch(/undefined|null|NaN|\{|\}/);
  });

  it('says the same in its HTML part', () => {
    const html = new Set(withoutTags(french.html).split(' '));
    const missing = words(french.text)
      .split(' ')
      .filter((word) => /\p{L}{3}/u.test(word) && !html.has(word));
    expect(missing).toEqual([]);
    expect(french.html).toMatch(/<html[^>]* lang="fr"/);
    expect(french.html).not.toMatch(/<script|<img|https?:\/\/[^"]*"\s*\/?>/);
  });

  it('brings the deadline for the calendar', () => {
    const [file] = french.attachments;
    expect(file).toMatchObject({ name: 'echeance.ics', type: 'text/calendar' });
    expect(file?.parameters).toMatchObject({ method: 'PUBLISH' });
    expect(file?.content).toContain('DTSTART;VALUE=DATE:20270312');
  });

  it('is in English for a reader of English', async () => {
    const [letter] = await readMailbox(mail, 'john.smith@eaux.test');
    expect(letter?.subject).toContain('before Wednesday 10 March 2027');
    expect(letter?.header('content-language')).toEqual(['en']);
    expect(letter?.html).toMatch(/lang="en"/);
    expect(letter?.attachments[0]?.name).toBe('deadline.ics');
  });

  it('does not show the password of the mail server to anybody', async () => {
    const listed = await releve('2027-03-05 09:10:00', 'show', 'TECH_1_21900010000019@cpro.fr', '--json');
    expect(listed + french.raw.toString()).not.toContain(PASSWORD);
  });
});

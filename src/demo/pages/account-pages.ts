// The pages of the accounts: the state of each technical user, and what its manager can do today.
import { html } from 'ghtml';
import { unbroken } from '../../foundation/typography.ts';
import { element, shortDay, tableOf } from '../../simulator/portal/page-frame.ts';
import type { AccountKey, ShownAccount, ShownPerson } from './dashboard-view.ts';
import { daysLeftInFrench, sourceInFrench, stateInFrench, stepInFrench } from './french-words.ts';
import { type DemoFrame, type Fact, factList, page, postForm } from './page-frame.ts';

/** The address of an account's own page. */
export function accountAddress({ environment, login }: AccountKey): string {
  return `/comptes/${encodeURIComponent(environment)}/${encodeURIComponent(login)}`;
}

const COLUMNS = ['Structure et compte', 'Expire le', 'État', 'Dernier courriel', 'Gestionnaire'];

/** All technical users, the most pressing first. */
export function accountListPage(frame: DemoFrame, accounts: readonly ShownAccount[]): string {
  return page(frame, 'Les comptes', [
    '<h1>Les comptes techniques</h1>',
    '<p>Ce que Relève sait de chacun à la date simulée, comme <code>releve list</code> l’affiche. Ouvrez une ligne pour ',
    'renouveler son mot de passe ou changer son gestionnaire.</p>',
    tableOf(
      'table class="accounts"',
      'Les comptes, le plus pressant d’abord',
      COLUMNS,
      accounts.map(cellsOf),
    ),
  ]);
}

function cellsOf(account: ShownAccount): string[] {
  const { structure, expiresOn, daysLeft, source, state, lastLetter } = account;
  return [
    html`<a href="${accountAddress(account)}">${structure}</a><span class="sub">${loginOf(account)}</span>`,
    expiresOn === null
      ? html`date inconnue`
      : html`${shortDay(expiresOn)}<span class="sub">${daysLeftInFrench(daysLeft)}, ${sourceInFrench(source)}</span>`,
    html`<span class="state ${state}">${stateInFrench(state)}</span>`,
    lastLetter === null
      ? html`aucune`
      : html`${shortDay(lastLetter.on)}<span class="sub">${stepInFrench(lastLetter.step)}</span>`,
    personCell(account.principal),
  ];
}

function personCell(person: ShownPerson | null): string {
  if (person === null) return html`<span class="alert">personne</span>`;
  const { name, email, refused } = person;
  if (email === null) return html`${name}<span class="sub alert">sans adresse</span>`;
  const address = html`${name}<span class="sub">${email}</span>`;
  return refused === null ? address : `${address}<span class="sub alert">adresse refusée</span>`;
}

const loginOf = ({ login, environment }: ShownAccount) =>
  environment === 'production' ? login : `${login} (${environment})`;

function expiryOf({ expiresOn, daysLeft, source }: ShownAccount): string {
  if (expiresOn === null) return 'date inconnue';
  return `${shortDay(expiresOn)}, ${daysLeftInFrench(daysLeft)} (${sourceInFrench(source)})`;
}

function lastLetterOf({ lastLetter }: ShownAccount): string {
  return lastLetter === null ? 'aucune' : `${shortDay(lastLetter.on)} (${stepInFrench(lastLetter.step)})`;
}

function personOf(person: ShownPerson | null): string {
  if (person === null) return 'personne';
  const { name, email, phone, refused } = person;
  const number = phone === null ? '' : `, ${unbroken(phone)}`;
  if (email === null) return `${name}, sans adresse${number}`;
  const named = name === email ? email : `${name} <${email}>`;
  return `${named}${refused === null ? '' : ' (adresse refusée)'}${number}`;
}

/** One technical user, and the forms for it. `successor` fills in the form of a new manager. */
export function accountPage(
  frame: DemoFrame,
  account: ShownAccount,
  successor: { readonly name: string; readonly email: string },
): string {
  const facts: readonly Fact[] = [
    ['Structure', `${account.structure}, SIRET ${account.siret}`],
    ['Aussi pour', account.further.join(', ')],
    ['Compte technique', loginOf(account)],
    ['Expire le', expiryOf(account)],
    ['État', stateInFrench(account.state)],
    ['Dernier courriel', lastLetterOf(account)],
    ['Gestionnaire principal', personOf(account.principal)],
    ['Gestionnaires secondaires', account.secondaries.map(personOf).join(', ')],
    ['Réponse du serveur', account.principal?.refused ?? ''],
  ];
  return page(frame, account.structure, [
    '<p class="back"><a href="/comptes">← Les comptes</a></p>',
    html`<h1>${account.structure}</h1>`,
    factList(facts),
    ...letterLink(account),
    renewalForm(frame, account),
    managerForm(frame, account, successor),
  ]);
}

function letterLink({ principal }: ShownAccount): string[] {
  if (principal?.email == null) return [];
  return [html`<p><a href="/?${new URLSearchParams({ lecteur: principal.email })}">Ses courriels</a></p>`];
}

function renewalForm(frame: DemoFrame, account: ShownAccount): string {
  return element('section class="action" aria-labelledby="renouveler"', [
    '<h2 id="renouveler">Le mot de passe a été renouvelé</h2>',
    '<p>Le gestionnaire l’a changé aujourd’hui sur le portail et l’a fait savoir : les courriels s’arrêtent jusqu’à la ',
    'prochaine échéance.</p>',
    postForm(frame, `${accountAddress(account)}/renouvellement`, [
      '<button type="submit">Renouvelé aujourd’hui</button>',
    ]),
  ]);
}

function managerForm(
  frame: DemoFrame,
  account: ShownAccount,
  successor: { readonly name: string; readonly email: string },
): string {
  return element('section class="action" aria-labelledby="passer"', [
    '<h2 id="passer">Changement de gestionnaire</h2>',
    '<p>Les courriels vont désormais à la nouvelle personne, dès aujourd’hui si une étape est atteinte et que l’on ',
    'travaille. Toute adresse en ',
    '<code>@boite-fermee.example</code> est refusée par le serveur de messagerie.</p>',
    postForm(frame, `${accountAddress(account)}/gestionnaire`, [
      '<div class="field"><label for="nom">Nom</label>',
      html`<input id="nom" name="nom" type="text" required maxlength="200" autocomplete="off" value="${successor.name}"></div>`,
      '<div class="field"><label for="courriel">Adresse</label>',
      html`<input id="courriel" name="courriel" type="email" required maxlength="254" autocomplete="off" value="${successor.email}"></div>`,
      '<button type="submit">Nommer</button>',
    ]),
  ]);
}

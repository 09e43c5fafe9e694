// The pages of the simulated portal: the steps to a new password, and the list of a structure's users.
import { html } from 'ghtml';
import type { ChorusAccount, ChorusStructure } from '../chorus-pro/events.ts';
import { element, facts, portalPage, portalSiret, shortDay, tableOf } from './page-frame.ts';
import type { ResetRequest } from './reset-requests.ts';

const RESET = 'Réinitialisation du mot de passe d’un compte technique';
/** The address of the first step after the type of request. */
export const RESET_ADDRESS = '/raccordements/compte-technique/reinitialisation';
const TRAIL = ['Raccordements', 'Compte technique'];

/** The answer to the type of request that is not simulated. */
export const CREATION_NOT_SIMULATED =
  'Le portail simulé ne crée pas de compte : choisissez la réinitialisation.';

export function homePage(): string {
  return portalPage({ title: 'Bienvenue', area: null, trail: [] }, [
    '<p>Choisissez un domaine.</p>',
    element('ul class="tiles"', [
      '<li><a href="/raccordements">Raccordements</a><p>Demander un nouveau mot de passe pour un compte technique.</p></li>',
      '<li><a href="/activites">Activités du gestionnaire</a><p>Mes structures, et les utilisateurs qui leur sont rattachés.</p></li>',
    ]),
  ]);
}

export function applicationsPage(): string {
  return portalPage({ title: 'Raccordements', area: 'raccordements', trail: [] }, [
    '<p>Choisissez une application.</p>',
    element('ul class="tiles"', [
      '<li><a href="/raccordements/compte-technique">Compte technique</a><p>Pour les programmes qui appellent Chorus Pro.</p></li>',
    ]),
  ]);
}

/** The types of request; `fault` says what was wrong with a choice. */
export function requestTypesPage(fault: string | null): string {
  return portalPage({ title: 'Compte technique', area: 'raccordements', trail: ['Raccordements'] }, [
    ...faultLine(fault),
    element('form method="get" action="/raccordements/compte-technique/demande"', [
      element('fieldset', [
        '<legend>Type de demande</legend>',
        radio('type', 'creation', 'Création d’un compte technique', ''),
        radio('type', 'reinitialisation', RESET, ''),
      ]),
      '<button type="submit">Continuer</button>',
    ]),
  ]);
}

export function structuresPage(structures: readonly ChorusStructure[], fault: string | null): string {
  const options = structures.map(
    ({ siret, name }) => html`<option value="${siret}">${name} (${portalSiret(siret)})</option>`,
  );
  return portalPage({ title: RESET, area: 'raccordements', trail: TRAIL }, [
    ...faultLine(fault),
    element(`form method="get" action="${RESET_ADDRESS}"`, [
      '<label class="above" for="structure">Structure</label>',
      element('select id="structure" name="structure" required', [
        '<option value="">Choisissez une structure</option>',
        ...options,
      ]),
      '<button type="submit">Continuer</button>',
    ]),
  ]);
}

/** The technical accounts of one structure; each button of the form opens a request. */
export function accountsPage(
  structure: ChorusStructure,
  accounts: readonly ChorusAccount[],
  fault: string | null,
): string {
  const choices = accounts.map((account) =>
    radio('compte', `${account.environment} ${account.login}`, account.login, expiryOf(account)),
  );
  return portalPage({ title: RESET, area: 'raccordements', trail: TRAIL }, [
    ...faultLine(fault),
    facts([['Structure', structureMarkup(structure)]]),
    element('form method="post" action="/demandes"', [
      html`<input type="hidden" name="structure" value="${structure.siret}">`,
      element('fieldset', ['<legend>Compte technique</legend>', ...choices]),
      '<button type="submit">Continuer</button>',
    ]),
    html`<p><a href="${RESET_ADDRESS}">Changer de structure</a></p>`,
  ]);
}

function expiryOf({ expiresOn, environment }: ChorusAccount): string {
  const end =
    expiresOn === null ? 'sans date d’expiration' : `mot de passe valable jusqu’au ${shortDay(expiresOn)}`;
  return environment === 'production' ? end : `${end}, compte de qualification`;
}

/** A request in its state: the password in its red frame, the confirmation, or that it is void. */
export function requestPage(request: ResetRequest, account: ChorusAccount): string {
  const known: [string, string][] = [
    ['Demande', html`n° ${request.number}`],
    ['Structure', structureMarkup(account.home)],
    ['Identifiant du compte', html`<code class="copy" id="identifiant">${request.login}</code>`],
  ];
  const main =
    request.state === 'open'
      ? openRequest(request.number, request.password, known)
      : request.state === 'submitted'
        ? submittedRequest(request.expiresOn, known)
        : voidRequest(known);
  const title = request.state === 'submitted' ? 'Demande soumise' : RESET;
  return portalPage({ title, area: 'raccordements', trail: TRAIL }, main);
}

function openRequest(number: number, password: string, known: readonly [string, string][]): string[] {
  return [
    facts(known),
    element('section class="red-frame" aria-labelledby="cadre"', [
      '<p id="cadre"><strong>Nouveau mot de passe</strong></p>',
      html`<p><code class="copy" id="mot-de-passe">${password}</code></p>`,
      '<p>Copiez-le maintenant : il ne sera plus jamais affiché.</p>',
    ]),
    '<p class="warning">Ce mot de passe n’est pas encore en service : il ne le sera qu’une fois la demande soumise. ',
    'L’ancien cessera alors aussitôt de fonctionner.</p>',
    element(`form method="post" action="/demandes/${number}/soumission"`, [
      '<button type="submit">Soumettre</button>',
    ]),
  ];
}

function submittedRequest(expiresOn: string, known: readonly [string, string][]): string[] {
  return [
    '<p class="done" role="status">Le nouveau mot de passe est en service. L’ancien ne fonctionne plus.</p>',
    facts([
      ...known,
      ['Date d’expiration', html`<span id="expiration">${shortDay(expiresOn)}</span>`],
      ['Mot de passe', 'affiché une seule fois, avant la soumission ; il ne le sera plus jamais'],
    ]),
    '<p>Transmettez-le au programme qui s’en sert, par la voie convenue avec votre service informatique.</p>',
  ];
}

function voidRequest(known: readonly [string, string][]): string[] {
  return [
    facts(known),
    '<p class="warning">Une autre demande a été soumise pour ce compte : le mot de passe que celle-ci avait affiché ne sera jamais en service.</p>',
    html`<p><a href="${RESET_ADDRESS}">Faire une nouvelle demande</a></p>`,
  ];
}

/** The structures, as the manager's own activities list them. */
export function myStructuresPage(structures: readonly ChorusStructure[]): string {
  return portalPage({ title: 'Mes structures', area: 'activites', trail: ['Activités du gestionnaire'] }, [
    element(
      'ul class="tiles"',
      structures.map(
        ({ siret, name }) =>
          html`<li><a href="/structures/${siret}">${name}</a><p>SIRET ${portalSiret(siret)}</p></li>`,
      ),
    ),
  ]);
}

const COLUMNS = ['Utilisateur', 'Type', 'Date d’expiration', 'Mot de passe'];

/** The users of one structure, with the day each password expires. */
export function usersPage(structure: ChorusStructure, accounts: readonly ChorusAccount[]): string {
  const trail = ['Activités du gestionnaire', 'Mes structures', structure.name];
  const rows = accounts.map(({ login, environment, expiresOn, home }) => {
    const type = environment === 'production' ? 'technique' : 'technique, qualification';
    return [
      html`${login}`,
      html`${type}`,
      expiresOn === null ? 'aucune' : html`${shortDay(expiresOn)}`,
      html`<a href="${RESET_ADDRESS}?structure=${home.siret}">Réinitialiser le mot de passe de l’utilisateur technique</a>`,
    ];
  });
  return portalPage({ title: 'Utilisateurs rattachés à la structure', area: 'activites', trail }, [
    facts([['Structure', structureMarkup(structure)]]),
    tableOf('table', 'Comptes rattachés, avec l’échéance de leur mot de passe', COLUMNS, rows),
  ]);
}

export function messagePage(title: string, words: string): string {
  return portalPage({ title, area: null, trail: [] }, [
    html`<p>${words}</p>`,
    '<p><a href="/">Retour à l’accueil</a></p>',
  ]);
}

function structureMarkup({ name, siret }: ChorusStructure): string {
  return html`${name}<span class="sub">SIRET ${portalSiret(siret)}</span>`;
}

function faultLine(fault: string | null): string[] {
  return fault === null ? [] : [html`<p class="warning" role="alert">${fault}</p>`];
}

/** One choice of several; the whole line is its label. */
function radio(name: string, value: string, label: string, more: string): string {
  const under = more === '' ? '' : html`<span class="sub">${more}</span>`;
  return `${html`<label class="choice"><input type="radio" name="${name}" value="${value}" required><span>${label}`}${under}</span></label>`;
}

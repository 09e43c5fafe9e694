// The page of the story's invoice connector: its state, what it downloaded, and how long it was without invoices.
import { html } from 'ghtml';
import { facts, spaced } from '../../simulator/portal/page-frame.ts';
import type { ShownConnector } from './dashboard-view.ts';
import { secondsInFrench } from './french-words.ts';
import { type DemoFrame, page } from './page-frame.ts';

/** How a state of the connector looks, and what it means. */
type StateWords = Readonly<Record<'name' | 'meaning', string>> & { readonly tone: 'good' | 'near' | 'late' };

const STATES: Readonly<Record<ShownConnector['state'], StateWords>> = {
  starting: { tone: 'near', name: 'démarre', meaning: 'Son premier appel est en cours.' },
  working: { tone: 'good', name: 'travaille', meaning: 'Le mot de passe qu’il lit est accepté.' },
  holding: {
    tone: 'near',
    name: 'attend',
    meaning: 'Une réinitialisation est annoncée : il attend le nouveau mot de passe et n’appelle pas.',
  },
  'no-credentials': {
    tone: 'near',
    name: 'sans mot de passe',
    meaning: 'Son fichier n’est pas encore écrit.',
  },
  refused: {
    tone: 'late',
    name: 'refusé',
    meaning:
      'Chorus Pro refuse le mot de passe qu’il lit. Il n’insiste pas, pour que le compte ne soit pas bloqué.',
  },
  failing: {
    tone: 'late',
    name: 'sans réponse',
    meaning: 'PISTE ou Chorus Pro ne répond pas ; il essaie de nouveau à chaque tour.',
  },
};

/** The state in one line of markup: its name as a label, then what it means. */
export function connectorState({ state }: ShownConnector): string {
  const { tone, name, meaning } = STATES[state];
  return html`<span class="state ${tone}">${name}</span> ${meaning}`;
}

/** The whole page; `reloads` when it loads itself again every few seconds. */
export function connectorPage(
  frame: DemoFrame,
  connector: ShownConnector,
  { reloads }: { readonly reloads: boolean },
): string {
  const { structure, everyMs, downloads, refusals, failures } = connector;
  const known: readonly (readonly [string, string])[] = [
    ['État', connectorState(connector)],
    ['Dernier appel réussi', lastGood(connector)],
    ['Factures téléchargées', html`${downloads}`],
    ['Appels refusés', html`${refusals}`],
    ['Appels sans réponse', html`${failures}`],
    ['De la remise du mot de passe à l’appel suivant', gap(connector, 'sinceSubmissionMs')],
    ['En tout, sans facture', gap(connector, 'withoutInvoicesMs')],
  ];
  const main = [
    '<h1>Le connecteur de factures</h1>',
    html`<p>Un petit programme d’exemple, celui de la structure « ${structure} ». Toutes les ${secondsInFrench(everyMs)}, `,
    'il lit son mot de passe dans un fichier et télécharge une facture du Chorus Pro simulé. Ses durées sont de ',
    'vraies secondes, quels que soient les sauts de l’horloge.</p>',
    facts(known, 'dl class="facts wide"'),
    reloads
      ? '<p>Cette page s’actualise toute seule. <a href="/connecteur?vue=fixe">Ne plus l’actualiser</a></p>'
      : '<p><a href="/connecteur">L’actualiser toutes les trois secondes</a></p>',
    '<p><a href="/histoire">← L’histoire</a></p>',
  ];
  return page(frame, 'Le connecteur', [spaced(main.join('\n'))]);
}

function lastGood({ sinceGoodMs, state }: ShownConnector): string {
  if (sinceGoodMs === null) return 'aucun';
  const ago = html`il y a ${secondsInFrench(sinceGoodMs)}`;
  return state === 'working' ? ago : html`<strong>${ago}</strong>, et aucun depuis`;
}

function gap({ gaps }: ShownConnector, which: 'sinceSubmissionMs' | 'withoutInvoicesMs'): string {
  return gaps === null
    ? 'pas encore : vivez l’histoire'
    : html`<strong>${secondsInFrench(gaps[which])}</strong>`;
}

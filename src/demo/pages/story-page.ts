// The story in a browser: five steps from the letter to the connector that goes on, and the ways to stumble on them.
import { html } from 'ghtml';
import { element } from '../../simulator/portal/page-frame.ts';
import { connectorState } from './connector-page.ts';
import { type ShownStory, STORY_STEPS, type Stand, type StoryStep } from './dashboard-view.ts';
import { secondsInFrench, spaced } from './french-words.ts';
import { type Frame, page } from './page-frame.ts';
import { stumbles } from './story-stumbles.ts';

/** The whole page. */
export function storyPage(frame: Omit<Frame, 'title'>, story: ShownStory): string {
  const { structure, manager, login, connector } = story;
  const main = [
    '<h1>Un renouvellement, de la lettre au connecteur</h1>',
    html`<p>Trois minutes. Vous êtes ${manager}, gestionnaire principal de la structure « ${structure} ». Le mot de passe `,
    html`du compte technique <code>${login}</code> arrive à échéance ; un connecteur s’en sert en ce moment même.</p>`,
    element('section class="stand" aria-labelledby="situation"', [
      '<h2 id="situation">Où vous en êtes</h2>',
      html`<p>${STANDS[story.stand]}</p>`,
      ...figures(story),
      `<p>Le connecteur : ${connectorState(connector)}</p>`,
      '<p><a href="/histoire">Actualiser cette page</a></p>',
    ]),
    element(
      'ol class="story"',
      STORY_STEPS.map((step) => stepItem(step, story)),
    ),
    stumbles(frame, story),
  ];
  return page({ ...frame, title: 'L’histoire' }, [spaced(main.join('\n'))]);
}

const STANDS: Readonly<Record<Stand, string>> = {
  nothing: 'Rien n’est commencé : la lettre est arrivée.',
  announced: 'La réinitialisation est annoncée : le connecteur attend. Allez maintenant sur le portail.',
  shown:
    'Le portail a affiché un mot de passe, mais la demande n’est pas encore soumise : l’ancien reste en service.',
  submitted:
    'La demande est soumise : l’ancien mot de passe ne fonctionne plus. Collez vite le nouveau dans la page.',
  unclear: 'Le mot de passe est reçu, mais quelque chose y surprend : la page vous demande ce qui est juste.',
  proving: 'Le mot de passe est reçu et gardé sous scellés ; Chorus Pro est interrogé.',
  'no-answer':
    'Le mot de passe est reçu et gardé sous scellés ; Chorus Pro ne répond pas, et sera interrogé de nouveau.',
  'refused-once':
    'Chorus Pro n’accepte pas encore ce mot de passe. Il reste sous scellés, et sera essayé de nouveau après 15, 45 et 90 minutes.',
  'not-submitted':
    'L’ancien mot de passe fonctionne toujours : la demande n’a pas été soumise. Le connecteur continue avec l’ancien, et une lettre le dit.',
  refused:
    'Chorus Pro a refusé ce mot de passe jusqu’au bout : il ne sera plus essayé. Refaites la réinitialisation.',
  proven: 'Vérifié auprès de Chorus Pro et remis : le connecteur l’emploie à son prochain tour.',
  lived:
    'C’est fini : le connecteur travaille avec le nouveau mot de passe, et une lettre le confirme. Pour revivre l’histoire, arrêtez la démonstration et relancez-la.',
};

/** How long the connector was without invoices, once that is known. */
function figures({ connector: { gaps } }: ShownStory): string[] {
  if (gaps === null) return [];
  return [
    html`<p class="figure"><strong>${secondsInFrench(gaps.sinceHandedInMs)}</strong> de la remise du mot de passe à `,
    html`l’appel suivant du connecteur ; ${secondsInFrench(gaps.withoutInvoicesMs)} sans facture en tout.</p>`,
  ];
}

function stepItem(step: StoryStep, story: ShownStory): string {
  const { title, words } = STEPS[step];
  const { name, tone } = markOf(step, story.done);
  return element('li', [
    html`<h2>${title} <span class="state ${tone}">${name}</span></h2>`,
    html`<p>${words}</p>`,
    way(step, story),
  ]);
}

/** Done, next, to come; an announcement that was left out stays so. */
function markOf(step: StoryStep, done: ReadonlySet<StoryStep>): { name: string; tone: string } {
  if (done.has(step)) return { name: 'fait', tone: 'good' };
  if (STORY_STEPS.slice(STORY_STEPS.indexOf(step)).some((later) => done.has(later)))
    return { name: 'passé', tone: 'plain' };
  const next = STORY_STEPS.findLast((one) => done.has(one));
  const isNext = STORY_STEPS.indexOf(step) === (next === undefined ? 0 : STORY_STEPS.indexOf(next) + 1);
  return isNext ? { name: 'maintenant', tone: 'far' } : { name: 'ensuite', tone: 'plain' };
}

const STEPS: Readonly<Record<StoryStep, { readonly title: string; readonly words: string }>> = {
  letter: {
    title: 'Lire la lettre, et suivre son lien',
    words:
      'Elle dit ce qui expire, qui écrit, et comment s’en assurer. Son lien personnel ouvre une page de Relève ; l’ouvrir ne change rien.',
  },
  announce: {
    title: 'Prévenir le connecteur',
    words:
      'Dans la page du lien, cochez « Je suis sur le portail et je vais réinitialiser maintenant », puis appuyez sur « Prévenir le connecteur » : il attendra au lieu d’insister.',
  },
  reset: {
    title: 'Réinitialiser sur le portail simulé',
    words:
      'Raccordements, Compte technique, réinitialisation ; puis la structure, puis le compte. Copiez le mot de passe du cadre rouge, et seulement alors cliquez sur « Soumettre ».',
  },
  'hand-in': {
    title: 'Coller le mot de passe dans la page',
    words:
      'De retour dans la page du lien, collez-le et appuyez sur « Remettre le mot de passe ». La réponse vient dans la seconde.',
  },
  'goes-on': {
    title: 'Voir le connecteur continuer',
    words: 'Il lit son fichier à chaque tour : sa page dit combien de secondes il est resté sans facture.',
  },
};

const OTHER_TAB = 'target="_blank" rel="noopener noreferrer"';

/** The link that opens the right thing. */
function way(step: StoryStep, { letter, link, portal }: ShownStory): string {
  const outside = (address: string, words: string) =>
    `<p><a href="${html`${address}`}" ${OTHER_TAB}>${words} (nouvel onglet)</a></p>`;
  switch (step) {
    case 'letter':
      return letter === null
        ? '<p>Aucune lettre pour le moment : avancez l’horloge jusqu’à la prochaine.</p>'
        : html`<p><a href="/lettres/${letter}">Ouvrir la lettre</a></p>`;
    case 'announce':
    case 'hand-in':
      return link === null ? '' : outside(link, 'Ouvrir la page du lien');
    case 'reset':
      return outside(portal, 'Ouvrir le portail simulé');
    case 'goes-on':
      return '<p><a href="/connecteur">Ouvrir la page du connecteur</a></p>';
  }
}

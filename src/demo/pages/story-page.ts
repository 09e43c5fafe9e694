// The page of the story: five steps from the letter to the connector that works again, and mistakes to try on the way.
import { html } from 'ghtml';
import { element, spaced } from '../../simulator/portal/page-frame.ts';
import { connectorState } from './connector-page.ts';
import { type ShownStory, STORY_STEPS, type StoryStatus, type StoryStep } from './dashboard-view.ts';
import { secondsInFrench } from './french-words.ts';
import { type DemoFrame, page, postForm } from './page-frame.ts';

export function storyPage(frame: DemoFrame, story: ShownStory): string {
  const { structure, manager, login, connector } = story;
  const main = [
    '<h1>Un renouvellement, du courriel au connecteur</h1>',
    html`<p>Trois minutes. Vous êtes ${manager}, gestionnaire principal de la structure « ${structure} ». Le mot de passe `,
    html`du compte technique <code>${login}</code> arrive à échéance ; un connecteur s’en sert en ce moment même.</p>`,
    element('section class="stand" aria-labelledby="situation"', [
      '<h2 id="situation">Où vous en êtes</h2>',
      html`<p>${STATUS_WORDS[story.status]}</p>`,
      ...figures(story),
      `<p>Le connecteur : ${connectorState(connector)}</p>`,
      '<p><a href="/histoire">Actualiser cette page</a></p>',
    ]),
    element(
      'ol class="story"',
      STORY_STEPS.map((step) => stepItem(step, story)),
    ),
    mistakes(frame, story),
  ];
  return page(frame, 'L’histoire', [spaced(main.join('\n'))]);
}

const STATUS_WORDS: Readonly<Record<StoryStatus, string>> = {
  nothing: 'Rien n’est commencé : le courriel est arrivé.',
  announced: 'La réinitialisation est annoncée : le connecteur attend. Allez maintenant sur le portail.',
  shown:
    'Le portail a affiché un mot de passe, mais la demande n’est pas encore soumise : l’ancien reste en service.',
  submitted:
    'La demande est soumise : l’ancien mot de passe ne fonctionne plus. Collez vite le nouveau dans la page.',
  unclear: 'Le mot de passe est reçu, mais quelque chose y surprend : la page vous demande ce qui est juste.',
  verifying: 'Le mot de passe est reçu et gardé sous scellés ; Chorus Pro est interrogé.',
  'no-answer':
    'Le mot de passe est reçu et gardé sous scellés ; Chorus Pro ne répond pas, et sera interrogé de nouveau.',
  'refused-once':
    'Chorus Pro n’accepte pas encore ce mot de passe. Il reste sous scellés, et sera essayé de nouveau après 15, 45 et 90 minutes.',
  'not-submitted':
    'L’ancien mot de passe fonctionne toujours : la demande n’a pas été soumise. Le connecteur continue avec l’ancien, et un courriel le dit.',
  refused:
    'Chorus Pro a refusé ce mot de passe jusqu’au bout : il ne sera plus essayé. Refaites la réinitialisation.',
  verified: 'Vérifié auprès de Chorus Pro et remis : le connecteur l’emploie à son prochain tour.',
  done: 'C’est fini : le connecteur travaille avec le nouveau mot de passe, et un courriel le confirme. Pour revivre l’histoire, arrêtez la démonstration et relancez-la.',
};

/** How long the connector was without invoices, once that is known. */
function figures({ connector: { gaps } }: ShownStory): string[] {
  if (gaps === null) return [];
  return [
    html`<p class="figure"><strong>${secondsInFrench(gaps.sinceSubmissionMs)}</strong> de la remise du mot de passe à `,
    html`l’appel suivant du connecteur ; ${secondsInFrench(gaps.withoutInvoicesMs)} sans facture en tout.</p>`,
  ];
}

function stepItem(step: StoryStep, story: ShownStory): string {
  const { title, words } = STEPS[step];
  const { name, tone } = markOf(step, story.done);
  return element('li', [
    html`<h2>${title} <span class="state ${tone}">${name}</span></h2>`,
    html`<p>${words}</p>`,
    stepLink(step, story),
  ]);
}

/** Done, next or to come; an announcement that was skipped stays marked as skipped. */
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
    title: 'Lire le courriel, et suivre son lien',
    words:
      'Il dit ce qui expire, qui écrit, et comment s’en assurer. Son lien personnel ouvre une page de Relève ; l’ouvrir ne change rien.',
  },
  announce: {
    title: 'Prévenir le connecteur',
    words:
      'Dans la page du lien, cochez « Je vais réinitialiser le mot de passe dans les minutes qui viennent », puis appuyez sur « C’est noté, je commence » : le connecteur attendra au lieu d’insister, et la page montrera les étapes.',
  },
  reset: {
    title: 'Réinitialiser sur le portail simulé',
    words:
      'Raccordements, Compte technique, réinitialisation ; puis la structure, puis le compte. Copiez le mot de passe du cadre rouge, et seulement alors cliquez sur « Soumettre ».',
  },
  submit: {
    title: 'Coller le mot de passe dans la page',
    words:
      'De retour dans la page du lien, suivez « C’est fait sur le portail », collez le mot de passe et appuyez sur « Remettre le mot de passe ». La réponse vient dans la seconde.',
  },
  resume: {
    title: 'Voir le connecteur continuer',
    words: 'Il lit son fichier à chaque tour : sa page dit combien de secondes il est resté sans facture.',
  },
};

const OTHER_TAB = 'target="_blank" rel="noopener noreferrer"';

function stepLink(step: StoryStep, { letter, link, portal }: ShownStory): string {
  const outside = (address: string, words: string) =>
    `<p><a href="${html`${address}`}" ${OTHER_TAB}>${words} (nouvel onglet)</a></p>`;
  switch (step) {
    case 'letter':
      return letter === null
        ? '<p>Aucun courriel pour le moment : avancez l’horloge jusqu’au prochain.</p>'
        : html`<p><a href="/lettres/${letter}">Ouvrir le courriel</a></p>`;
    case 'announce':
    case 'submit':
      return link === null ? '' : outside(link, 'Ouvrir la page du lien');
    case 'reset':
      return outside(portal, 'Ouvrir le portail simulé');
    case 'resume':
      return '<p><a href="/connecteur">Ouvrir la page du connecteur</a></p>';
  }
}

/** The section below the steps: mistakes to try, what will happen, and the switch that takes PISTE down. */
function mistakes(frame: DemoFrame, story: ShownStory): string {
  return element('section class="stumbles" aria-labelledby="trebucher"', [
    '<h2 id="trebucher">Trébuchez, pour voir</h2>',
    '<p>À essayer avant de remettre le bon mot de passe : rien n’est perdu, et la page dit chaque fois quoi faire.</p>',
    ...MISTAKES.map(([title, words]) => element('section', [html`<h3>${title}</h3>`, html`<p>${words}</p>`])),
    element('section', [
      '<h3>Coller l’ancien mot de passe</h3>',
      html`<p>Celui que le connecteur lisait au début de la démonstration : <code class="copy">${story.formerPassword}</code></p>`,
      '<p>La page le reconnaît sans demander à personne : c’est celui que le connecteur utilise déjà. Rien n’est envoyé à Chorus Pro.</p>',
    ]),
    pisteSwitch(frame, story.isPisteDown),
  ]);
}

const MISTAKES = [
  [
    'Oublier « Soumettre »',
    'Collez le mot de passe du cadre rouge sans soumettre la demande. Chorus Pro le refuse, et l’ancien fonctionne toujours : la page et un courriel le disent, le nouveau reste sous scellés. Soumettez la demande, puis dites-le sur la page par son bouton : il est vérifié aussitôt.',
  ],
  [
    'Avec un blanc à la fin',
    'Ajoutez un blanc (barre d’espace) après le mot de passe. Rien n’est corrigé en silence : la page dit ce qu’elle a remarqué, et vous demande lequel est le bon.',
  ],
] as const;

function pisteSwitch(frame: DemoFrame, isDown: boolean): string {
  const [switchTo, label] = isDown
    ? ['marche', 'Remettre PISTE en marche']
    : ['panne', 'Mettre PISTE en panne'];
  return element('section class="action" aria-labelledby="piste"', [
    html`<h3 id="piste">PISTE en panne <span class="state ${isDown ? 'late' : 'good'}">${isDown ? 'en panne' : 'en marche'}</span></h3>`,
    '<p>Remettez le bon mot de passe pendant la panne : il est gardé sous scellés, et vérifié dès que PISTE répond, d’abord ',
    'après 30 secondes, puis de moins en moins souvent. Le connecteur, lui, n’obtient rien non plus. Avancez de 15 minutes ',
    'pour ne pas attendre.</p>',
    postForm(frame, '/piste', [
      html`<button type="submit" name="piste" value="${switchTo}">${label}</button>`,
    ]),
  ]);
}

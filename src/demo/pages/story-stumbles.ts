// The ways to stumble in the story: what to try, and what will happen, with the switch that takes PISTE down.
import { html } from 'ghtml';
import { element } from '../../simulator/portal/page-frame.ts';
import type { ShownStory } from './dashboard-view.ts';
import { type Frame, hiddenFields } from './page-frame.ts';

/** The section below the steps. */
export function stumbles(frame: Omit<Frame, 'title'>, story: ShownStory): string {
  return element('section class="stumbles" aria-labelledby="trebucher"', [
    '<h2 id="trebucher">Trébuchez, pour voir</h2>',
    '<p>À essayer avant de remettre le bon mot de passe : rien n’est perdu, et la page dit chaque fois quoi faire.</p>',
    ...TRIES.map(([title, words]) => element('section', [html`<h3>${title}</h3>`, html`<p>${words}</p>`])),
    element('section', [
      '<h3>Coller l’ancien mot de passe</h3>',
      html`<p>Celui que le connecteur lisait au début de la démonstration : <code class="copy">${story.formerPassword}</code></p>`,
      '<p>La page le reconnaît sans demander à personne : c’est celui que le connecteur utilise déjà. Rien n’est envoyé à Chorus Pro.</p>',
    ]),
    piste(frame, story.pisteDown),
  ]);
}

const TRIES = [
  [
    'Oublier « Soumettre »',
    'Collez le mot de passe du cadre rouge sans soumettre la demande. Chorus Pro le refuse, car l’ancien est toujours en service ; le nouveau reste sous scellés. Avancez de 15 minutes : il est essayé de nouveau, puis l’ancien, et une lettre vous dit que la demande n’a pas été soumise. Soumettez-la, collez le même mot de passe encore une fois : il est accepté.',
  ],
  [
    'Avec une espace à la fin',
    'Ajoutez une espace après le mot de passe. Rien n’est corrigé en silence : la page dit ce qu’elle a remarqué, et vous demande lequel est le bon.',
  ],
] as const;

function piste({ seen, here }: Omit<Frame, 'title'>, isDown: boolean): string {
  const [wish, label] = isDown ? ['marche', 'Remettre PISTE en marche'] : ['panne', 'Mettre PISTE en panne'];
  return element('section class="action" aria-labelledby="piste"', [
    html`<h3 id="piste">PISTE en panne <span class="state ${isDown ? 'late' : 'good'}">${isDown ? 'en panne' : 'en marche'}</span></h3>`,
    '<p>Remettez le bon mot de passe pendant la panne : il est gardé sous scellés, et vérifié dès que PISTE répond, d’abord ',
    'après 30 secondes, puis de moins en moins souvent. Le connecteur, lui, n’obtient rien non plus. Avancez de 15 minutes ',
    'pour ne pas attendre.</p>',
    element('form method="post" action="/piste"', [
      ...hiddenFields(seen, here),
      html`<button type="submit" name="piste" value="${wish}">${label}</button>`,
    ]),
  ]);
}

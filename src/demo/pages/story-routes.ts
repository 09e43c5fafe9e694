// The routes of the story: its page, the connector's page, and the switch that takes PISTE down.
import type { FastifyInstance } from 'fastify';
import { act, type Form, frameOf, HTML, plainPage } from './answers.ts';
import { connectorPage } from './connector-page.ts';
import type { DemoDesk } from './dashboard-view.ts';
import { storyPage } from './story-page.ts';

/** How often the connector's page is loaded anew, in seconds. */
const REFRESH_SECONDS = '3';

export function storyRoutes(app: FastifyInstance, desk: DemoDesk): void {
  app.get('/histoire', async (_request, reply) =>
    reply.type(HTML).send(storyPage(frameOf(desk, '/histoire'), await desk.story())),
  );
  app.get<{ Querystring: Form }>('/connecteur', async ({ query }, reply) => {
    const isStill = query.vue === 'fixe';
    // A header rather than a meta element: the way to stop it stands on the page.
    if (!isStill) reply.header('refresh', REFRESH_SECONDS);
    const here = isStill ? '/connecteur?vue=fixe' : '/connecteur';
    return reply.type(HTML).send(connectorPage(frameOf(desk, here), desk.connector(), isStill));
  });
  app.post<{ Body: Form }>('/piste', async (request, reply) => {
    const wish = request.body?.piste;
    if (wish !== 'panne' && wish !== 'marche') {
      return reply.code(400).type(HTML).send(plainPage(desk, 'Cet état de PISTE est inconnu.'));
    }
    return act(desk, request, reply, async () => {
      desk.setPisteDown(wish === 'panne');
      return null;
    });
  });
}

// What every route of the demo's door answers with: the frame of its page, a plain page, and the way back after a form.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { html } from 'ghtml';
import type { DemoDesk, Fault } from './dashboard-view.ts';
import { type Frame, page } from './page-frame.ts';

export const HTML = 'text/html; charset=utf-8';

/** What a form or an address says. */
export type Form = Readonly<Record<string, string>>;

/** The frame of a page that has its own address. */
export function frameOf(desk: DemoDesk, here: string, notice: string | null = null): Omit<Frame, 'title'> {
  const [now, seen, lastMove, isMoving] = [desk.now(), desk.seen(), desk.lastMove(), desk.isMoving()];
  return { here, now, seen, lastMove, isMoving, notice };
}

export function plainPage(desk: DemoDesk, words: string): string {
  return page({ ...frameOf(desk, '/'), title: words }, [
    html`<h1>${words}</h1>`,
    '<p><a href="/">Le courrier</a></p>',
  ]);
}

/**
 * Does what a form asks for and goes back to its page. A form filled in on a page that is no longer true (sent twice, or
 * from an old tab) does nothing: the reader is shown how things stand now.
 */
export async function act(
  desk: DemoDesk,
  request: FastifyRequest<{ Body: Form }>,
  reply: FastifyReply,
  work: () => Promise<Fault>,
  refuse: (fault: string) => Promise<unknown> = async (fault) =>
    reply.code(400).type(HTML).send(plainPage(desk, fault)),
): Promise<unknown> {
  const { vu, retour = '/' } = request.body ?? {};
  const isStale = desk.isMoving() || Number(vu) !== desk.seen();
  const fault = isStale ? null : await work();
  if (fault !== null) return refuse(fault);
  const back = /^\/(?!\/)[\w%@./?=&+-]*$/.test(retour) ? retour : '/';
  return reply.redirect(back, 303);
}

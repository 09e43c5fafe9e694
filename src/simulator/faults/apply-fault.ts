// How a fault reaches the caller: an answer of its own, the right answer changed, or the silence of a gateway in trouble.
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { answerOf } from './fault-answers.ts';
import { type Damaged, FAULT_NATURES, type Reshaped, type Strike } from './fault-kinds.ts';
import type { Struck } from './fault-plan.ts';
import { type Body, reshape } from './fault-shapes.ts';
import { sendDamaged } from './fault-wire.ts';

/** Waits so many ms, or rejects with an AbortError when the signal comes first. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** The real one. */
export const realSleep: Sleep = (ms, signal) => wait(ms, undefined, { signal });

/** What is around a fault that strikes. */
export interface Around {
  /** In ms. */
  readonly now: () => number;
  /** Ends what takes long when the house closes. */
  readonly closing: AbortSignal;
}

/** Whether a fault comes from behind the gateway, once token, login and password were believed. */
export function strikesLate({ fault }: Struck): boolean {
  return fault !== null && FAULT_NATURES[fault.kind].stage === 'late';
}

/** Waits as long as the plan wants; throws an AbortError when the house closes meanwhile. */
export async function delay({ delayMs }: Struck, sleep: Sleep, closing: AbortSignal): Promise<void> {
  if (delayMs > 0) await sleep(delayMs, closing);
}

const DAMAGED = ['truncated', 'wrong-length', 'gzip-broken', 'latin1', 'drip', 'huge', 'bomb'] as const;
const RESHAPED = [
  ...['single', 'absent', 'renamed', 'dates', 'double-utf8', 'label'],
  ...['empty-token', 'life-as-text', 'life-absent', 'type-lower-case', 'short-life'],
] as const;
const isDamaged = (fault: Strike): fault is Damaged => (DAMAGED as readonly string[]).includes(fault.kind);
const isReshaped = (fault: Strike): fault is Reshaped => (RESHAPED as readonly string[]).includes(fault.kind);

/** Whether the fault needs the right answer to begin with. */
export function needsAnswer(fault: Strike): fault is Damaged | Reshaped {
  return isDamaged(fault) || isReshaped(fault);
}

/** Answers rightly but for the fault. After it nothing else may be sent. */
export function answerChanged(
  fault: Damaged | Reshaped,
  answer: Body,
  reply: FastifyReply,
  { closing }: Around,
): FastifyReply {
  return isDamaged(fault) ? sendDamaged(fault, answer, reply, closing) : reply.send(reshape(fault, answer));
}

/** Answers with the fault, says nothing, or hangs up. After it nothing else may be sent. */
export function answerWith(
  fault: Exclude<Strike, Damaged | Reshaped>,
  reply: FastifyReply,
  { now }: Around,
): FastifyReply {
  if (fault.kind === 'hang' || fault.kind === 'reset') {
    reply.hijack();
    // A reset, not an orderly end: the caller sees ECONNRESET.
    if (fault.kind === 'reset') reply.raw.socket?.resetAndDestroy();
    return reply;
  }
  const { status, headers, body } = answerOf(fault, now());
  reply.code(status).headers(headers);
  return body === '' ? reply.send() : reply.send(body);
}

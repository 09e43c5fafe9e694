// Applies a fault to a call: a delay, an answer of the fault's own, the right answer changed or damaged, or no answer at all.

import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import type { FastifyReply } from 'fastify';
import { answerOf, JSON_TYPE } from './fault-answers.ts';
import { type ActiveFault, type DamageFault, FAULT_NATURES, type ReshapeFault } from './fault-kinds.ts';
import type { FaultEffect } from './fault-plan.ts';
import { type Body, reshape } from './fault-shapes.ts';

/** Waits so many ms, or rejects with an AbortError when the signal comes first. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export const realSleep: Sleep = (ms, signal) => wait(ms, undefined, { signal });

export interface FaultContext {
  /** In ms. */
  readonly now: () => number;
  /** Aborts delays and slow answers when the simulator closes. */
  readonly closing: AbortSignal;
}

/** A fault that replaces the right answer. */
type ReplacingFault = Exclude<ActiveFault, DamageFault | ReshapeFault>;

/** The fault that replaces the answer before token, login and password are checked; null where there is none. */
export function earlyFault({ fault }: FaultEffect): ReplacingFault | null {
  if (fault === null || needsAnswer(fault) || FAULT_NATURES[fault.kind].stage === 'late') return null;
  return fault;
}

/** Waits for the delay of the effect; throws an AbortError when the simulator closes meanwhile. */
export async function applyDelay(
  { delayMs }: FaultEffect,
  sleep: Sleep,
  closing: AbortSignal,
): Promise<void> {
  if (delayMs > 0) await sleep(delayMs, closing);
}

const DAMAGE_KINDS = ['truncated', 'wrong-length', 'gzip-broken', 'latin1', 'drip', 'huge', 'bomb'] as const;
const RESHAPE_KINDS = [
  ...['single', 'absent', 'renamed', 'dates', 'double-utf8', 'label'],
  ...['empty-token', 'life-as-text', 'life-absent', 'type-lower-case', 'short-life'],
] as const;
const isDamageFault = (fault: ActiveFault): fault is DamageFault =>
  (DAMAGE_KINDS as readonly string[]).includes(fault.kind);
const isReshapeFault = (fault: ActiveFault): fault is ReshapeFault =>
  (RESHAPE_KINDS as readonly string[]).includes(fault.kind);

/** Whether the fault changes the right answer, which must then be made first. */
export function needsAnswer(fault: ActiveFault): fault is DamageFault | ReshapeFault {
  return isDamageFault(fault) || isReshapeFault(fault);
}

/** Sends the right answer as the fault changes it. After it nothing else may be sent. */
export function sendChangedAnswer(
  fault: DamageFault | ReshapeFault,
  answer: Body,
  reply: FastifyReply,
  { closing }: FaultContext,
): FastifyReply {
  return isDamageFault(fault)
    ? sendDamaged(fault, answer, reply, closing)
    : reply.send(reshape(fault, answer));
}

/** Sends the fault's own answer, hangs, or resets the connection. After it nothing else may be sent. */
export function sendFaultAnswer(
  fault: ReplacingFault,
  reply: FastifyReply,
  { now }: FaultContext,
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

type Headers = Readonly<Record<string, string | number>>;

/** Sends the answer damaged; after it nothing else may be sent. `closing` aborts slow answers. */
function sendDamaged(
  fault: DamageFault,
  answer: Body,
  reply: FastifyReply,
  closing: AbortSignal,
): FastifyReply {
  reply.hijack();
  const { raw } = reply;
  const bytes = Buffer.from(JSON.stringify(answer));
  // A caller that hangs up on a damaged answer is right to do so: this is no error.
  sendBytes(fault, bytes, raw, closing).catch(() => raw.destroy());
  return reply;
}

async function sendBytes(fault: DamageFault, bytes: Buffer, raw: ServerResponse, closing: AbortSignal) {
  switch (fault.kind) {
    case 'truncated':
      return sendCut(raw, bytes.length, bytes.subarray(0, bytes.length >> 1));
    case 'wrong-length': {
      const length = Math.max(0, bytes.length + fault.by);
      // Bytes beyond a length that is too small are not sent: most callers would take them for another answer.
      return sendCut(raw, length, bytes.subarray(0, length));
    }
    case 'gzip-broken':
      return sendWhole(raw, brokenGzip(bytes), { 'content-encoding': 'gzip' });
    case 'latin1': {
      const type = 'application/json; charset=ISO-8859-1';
      return sendWhole(raw, Buffer.from(bytes.toString(), 'latin1'), { 'content-type': type });
    }
    case 'drip':
      return sendSlowly(raw, bytes, fault.ms, closing);
    case 'huge':
      raw.writeHead(200, { 'content-type': JSON_TYPE });
      return pipeline(filled(bytes, fault.megabytes), raw, { signal: closing });
    case 'bomb':
      raw.writeHead(200, { 'content-type': JSON_TYPE, 'content-encoding': 'gzip' });
      return pipeline(filled(bytes, fault.megabytes), createGzip(), raw, { signal: closing });
  }
}

function sendWhole(raw: ServerResponse, bytes: Buffer, headers: Headers): void {
  raw.writeHead(200, { 'content-type': JSON_TYPE, 'content-length': bytes.length, ...headers });
  raw.end(bytes);
}

/** Declares a length, sends some bytes, and ends the connection without an error. */
async function sendCut(raw: ServerResponse, length: number, bytes: Buffer): Promise<void> {
  raw.writeHead(200, { 'content-type': JSON_TYPE, 'content-length': length, connection: 'close' });
  const socket = raw.socket;
  await new Promise<void>((resolve, reject) => {
    raw.once('error', reject);
    raw.write(bytes, () => resolve());
  });
  socket?.end();
}

/** A gzip header, followed by bytes that are no gzip. */
function brokenGzip(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0x03]), bytes]);
}

/** The most pieces of a slow answer, whatever its length. */
const PIECES = 50;

async function sendSlowly(
  raw: ServerResponse,
  bytes: Buffer,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  raw.writeHead(200, { 'content-type': JSON_TYPE, 'content-length': bytes.length });
  const size = Math.max(1, Math.ceil(bytes.length / PIECES));
  const count = Math.ceil(bytes.length / size);
  for (let at = 0; at < count; at += 1) {
    if (raw.destroyed) return;
    raw.write(bytes.subarray(at * size, (at + 1) * size));
    await wait(ms / count, undefined, { signal });
  }
  raw.end();
}

const PIECE = Buffer.alloc(65_536, 'x');

/** The answer with so many megabytes in an extra field, generated while they are read. */
function filled(bytes: Buffer, megabytes: number): Readable {
  const pieces = Math.ceil((megabytes * 1_048_576) / PIECE.length);
  return Readable.from(
    (function* () {
      yield Buffer.from(`${bytes.toString().slice(0, -1)},"remplissage":"`);
      for (let at = 0; at < pieces; at += 1) yield PIECE;
      yield Buffer.from('"}');
    })(),
    { objectMode: false },
  );
}

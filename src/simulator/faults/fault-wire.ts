// The right answer damaged on its way: cut off, wrongly measured, wrongly packed, endless, or a byte at a time.
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import type { FastifyReply } from 'fastify';
import { JSON_TYPE } from './fault-answers.ts';
import type { Damaged } from './fault-kinds.ts';
import type { Body } from './fault-shapes.ts';

type Headers = Readonly<Record<string, string | number>>;

/** Sends the answer damaged; after it nothing else may be sent. `closing` ends what takes long. */
export function sendDamaged(
  fault: Damaged,
  answer: Body,
  reply: FastifyReply,
  closing: AbortSignal,
): FastifyReply {
  reply.hijack();
  const { raw } = reply;
  const bytes = Buffer.from(JSON.stringify(answer));
  // Who hangs up on an answer that is wrong does well: nobody needs to be told.
  sending(fault, bytes, raw, closing).catch(() => raw.destroy());
  return reply;
}

async function sending(fault: Damaged, bytes: Buffer, raw: ServerResponse, closing: AbortSignal) {
  switch (fault.kind) {
    case 'truncated':
      return cutAfter(raw, bytes.length, bytes.subarray(0, bytes.length >> 1));
    case 'wrong-length': {
      const length = Math.max(0, bytes.length + fault.by);
      // What lies beyond a length that is too small is nobody's: most callers would take it for another answer.
      return cutAfter(raw, length, bytes.subarray(0, length));
    }
    case 'gzip-broken':
      return whole(raw, brokenGzip(bytes), { 'content-encoding': 'gzip' });
    case 'latin1': {
      const type = 'application/json; charset=ISO-8859-1';
      return whole(raw, Buffer.from(bytes.toString(), 'latin1'), { 'content-type': type });
    }
    case 'drip':
      return drip(raw, bytes, fault.ms, closing);
    case 'huge':
      raw.writeHead(200, { 'content-type': JSON_TYPE });
      return pipeline(filled(bytes, fault.megabytes), raw, { signal: closing });
    case 'bomb':
      raw.writeHead(200, { 'content-type': JSON_TYPE, 'content-encoding': 'gzip' });
      return pipeline(filled(bytes, fault.megabytes), createGzip(), raw, { signal: closing });
  }
}

function whole(raw: ServerResponse, bytes: Buffer, headers: Headers): void {
  raw.writeHead(200, { 'content-type': JSON_TYPE, 'content-length': bytes.length, ...headers });
  raw.end(bytes);
}

/** Says a length, sends some bytes, and ends the connection in good order. */
async function cutAfter(raw: ServerResponse, length: number, bytes: Buffer): Promise<void> {
  raw.writeHead(200, { 'content-type': JSON_TYPE, 'content-length': length, connection: 'close' });
  const socket = raw.socket;
  await new Promise<void>((resolve, reject) => {
    raw.once('error', reject);
    raw.write(bytes, () => resolve());
  });
  socket?.end();
}

/** It begins as gzip does, and goes on as it never would. */
function brokenGzip(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0x03]), bytes]);
}

/** So many pieces at most, however long the answer is. */
const PIECES = 50;

async function drip(raw: ServerResponse, bytes: Buffer, ms: number, signal: AbortSignal): Promise<void> {
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

/** The answer with so many megabytes in a field of their own, made as they are taken. */
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

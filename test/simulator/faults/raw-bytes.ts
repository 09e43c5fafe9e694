// One HTTP request whose answer is taken as bytes, with the way it ended: whole, or broken off.
import { type IncomingHttpHeaders, request } from 'node:http';

export interface RawBytes {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** In how many pieces the body came. */
  readonly pieces: number;
  readonly end: 'whole' | 'aborted';
}

/** Posts `{}`; rejects when there is no answer at all. */
export function rawBytes(url: string, headers: Record<string, string>): Promise<RawBytes> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent: false }, (answer) => {
      const pieces: Buffer[] = [];
      const done = (end: RawBytes['end']) =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(pieces),
          pieces: pieces.length,
          end,
        });
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => done('whole'));
      answer.on('error', () => done('aborted'));
    });
    sent.on('error', reject);
    sent.end('{}');
  });
}

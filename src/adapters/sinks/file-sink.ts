// The sink that is a file: what the connector reads from disk, always whole, with the right owner and mode.
import type { Comparison, Publishable, Worked } from '../../domain/rotation/sink-content.ts';
import { renderFile, versionIn } from './file-format.ts';
import { ownership } from './file-owner.ts';
import { difference, readText, replaceFile, type Wanted } from './file-write.ts';
import type { Place } from './place.ts';
import { fillPath } from './placeholders.ts';
import type { FileSettings } from './settings.ts';

/** Opens a file sink; nothing is touched yet. */
export function filePlace(settings: FileSettings): Place {
  const ids = ownership(settings.owner, settings.group);
  const queue = oneAtATime();
  const wanted = async (content: Publishable): Promise<Wanted> => ({
    path: fillPath(settings.path, content),
    bytes: renderFile(settings.format, settings.template, content),
    mode: settings.mode,
    ...(await ids()),
  });
  return {
    compare: async (content): Promise<Comparison> => {
      const file = await wanted(content);
      const found = await difference(file);
      if (found === 'none') return { ok: true, state: 'same' };
      if (found === 'rights') return { ok: true, state: 'same-password' };
      const text = found === 'absent' ? '' : await readText(file.path);
      if (text.trim() === '') return { ok: true, state: 'absent' };
      const { format, template } = settings;
      const version = versionIn(format, template, text);
      const again = version === null ? null : renderFile(format, template, { ...content, version });
      if (again?.toString() === text) return { ok: true, state: 'same-password' };
      return { ok: true, state: 'different', version };
    },
    write: async (content): Promise<Worked> => {
      const file = await wanted(content);
      // Two at once would take each other's file aside for the leftover of a crash.
      await queue(file.path, () => replaceFile(file));
      return { ok: true };
    },
  };
}

/** Work on the same path waits for the work before it, whatever became of that. */
function oneAtATime(): (path: string, work: () => Promise<void>) => Promise<void> {
  const last = new Map<string, Promise<void>>();
  return (path, work) => {
    const mine = (last.get(path) ?? Promise.resolve()).catch(() => undefined).then(work);
    last.set(path, mine);
    const forget = () => {
      if (last.get(path) === mine) last.delete(path);
    };
    mine.then(forget, forget);
    return mine;
  };
}

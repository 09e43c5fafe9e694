// The template of a file sink, checked before any password comes: every name known, every value where it can be escaped.

/** The formats of a file sink. */
export const FORMATS = ['json', 'dotenv', 'ini', 'ini-plain', 'properties', 'xml', 'text'] as const;
type Format = (typeof FORMATS)[number];

/** What a template may name; the sinks' own list, which a test holds against this one. */
export const NAMES = [
  'login',
  'password',
  'version',
  'environment',
  'siret',
  'structure',
  'changedOn',
  'expiresOn',
];

const PLACE = /\{\{([^{}]*)\}\}/g;

/** What is wrong with a template, as words that say what is allowed; null when nothing is. */
export function templateFault(format: Format, template: string | null): string | null {
  if (template === null) return format === 'text' ? 'a template, which the format text needs' : null;
  const names = [...template.matchAll(PLACE)].map(([, name]) => name ?? '');
  if (!names.every((name) => NAMES.includes(name)) || template.replaceAll(PLACE, '').includes('{{')) {
    return `only ${NAMES.map((name) => `{{${name}}}`).join(' ')} between double braces`;
  }
  if (!names.includes('password')) return 'a template with {{password}}';
  return CHECKS[format](template);
}

const CHECKS: Readonly<Record<Format, (template: string) => string | null>> = {
  json,
  dotenv: lineByLine,
  ini: lineByLine,
  'ini-plain': lineByLine,
  properties: outsideComments,
  xml,
  text: () => null,
};

/** Filled with harmless values it must be JSON: so every text stands between quotes. */
function json(template: string): string | null {
  const filled = template.replaceAll(PLACE, (_, name: string) => (name === 'version' ? '1' : 'x'));
  try {
    JSON.parse(filled);
    return null;
  } catch {
    return 'JSON, each placeholder between double quotes ({{version}} may stand without)';
  }
}

/** The format sets the quotes, and these cannot be part of a value. */
function lineByLine(template: string): string | null {
  const fits = template
    .split('\n')
    .filter((line) => line.includes('{{'))
    .every((line) => /^\s*(?:export\s+)?[\w.-]+\s*=\s*\{\{\w+\}\}\s*$/.test(line));
  return fits ? null : 'each placeholder as the whole value of its line, without quotes: NAME={{password}}';
}

function outsideComments(template: string): string | null {
  const fits = template.split('\n').every((line) => !/^\s*[#!]/.test(line) || !line.includes('{{'));
  return fits ? null : 'no placeholder in a comment';
}

/** What stands in a comment or in CDATA cannot be escaped. */
function xml(template: string): string | null {
  const raw = template.match(/<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<[?!][^>]*>/g) ?? [];
  if (raw.some((part) => part.includes('{{')))
    return 'no placeholder in a comment, in CDATA or in a declaration';
  const tags = template.match(/<[^>]*>/g) ?? [];
  const quoted = tags.every((tag) => !tag.replaceAll(/"[^"]*"|'[^']*'/g, '').includes('{{'));
  return quoted ? null : 'placeholders as text, or within the quotes of an attribute';
}

// Reads the TypeScript files of a checkout: imports, declared names, signatures and comments of each, by syntax alone.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { exportedByName, hasExport, type Signature, signaturesOf } from './signatures.ts';

export type Kind = 'type' | 'function' | 'variable' | 'property';

export interface Declared {
  readonly name: string;
  readonly kind: Kind;
  /** The interface, type or class whose member it is. */
  readonly owner: string | null;
  readonly exported: boolean;
  readonly line: number;
}

export interface Import {
  readonly specifier: string;
  /** `import type`: nothing is loaded. `import { type A }` still loads the module. */
  readonly typeOnly: boolean;
  readonly line: number;
  /** The file it names, as a path from the checkout's folder; null for packages and `node:*`. */
  readonly target: string | null;
}

export interface SourceFile {
  /** From the checkout's folder, with `/`. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly declared: readonly Declared[];
  readonly signatures: readonly Signature[];
  /** The text with all that is no comment, and all that comments quote in backticks, as blanks; lines stay where they are. */
  readonly comments: string;
}

const blank = (text: string) => text.replace(/[^\n]/g, ' ');

/** A Markdown text without its code, lines where they are. */
export function proseOf(markdown: string): string {
  return markdown.replace(/^ *```.*?^ *```|`[^`\n]*`/gms, blank);
}

/** Every file of the folder and below, as paths from the checkout's folder. */
export function filesIn(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return (
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      // The tests' own packages lie below test/machine.
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
      .map((entry) => posix.relative(root, posix.join(entry.parentPath, entry.name)))
      .sort()
  );
}

export function readSources(root: string, folder: string): SourceFile[] {
  return filesIn(root, folder)
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readSource(path, readFileSync(join(root, path), 'utf8')));
}

function readSource(path: string, text: string): SourceFile {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lineAt = (node: ts.Node) => file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
  const imports: Import[] = [];
  const declared: Declared[] = [];
  const exportedNames = exportedByName(file);
  const literals: [from: number, to: number][] = [];
  const visit = (node: ts.Node) => {
    const named = importOf(node);
    if (named !== null) {
      const isFile = named.specifier.startsWith('.');
      const target = isFile ? posix.join(posix.dirname(path), named.specifier) : null;
      imports.push({ ...named, target, line: lineAt(node) });
    }
    const declaration = declarationOf(node);
    if (declaration !== null) {
      const exported = hasExport(node) || (node.parent === file && exportedNames.has(declaration.name));
      declared.push({ ...declaration, exported, line: lineAt(node) });
    }
    if (isText(node)) literals.push([node.getStart(file), node.end]);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return {
    path,
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    imports,
    declared,
    signatures: signaturesOf(file),
    comments: commentsOf(text, literals),
  };
}

/** Strings, templates and regular expressions: outside of them `//` and `/*` always begin a comment. */
function isText(node: ts.Node): boolean {
  return ts.isLiteralExpression(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
}

function commentsOf(text: string, literals: readonly (readonly [from: number, to: number])[]): string {
  let code = '';
  let end = 0;
  for (const [from, to] of literals) {
    code += text.slice(end, from) + blank(text.slice(from, to));
    end = to;
  }
  code += text.slice(end);
  let comments = '';
  end = 0;
  for (const { index, 0: comment } of code.matchAll(/\/\/[^\n]*|\/\*.*?\*\//gs)) {
    comments += blank(code.slice(end, index)) + comment.replace(/`[^`]*`/g, blank);
    end = index + comment.length;
  }
  return comments + blank(code.slice(end));
}

function importOf(node: ts.Node): Pick<Import, 'specifier' | 'typeOnly'> | null {
  const specifierOf = (at: ts.Node | undefined, typeOnly: boolean) =>
    at !== undefined && ts.isStringLiteralLike(at) ? { specifier: at.text, typeOnly } : null;
  if (ts.isImportDeclaration(node)) {
    return specifierOf(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
  }
  if (ts.isExportDeclaration(node)) return specifierOf(node.moduleSpecifier, node.isTypeOnly);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return specifierOf(node.argument.literal, true);
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return specifierOf(node.arguments[0], false);
  }
  return null;
}

/**
 * What a node declares. Data in an object literal declares nothing: its type does, or it is served as it stands. A quoted name is
 * somebody else's word.
 */
function declarationOf(node: ts.Node): Omit<Declared, 'line' | 'exported'> | null {
  const kind = kindOf(node);
  if (kind === null) return null;
  const { name } = node as ts.NamedDeclaration;
  if (name === undefined || !(ts.isIdentifier(name) || ts.isPrivateIdentifier(name))) return null;
  return { name: name.text.replace(/^#/, ''), kind, owner: ownerOf(node) };
}

function kindOf(node: ts.Node): Kind | null {
  if (
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isClassLike(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isTypeParameterDeclaration(node)
  ) {
    return 'type';
  }
  if (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node)) return 'function';
  if (ts.isMethodDeclaration(node) || ts.isMethodSignature(node)) return 'function';
  if (ts.isPropertySignature(node)) {
    return node.type !== undefined && ts.isFunctionTypeNode(node.type) ? 'function' : 'property';
  }
  if (ts.isPropertyDeclaration(node)) return isFunction(node.initializer) ? 'function' : 'property';
  if (ts.isPropertyAssignment(node)) return isFunction(node.initializer) ? 'function' : null;
  if (ts.isVariableDeclaration(node)) return isFunction(node.initializer) ? 'function' : 'variable';
  if (ts.isParameter(node) || ts.isBindingElement(node)) return 'variable';
  if (ts.isImportSpecifier(node)) return node.propertyName === undefined ? null : 'variable';
  return null;
}

const isFunction = (node: ts.Node | undefined) =>
  node !== undefined && (ts.isArrowFunction(node) || ts.isFunctionExpression(node));

function ownerOf({ parent }: ts.Node): string | null {
  if (parent === undefined) return null;
  if (ts.isInterfaceDeclaration(parent)) return parent.name.text;
  if (ts.isClassLike(parent)) return parent.name?.text ?? null;
  if (ts.isTypeLiteralNode(parent) && ts.isTypeAliasDeclaration(parent.parent))
    return parent.parent.name.text;
  return null;
}

// What others can call of a file, each with the positional parameters that make a call hard to read.
import ts from 'typescript';

export interface Signature {
  /** `verify`, `Queue.join`, `new Queue`. */
  readonly name: string;
  readonly line: number;
  readonly parameters: readonly string[];
  /** Those of `parameters` that are booleans: at the call they read `true`, which says nothing. */
  readonly booleans: readonly string[];
  /** Whether it is a type that others fulfil, not a function that runs. */
  readonly ofInterface: boolean;
}

interface Callable {
  readonly name: string;
  readonly node: ts.SignatureDeclaration;
}

/** Exported functions, methods of exported classes and of exported interfaces, function types. */
export function signaturesOf(file: ts.SourceFile): Signature[] {
  const named = exportedByName(file);
  return file.statements
    .filter((statement) => isExported(statement, named))
    .flatMap(callablesOf)
    .map(({ name, node }) => {
      const own = node.parameters.filter((parameter) => parameter.name.getText(file) !== 'this');
      const text = (parameter: ts.ParameterDeclaration) => parameter.name.getText(file).replace(/\s+/g, ' ');
      return {
        name,
        line: file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1,
        parameters: own.map(text),
        booleans: own.filter(isBoolean).map(text),
        ofInterface: !('body' in node),
      };
    });
}

/** The names of `export { a, b as c }` that the file itself declares. */
export function exportedByName(file: ts.SourceFile): ReadonlySet<string> {
  const names = file.statements.flatMap((statement) =>
    ts.isExportDeclaration(statement) &&
    statement.moduleSpecifier === undefined &&
    statement.exportClause !== undefined &&
    ts.isNamedExports(statement.exportClause)
      ? statement.exportClause.elements.map(({ name, propertyName }) => (propertyName ?? name).text)
      : [],
  );
  return new Set(names);
}

export function hasExport(node: ts.Node): boolean {
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

function isExported(statement: ts.Statement, named: ReadonlySet<string>): boolean {
  if (hasExport(statement)) return true;
  const names = ts.isVariableStatement(statement)
    ? statement.declarationList.declarations.map(({ name }) => name)
    : [(statement as Partial<ts.NamedDeclaration>).name];
  return names.some((name) => name !== undefined && ts.isIdentifier(name) && named.has(name.text));
}

function callablesOf(statement: ts.Statement): Callable[] {
  if (ts.isFunctionDeclaration(statement)) {
    return [{ name: statement.name?.text ?? 'default', node: statement }];
  }
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
      functionOf(name.getText(), initializer),
    );
  }
  if (ts.isClassDeclaration(statement)) {
    const name = statement.name?.text ?? 'default';
    return statement.members.flatMap((member) => memberOf(name, member));
  }
  if (ts.isInterfaceDeclaration(statement)) {
    return statement.members.flatMap((member) => memberOf(statement.name.text, member));
  }
  if (ts.isTypeAliasDeclaration(statement)) {
    const { name, type } = statement;
    if (ts.isFunctionTypeNode(type)) return [{ name: name.text, node: type }];
    if (ts.isTypeLiteralNode(type)) return type.members.flatMap((member) => memberOf(name.text, member));
  }
  return [];
}

function functionOf(name: string, value: ts.Expression | undefined): Callable[] {
  if (value === undefined) return [];
  if (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) return [{ name, node: value }];
  if (ts.isSatisfiesExpression(value) || ts.isAsExpression(value) || ts.isParenthesizedExpression(value)) {
    return functionOf(name, value.expression);
  }
  return [];
}

function memberOf(owner: string, member: ts.ClassElement | ts.TypeElement): Callable[] {
  if (ts.isConstructorDeclaration(member)) return [{ name: `new ${owner}`, node: member }];
  if (ts.isCallSignatureDeclaration(member)) return [{ name: owner, node: member }];
  const modifiers = ts.canHaveModifiers(member) ? (ts.getModifiers(member) ?? []) : [];
  if (modifiers.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword)) return [];
  if (member.name === undefined || ts.isPrivateIdentifier(member.name)) return [];
  const name = `${owner}.${member.name.getText()}`;
  if (ts.isMethodDeclaration(member) || ts.isMethodSignature(member)) return [{ name, node: member }];
  if (ts.isPropertyDeclaration(member)) return functionOf(name, member.initializer);
  if (ts.isPropertySignature(member) && member.type !== undefined && ts.isFunctionTypeNode(member.type)) {
    return [{ name, node: member.type }];
  }
  return [];
}

/** By type or by default; optional ones, and unions that hold a boolean, too. */
function isBoolean({ type, initializer }: ts.ParameterDeclaration): boolean {
  const { BooleanKeyword, TrueKeyword, FalseKeyword } = ts.SyntaxKind;
  if (initializer?.kind === TrueKeyword || initializer?.kind === FalseKeyword) return true;
  const holds = (node: ts.TypeNode): boolean =>
    node.kind === BooleanKeyword ||
    (ts.isLiteralTypeNode(node) && [TrueKeyword, FalseKeyword].includes(node.literal.kind)) ||
    (ts.isParenthesizedTypeNode(node) && holds(node.type)) ||
    (ts.isUnionTypeNode(node) && node.types.some(holds));
  return type !== undefined && holds(type);
}

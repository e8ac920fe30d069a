// Writes the declarations behind a door as one text that needs no other file and no package.
import ts from 'typescript';

/** An exported type that is computed from internal ones (`Pick<…>`) is written out member by member, so that users read its members. */
const flattened = ts.TypeFlags.Object | ts.TypeFlags.Intersection;
const asWritten = ts.NodeBuilderFlags.NoTruncation | ts.NodeBuilderFlags.UseAliasDefinedOutsideCurrentScope;

/**
 * Declarations that `entry` (a .d.ts file) exports and everything of ours that they name.
 * Throws when one of them names a package: the door must stand alone.
 */
export function rollUp(entry: string): string {
  const program = ts.createProgram([entry], {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    strict: true,
    exactOptionalPropertyTypes: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const door = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  if (door === undefined) throw new Error(`${entry} exports nothing`);
  const texts = new Map<string, string>();
  const exported = checker.getExportsOfModule(door).map(resolve);
  for (const symbol of exported) visit(symbol);
  const names = exported.map((symbol) => symbol.getName()).sort();
  return `${[...texts.values()].join('\n\n')}\n\nexport { ${names.join(', ')} };\n`;

  function resolve(symbol: ts.Symbol): ts.Symbol {
    return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
  }

  function visit(symbol: ts.Symbol): void {
    for (const declaration of symbol.declarations ?? []) {
      const file = declaration.getSourceFile();
      const statement = statementOf(declaration);
      if (statement === undefined || program.isSourceFileDefaultLibrary(file)) continue;
      const name = symbol.getName();
      if (file.fileName.includes('/node_modules/'))
        throw new Error(`the types of the package must stand alone, but one names ${name} of ${file.fileName}`);
      const text = textOf(declaration, statement);
      const before = texts.get(name);
      if (before !== undefined && !before.includes(text)) {
        if (!ts.isFunctionDeclaration(declaration)) throw new Error(`two types behind the door are called ${name}`);
        texts.set(name, `${before}\n${text}`);
      }
      if (before !== undefined) continue;
      texts.set(name, text);
      if (isComputed(declaration))
        for (const property of checker.getTypeAtLocation(declaration).getProperties()) visitNamesIn(property.valueDeclaration);
      else visitNamesIn(statement);
    }
  }

  function visitNamesIn(node: ts.Node | undefined): void {
    if (node === undefined) return;
    if (ts.isIdentifier(node)) {
      const symbol = checker.getSymbolAtLocation(node);
      if (symbol !== undefined) visit(resolve(symbol));
    }
    ts.forEachChild(node, visitNamesIn);
  }

  function isComputed(declaration: ts.Declaration): declaration is ts.TypeAliasDeclaration {
    if (!ts.isTypeAliasDeclaration(declaration) || declaration.typeParameters !== undefined) return false;
    const isReference = ts.isTypeReferenceNode(declaration.type) && declaration.type.typeArguments !== undefined;
    return isReference && (checker.getTypeAtLocation(declaration).flags & flattened) !== 0;
  }

  function textOf(declaration: ts.Declaration, statement: ts.Statement): string {
    const comment =
      statement
        .getFullText()
        .slice(0, statement.getStart() - statement.getFullStart())
        .match(/\/\*\*(?:(?!\/\*\*)[^])*\*\/\s*$/)?.[0] ?? '';
    if (!isComputed(declaration))
      return (
        comment +
        statement
          .getText()
          .replace(/^export (?:default )?/, '')
          .replace(/^(?=(?:function|const|class|enum|abstract) )/, 'declare ')
      );
    const members = checker.getTypeAtLocation(declaration).getProperties().map(memberText);
    return `${comment}interface ${declaration.name.text} {\n${members.join('\n')}\n}`;
  }

  function memberText(property: ts.Symbol): string {
    const about = ts.displayPartsToString(property.getDocumentationComment(checker));
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    const type = checker.typeToString(checker.getTypeOfSymbol(property), undefined, asWritten);
    return `${about === '' ? '' : `    /** ${about.replaceAll('\n', ' ')} */\n`}    ${property.getName()}${isOptional ? '?' : ''}: ${type};`;
  }
}

/** The statement at the top of its file that `declaration` is; undefined for members and parameters. */
function statementOf(declaration: ts.Declaration): ts.Statement | undefined {
  const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return ts.isStatement(statement) && ts.isSourceFile(statement.parent) ? statement : undefined;
}

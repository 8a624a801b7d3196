/** Compiles programs that differ in a few files, and reuses all other parsed files. */
import ts from 'typescript';

export interface Compiler {
  /**
   * @param texts file contents by absolute path, which replace existing files or add new ones.
   * @returns the output of `tsc`. Empty if there are no errors.
   */
  compile(texts?: Readonly<Record<string, string>>): string;
}

/** @param folder base of the paths in messages. */
export function createCompiler(folder: string, rootNames: readonly string[], options: ts.CompilerOptions): Compiler {
  const disk = ts.createCompilerHost(options);
  const parsed = new Map<string, ts.SourceFile | undefined>();
  let program: ts.Program | undefined;
  return {
    compile(texts = {}) {
      const host: ts.CompilerHost = {
        ...disk,
        getCurrentDirectory: () => folder,
        fileExists: (path) => path in texts || disk.fileExists(path),
        readFile: (path) => texts[path] ?? disk.readFile(path),
        getSourceFile(path, target) {
          if (texts[path] !== undefined) return ts.createSourceFile(path, texts[path], target);
          if (!parsed.has(path)) parsed.set(path, disk.getSourceFile(path, target));
          return parsed.get(path);
        },
      };
      program = ts.createProgram({ rootNames, options, host, oldProgram: program });
      return ts.formatDiagnostics(complaintsOf(program), host);
    },
  };
}

/** Reads the compiler options of a project on disk. */
export function readProject(folder: string): { rootNames: readonly string[]; options: ts.CompilerOptions } {
  const { config } = ts.readConfigFile(`${folder}/tsconfig.json`, (path) => ts.sys.readFile(path));
  const { fileNames, options, errors } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  if (errors.length > 0) throw new Error(errors.map(({ messageText }) => JSON.stringify(messageText)).join('\n'));
  return { rootNames: fileNames, options };
}

/** Omits TypeScript's own libraries, which are the same for all programs. */
function complaintsOf(program: ts.Program): readonly ts.Diagnostic[] {
  const files = program.getSourceFiles().filter((file) => !program.isSourceFileDefaultLibrary(file));
  return [
    ...program.getOptionsDiagnostics(),
    ...files.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
    ...program.getGlobalDiagnostics(),
  ];
}

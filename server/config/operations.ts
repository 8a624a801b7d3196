/** `OPERATIONS=registered` and its manifest. */
import { readFileSync } from 'node:fs';
import type { ValuesOf } from '../../datasources/contract.ts';
import { oneOf, textWithDefault } from '../../datasources/vendor-kit/settings.ts';
import { parseManifest, type RegisteredOperation } from '../graphql/trusted-documents.ts';

export const OPERATION_SETTINGS = {
  OPERATIONS: oneOf(['all', 'registered'], 'all'),
  OPERATIONS_MANIFEST: textWithDefault('operations.json', 'the path of a manifest of operations', 4096),
};

type OperationSettings = ValuesOf<typeof OPERATION_SETTINGS>;

/** Returns the registered operations, nothing if any operation is allowed, or what is wrong with the manifest. */
export function readOperations({
  OPERATIONS,
  OPERATIONS_MANIFEST,
}: OperationSettings): { operations?: readonly RegisteredOperation[] } | { error: string } {
  if (OPERATIONS === 'all') return {};
  let text: string;
  try {
    text = readFileSync(OPERATIONS_MANIFEST, 'utf8');
  } catch {
    return { error: 'OPERATIONS_MANIFEST cannot be read. Create the file with npm run operations:register.' };
  }
  const operations = parseManifest(text);
  if (typeof operations !== 'string') return { operations };
  return {
    error: `OPERATIONS_MANIFEST is not a manifest of operations: ${operations}. Create the file with npm run operations:register.`,
  };
}

import { VogError } from '@vogjs/base';
import type { Column } from '../tables/table.js';

/** A column of another type than the one that an encoder was fitted to. */
export function otherType({ name, type }: Column, expected: string): VogError {
  return new VogError(
    'TABLE_INVALID',
    `transform: column '${name}' is of type ${type} here, and was ${expected} where the encoder was fitted. Read the table with columns: { ${JSON.stringify(name)}: '${expected}' }.`,
  );
}

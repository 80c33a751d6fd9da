/** Validating records that are not the body of their request: patched ones, and those of a batch. */
import type { ValidateFunction } from 'ajv';
import type { FastifyInstance } from 'fastify';

const validators = new WeakMap<FastifyInstance, Map<string, ValidateFunction>>();

/** The validator of a named schema, compiled when first needed. */
export function wholeValidator(app: FastifyInstance, name: string): ValidateFunction {
  const known = validators.get(app) ?? new Map<string, ValidateFunction>();
  validators.set(app, known);
  const found = known.get(name);
  if (found) return found;
  const compile = app.validatorCompiler as unknown as (route: object) => ValidateFunction;
  const made = compile({ schema: { $ref: `${name}#` }, httpPart: 'body', method: 'PATCH', url: '' });
  known.set(name, made);
  return made;
}
